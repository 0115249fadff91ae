"""The state of the sandbox's books: records by id, the indexes between them, and the sums that follow."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.entries import (
    AUTHORISED,
    PAID,
    Account,
    BatchPayment,
    Contact,
    Credit,
    CreditKind,
    Invoice,
    InvoiceType,
    Organisation,
    Payment,
)

_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S", bound="LedgerState")


class LedgerRefusalError(Exception):
    """Xero would not accept this change."""


def one_change(
    operation: Callable[Concatenate[_S, _P], _R],
) -> Callable[Concatenate[_S, _P], _R]:
    """Make an operation of the ledger one indivisible change, so that no answer shows half of it."""

    @wraps(operation)
    def locked(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with self.lock:
            self.revision += 1
            return operation(self, *args, **kwargs)

    return locked


class LedgerState:
    """Hold the records and keep AmountPaid, AmountCredited, Status and stamps right after each change."""

    def __init__(self, clock: Clock, organisation: Organisation, seed: int = 1) -> None:
        self.clock = clock
        self.organisation = organisation
        self.lock = RLock()
        self.revision = 0
        self.accounts: dict[str, Account] = {}
        self.contacts: dict[str, Contact] = {}
        self.invoices: dict[str, Invoice] = {}
        self.payments: dict[str, Payment] = {}
        self.credits: dict[str, Credit] = {}
        self.batches: dict[str, BatchPayment] = {}
        self.payments_on: defaultdict[str, list[str]] = defaultdict(list)
        self.credits_on: defaultdict[str, list[str]] = defaultdict(list)
        # Ids and nothing else come from here: the same steps always give the same ids.
        self._ids = random.Random(f"{organisation.organisation_id}/{seed}")  # noqa: S311 (no secret)

    def new_id(self) -> str:
        """Return the next id of the sequence, in the shape that Xero uses."""
        # By hand, since a large firm needs half a million: version 4, variant 1 as every UUID library writes it.
        digits = f"{self._ids.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def invoice_numbered(self, number: str, invoice_type: InvoiceType = InvoiceType.SALES) -> Invoice:
        """Return the invoice with this number; LedgerRefusalError where there is none."""
        for invoice in self.invoices.values():
            if invoice.number == number and invoice.invoice_type == invoice_type:
                return invoice
        message = f"there is no {invoice_type} invoice {number}"
        raise LedgerRefusalError(message)

    def live_payments(self, document_id: str) -> list[Payment]:
        """Return the payments that count on an invoice or credit, oldest entry first."""
        return [payment for payment in self.all_payments(document_id) if payment.is_live]

    def all_payments(self, document_id: str) -> list[Payment]:
        """Return every payment that an invoice or credit ever had, deleted ones too."""
        return [self.payments[key] for key in self.payments_on.get(document_id, ())]

    def credits_of_kind(self, kind: CreditKind) -> list[Credit]:
        """Return the credit notes, the overpayments or the prepayments."""
        return [credit for credit in self.credits.values() if credit.kind == kind]

    def credits_applied_to(self, invoice_id: str) -> list[Credit]:
        """Return the credits of which some part is applied to the invoice."""
        return [
            credit
            for credit in map(self.credits.__getitem__, self.credits_on.get(invoice_id, ()))
            if any(allocation.invoice_id == invoice_id for allocation in credit.allocations)
        ]

    def moment(self, at: datetime | None) -> datetime:
        """Return when a change is stamped: `at` for history, else now."""
        return at or self.clock.now()

    def settle(self, invoice_id: str, at: datetime) -> None:
        """Work out again what an invoice's payments and credits make of it, and stamp it."""
        invoice = self.invoices[invoice_id]
        live = self.live_payments(invoice_id)
        applied = [
            allocation
            for credit in self.credits_applied_to(invoice_id)
            for allocation in credit.allocations
            if allocation.invoice_id == invoice_id
        ]
        paid = sum(payment.amount_cents for payment in live) + invoice.unlisted_cents
        credited = sum(allocation.amount_cents for allocation in applied)
        dates = [payment.paid_on for payment in live] + [allocation.applied_on for allocation in applied]
        is_settled = paid + credited == invoice.total_cents and bool(dates)
        status = PAID if is_settled else AUTHORISED
        self.invoices[invoice_id] = replace(
            invoice,
            paid_cents=paid,
            credited_cents=credited,
            status=status if invoice.status in {AUTHORISED, PAID} else invoice.status,
            fully_paid_on=max(dates) if is_settled else None,
            updated_at=at,
        )

    def settle_credit(self, credit_id: str, at: datetime) -> None:
        """Work out again what is left of a credit, and stamp it."""
        credit = self.credits[credit_id]
        refunded = sum(payment.amount_cents for payment in self.live_payments(credit_id))
        credit = replace(credit, refunded_cents=refunded, updated_at=at)
        if credit.status in {AUTHORISED, PAID}:
            credit = replace(credit, status=AUTHORISED if credit.remaining_cents else PAID)
        self.credits[credit_id] = credit
