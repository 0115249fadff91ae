"""What the sandbox's books hold: accounts, invoices, payments, credits and batches as frozen records."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

CENTS = 100


def to_cents(amount: Decimal | str) -> int:
    """Return an amount in whole cents; ValueError where it is finer than a cent."""
    scaled = Decimal(amount) * CENTS
    if scaled != scaled.to_integral_value():
        message = f"{amount} is finer than a cent"
        raise ValueError(message)
    return int(scaled)


class InvoiceType(StrEnum):
    """A sales invoice or a bill."""

    SALES = "ACCREC"
    BILL = "ACCPAY"


class CreditKind(StrEnum):
    """What settles an invoice without being a payment; the value is Xero's element name."""

    CREDIT_NOTE = "CreditNote"
    OVERPAYMENT = "Overpayment"
    PREPAYMENT = "Prepayment"


PAYMENT_TYPE_OF_INVOICE = {InvoiceType.SALES: "ACCRECPAYMENT", InvoiceType.BILL: "ACCPAYPAYMENT"}
# Xero carries the refunded document inside `Invoice`, with one of these types.
REFUND_TYPE = {
    CreditKind.CREDIT_NOTE: "ARCREDITPAYMENT",
    CreditKind.OVERPAYMENT: "AROVERPAYMENTPAYMENT",
    CreditKind.PREPAYMENT: "ARPREPAYMENTPAYMENT",
}
REFUNDED_DOCUMENT_TYPE = {
    CreditKind.CREDIT_NOTE: "ACCRECCREDIT",
    CreditKind.OVERPAYMENT: "AROVERPAYMENT",
    CreditKind.PREPAYMENT: "ARPREPAYMENT",
}
AUTHORISED, PAID, VOIDED, DELETED = "AUTHORISED", "PAID", "VOIDED", "DELETED"


@dataclass(frozen=True, slots=True)
class Organisation:
    """The Xero company whose books these are."""

    organisation_id: str
    name: str
    currency: str = "AUD"
    country: str = "AU"
    time_zone: str = "AUSEASTERNSTANDARDTIME"
    short_code: str = "!Br1gh"
    period_lock: date | None = None
    year_end_lock: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is billed."""

    contact_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """Where money is paid to. A bank account may have no code."""

    account_id: str
    code: str | None
    name: str
    account_type: str
    account_class: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A sales invoice or a bill, with what was settled on it so far."""

    invoice_id: str
    invoice_type: InvoiceType
    number: str
    contact: Contact
    issued_on: date
    due_on: date
    total_cents: int
    currency: str
    updated_at: datetime
    reference: str = ""
    status: str = AUTHORISED
    paid_cents: int = 0
    credited_cents: int = 0
    # Paid in a way that /Payments does not list, as expense claims are.
    unlisted_cents: int = 0
    fully_paid_on: date | None = None

    @property
    def due_cents(self) -> int:
        """Return what is still open; a voided invoice is open by nothing."""
        if self.status in {VOIDED, DELETED}:
            return 0
        return self.total_cents - self.paid_cents - self.credited_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money on one document: an invoice, or for a refund a credit note, overpayment or prepayment."""

    payment_id: str
    document_id: str
    payment_type: str
    paid_on: date
    amount_cents: int
    account_id: str
    updated_at: datetime
    reference: str | None = None
    status: str = AUTHORISED
    is_reconciled: bool = False
    batch_id: str | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether the payment counts."""
        return self.status == AUTHORISED


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A part of a credit that was applied to an invoice."""

    allocation_id: str
    invoice_id: str
    amount_cents: int
    applied_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit note, an overpayment or a prepayment."""

    credit_id: str
    kind: CreditKind
    number: str
    contact: Contact
    issued_on: date
    total_cents: int
    currency: str
    updated_at: datetime
    reference: str = ""
    status: str = AUTHORISED
    refunded_cents: int = 0
    allocations: tuple[Allocation, ...] = ()

    @property
    def remaining_cents(self) -> int:
        """Return what is neither applied nor refunded yet."""
        applied = sum(allocation.amount_cents for allocation in self.allocations)
        return self.total_cents - applied - self.refunded_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPayment:
    """One receipt over several invoices; each of its payments stands in the books by itself as well."""

    batch_id: str
    paid_on: date
    account_id: str
    payment_ids: tuple[str, ...]
    total_cents: int
    updated_at: datetime
    reference: str = ""
    status: str = AUTHORISED
    is_reconciled: bool = False
