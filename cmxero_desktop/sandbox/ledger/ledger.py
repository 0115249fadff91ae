"""The sandbox's books and everything that a person can do to them in Xero."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from cmxero_desktop.sandbox.ledger.credits import CreditOperations
from cmxero_desktop.sandbox.ledger.entries import (
    AUTHORISED,
    CENTS,
    DELETED,
    PAYMENT_TYPE_OF_INVOICE,
    VOIDED,
    Account,
    BatchPayment,
    Contact,
    Invoice,
    InvoiceType,
    Payment,
    to_cents,
)
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError, one_change

_TERMS_DAYS = 14


class Ledger(CreditOperations):
    """The books of one organisation. Every operation stamps what it touches and keeps the sums right."""

    @one_change
    def lock_books(self, *, period: date | None = None, year_end: date | None = None) -> None:
        """Set the organisation's two lock dates, or take them away."""
        self.organisation = replace(self.organisation, period_lock=period, year_end_lock=year_end)

    @one_change
    def add_account(
        self, name: str, code: str | None = None, account_type: str = "BANK", account_class: str = "ASSET"
    ) -> str:
        """Add an account that money can be paid to and return its id."""
        account_id = self.new_id()
        moment = self.clock.now()
        self.accounts[account_id] = Account(account_id, code, name, account_type, account_class, moment)
        return account_id

    @one_change
    def add_contact(self, name: str) -> Contact:
        """Add someone who is billed."""
        contact = Contact(self.new_id(), name)
        self.contacts[contact.contact_id] = contact
        return contact

    @one_change
    def add_invoice(
        self,
        number: str,
        contact: Contact,
        total: Decimal | str,
        issued_on: date,
        *,
        invoice_type: InvoiceType = InvoiceType.SALES,
        reference: str = "",
        currency: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """Add an approved invoice and return its id."""
        invoice_id = self.new_id()
        self.invoices[invoice_id] = Invoice(
            invoice_id=invoice_id,
            invoice_type=invoice_type,
            number=number,
            contact=contact,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=_TERMS_DAYS),
            total_cents=to_cents(total),
            currency=currency or self.organisation.currency,
            updated_at=self.moment(at),
            reference=reference,
        )
        return invoice_id

    @one_change
    def renumber_invoice(self, invoice_id: str, number: str) -> None:
        """Give an invoice another number. Its payments are not stamped: nothing says that Xero does so."""
        invoice = self.invoices[invoice_id]
        self.invoices[invoice_id] = replace(invoice, number=number, updated_at=self.clock.now())

    @one_change
    def void_invoice(self, invoice_id: str) -> None:
        """Void an invoice; like Xero, refuse while anything is paid or credited on it."""
        invoice = self.invoices[invoice_id]
        if invoice.paid_cents or invoice.credited_cents:
            message = f"{invoice.number} has payments or credits, which must be removed first"
            raise LedgerRefusalError(message)
        self.invoices[invoice_id] = replace(invoice, status=VOIDED, updated_at=self.clock.now())

    @one_change
    def pay_unlisted(self, invoice_id: str, amount: Decimal | str) -> None:
        """Pay in a way that counts in AmountPaid and stands in no list, so that the control total fails."""
        invoice = self.invoices[invoice_id]
        cents = invoice.unlisted_cents + to_cents(amount)
        self.invoices[invoice_id] = replace(invoice, unlisted_cents=cents)
        self.settle(invoice_id, self.clock.now())

    @one_change
    def add_payment(
        self,
        invoice_id: str,
        amount: Decimal | str,
        paid_on: date,
        account_id: str | None = None,
        *,
        reference: str | None = None,
        is_reconciled: bool = False,
        batch_id: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """Receive money against an invoice and return the payment's id; more than is due is refused."""
        invoice, cents, moment = self.invoices[invoice_id], to_cents(amount), self.moment(at)
        if invoice.status != AUTHORISED or not 0 < cents <= invoice.due_cents:
            message = f"{invoice.number} is {invoice.status} and has {invoice.due_cents} cents due, not {cents}"
            raise LedgerRefusalError(message)
        payment = Payment(
            payment_id=self.new_id(),
            document_id=invoice_id,
            payment_type=PAYMENT_TYPE_OF_INVOICE[invoice.invoice_type],
            paid_on=paid_on,
            amount_cents=cents,
            account_id=account_id or next(iter(self.accounts)),
            updated_at=moment,
            reference=reference,
            is_reconciled=is_reconciled,
            batch_id=batch_id,
        )
        self.payments[payment.payment_id] = payment
        self.payments_on[invoice_id].append(payment.payment_id)
        self.settle(invoice_id, moment)
        return payment.payment_id

    @one_change
    def delete_payment(self, payment_id: str, *, at: datetime | None = None) -> None:
        """Remove a payment: it stays readable as DELETED, stamped, and no longer bank reconciled."""
        payment, moment = self.payments[payment_id], self.moment(at)
        if not payment.is_live:
            message = f"payment {payment_id} is deleted already"
            raise LedgerRefusalError(message)
        self.payments[payment_id] = replace(payment, status=DELETED, is_reconciled=False, updated_at=moment)
        if payment.document_id in self.invoices:
            self.settle(payment.document_id, moment)
        else:
            self.settle_credit(payment.document_id, moment)

    @one_change
    def edit_payment(
        self,
        payment_id: str,
        *,
        amount: Decimal | str | None = None,
        paid_on: date | None = None,
        reference: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """Edit as Xero does: delete the payment, enter another and return its id. None keeps a value."""
        old = self.payments[payment_id]
        open_cents = self.invoices[old.document_id].due_cents + old.amount_cents
        cents = old.amount_cents if amount is None else to_cents(amount)
        if not 0 < cents <= open_cents:
            message = f"{amount} is more than the {open_cents} cents that would be due"
            raise LedgerRefusalError(message)
        self.delete_payment(payment_id, at=at)
        return self.add_payment(
            old.document_id,
            Decimal(cents) / CENTS,
            paid_on or old.paid_on,
            old.account_id,
            reference=old.reference if reference is None else reference,
            at=at,
        )

    @one_change
    def reconcile(self, payment_id: str) -> None:
        """Mark a payment bank reconciled: its stamp moves although nothing that matters changed."""
        payment = self.payments[payment_id]
        if not payment.is_live:
            message = "a deleted payment cannot be reconciled"
            raise LedgerRefusalError(message)
        self.payments[payment_id] = replace(payment, is_reconciled=True, updated_at=self.clock.now())

    @one_change
    def add_batch(
        self,
        parts: Sequence[tuple[str, Decimal | str]],
        paid_on: date,
        account_id: str | None = None,
        *,
        reference: str = "",
        at: datetime | None = None,
    ) -> str:
        """Receive one sum over several invoices, given as (invoice id, amount), and return the batch's id."""
        for invoice_id, amount in parts:
            if to_cents(amount) > self.invoices[invoice_id].due_cents:
                message = f"{amount} is more than {self.invoices[invoice_id].number} has due"
                raise LedgerRefusalError(message)
        batch_id, account = self.new_id(), account_id or next(iter(self.accounts))
        payment_ids = tuple(
            self.add_payment(invoice_id, amount, paid_on, account, batch_id=batch_id, reference=reference, at=at)
            for invoice_id, amount in parts
        )
        self.batches[batch_id] = BatchPayment(
            batch_id=batch_id,
            paid_on=paid_on,
            account_id=account,
            payment_ids=payment_ids,
            total_cents=sum(to_cents(amount) for _, amount in parts),
            updated_at=self.moment(at),
            reference=reference,
        )
        return batch_id

    @one_change
    def delete_batch(self, batch_id: str) -> None:
        """Remove a batch with all of its payments."""
        batch = self.batches[batch_id]
        for payment_id in batch.payment_ids:
            if self.payments[payment_id].is_live:
                self.delete_payment(payment_id)
        self.batches[batch_id] = replace(batch, status=DELETED, updated_at=self.clock.now())

    @one_change
    def load(self, invoices: Sequence[Invoice], payments: Sequence[Payment]) -> None:
        """Take over whole records whose sums are right already: how a large firm is filled in seconds."""
        self.invoices.update((invoice.invoice_id, invoice) for invoice in invoices)
        for payment in payments:
            self.payments[payment.payment_id] = payment
            self.payments_on[payment.document_id].append(payment.payment_id)
