"""Credit notes, overpayments and prepayments: what settles an invoice without being a payment."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from cmxero_desktop.sandbox.ledger.entries import (
    REFUND_TYPE,
    VOIDED,
    Allocation,
    Contact,
    Credit,
    CreditKind,
    Payment,
    to_cents,
)
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError, LedgerState, one_change


class CreditOperations(LedgerState):
    """Add, apply, take back and refund credits."""

    @one_change
    def add_credit(
        self,
        kind: CreditKind,
        contact: Contact,
        total: Decimal | str,
        issued_on: date,
        *,
        number: str = "",
        reference: str = "",
        at: datetime | None = None,
    ) -> str:
        """Add a credit note, an overpayment or a prepayment and return its id."""
        credit_id = self.new_id()
        self.credits[credit_id] = Credit(
            credit_id=credit_id,
            kind=kind,
            number=number,
            contact=contact,
            issued_on=issued_on,
            total_cents=to_cents(total),
            currency=self.organisation.currency,
            updated_at=self.moment(at),
            reference=reference,
        )
        return credit_id

    @one_change
    def apply_credit(
        self,
        credit_id: str,
        invoice_id: str,
        amount: Decimal | str,
        applied_on: date,
        *,
        at: datetime | None = None,
    ) -> str:
        """Apply a part of a credit to an invoice and return the allocation's id."""
        credit, cents = self.credits[credit_id], to_cents(amount)
        if not 0 < cents <= min(credit.remaining_cents, self.invoices[invoice_id].due_cents):
            message = f"{amount} is more than the credit or the invoice has open"
            raise LedgerRefusalError(message)
        allocation = Allocation(
            allocation_id=self.new_id(), invoice_id=invoice_id, amount_cents=cents, applied_on=applied_on
        )
        self.credits[credit_id] = replace(credit, allocations=(*credit.allocations, allocation))
        if credit_id not in self.credits_on[invoice_id]:
            self.credits_on[invoice_id].append(credit_id)
        self._restamp(credit_id, invoice_id, self.moment(at))
        return allocation.allocation_id

    @one_change
    def remove_allocation(self, credit_id: str, allocation_id: str, *, at: datetime | None = None) -> None:
        """Take an applied part back, so that the invoice is open again."""
        credit = self.credits[credit_id]
        removed = next(each for each in credit.allocations if each.allocation_id == allocation_id)
        kept = tuple(each for each in credit.allocations if each is not removed)
        self.credits[credit_id] = replace(credit, allocations=kept)
        self._restamp(credit_id, removed.invoice_id, self.moment(at))

    @one_change
    def refund_credit(
        self,
        credit_id: str,
        amount: Decimal | str,
        paid_on: date,
        account_id: str,
        *,
        at: datetime | None = None,
    ) -> str:
        """Pay a credit out in cash: a payment of a refund type, which is no payment of an invoice."""
        credit, cents, moment = self.credits[credit_id], to_cents(amount), self.moment(at)
        if not 0 < cents <= credit.remaining_cents:
            message = f"{amount} is more than the credit has left"
            raise LedgerRefusalError(message)
        payment = Payment(
            payment_id=self.new_id(),
            document_id=credit_id,
            payment_type=REFUND_TYPE[credit.kind],
            paid_on=paid_on,
            amount_cents=cents,
            account_id=account_id,
            updated_at=moment,
        )
        self.payments[payment.payment_id] = payment
        self.payments_on[credit_id].append(payment.payment_id)
        self.settle_credit(credit_id, moment)
        return payment.payment_id

    @one_change
    def void_credit(self, credit_id: str, *, at: datetime | None = None) -> None:
        """Void a credit that nothing was taken from."""
        credit = self.credits[credit_id]
        if credit.remaining_cents != credit.total_cents:
            message = "a credit that is applied or refunded cannot be voided"
            raise LedgerRefusalError(message)
        self.credits[credit_id] = replace(credit, status=VOIDED, updated_at=self.moment(at))

    def _restamp(self, credit_id: str, invoice_id: str, at: datetime) -> None:
        # Xero gives the credit and its invoice the very same stamp.
        self.settle(invoice_id, at)
        self.settle_credit(credit_id, at)
