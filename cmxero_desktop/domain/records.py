"""The payments and invoices of both systems as frozen facts, and the snapshot of one invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    Fingerprint,
    OrganisationId,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, RememberedPair
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import NO_LOCKS, Locks

SALES_INVOICE = "ACCREC"
CUSTOMER_PAYMENT = "ACCRECPAYMENT"


class PaymentStatus(StrEnum):
    """The two states that a Xero payment can have."""

    AUTHORISED = "AUTHORISED"
    DELETED = "DELETED"


class Side(StrEnum):
    """Which of the two systems a fact comes from."""

    XERO = "xero"
    CASE_MANAGER = "case_manager"


class SettlementKind(StrEnum):
    """Ways in which an invoice is settled in Xero without a payment (R2)."""

    CREDIT_NOTE = "credit note"
    OVERPAYMENT = "overpayment"
    PREPAYMENT = "prepayment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The Xero company: its name, its currency, the IANA name of its time zone, and its lock dates (R33)."""

    organisation_id: OrganisationId
    name: str
    currency: str
    time_zone: str
    locks: Locks = NO_LOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of Xero's chart. `code` may be empty; `account_type` is Xero's word, BANK for a bank account (R3)."""

    account_id: str
    name: str = ""
    code: str = ""
    account_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroPayment:
    """Money received against one invoice, as Xero has it. `paid_on` is a calendar date, `updated_at` aware UTC.

    `first_updated_at` is what `updated_at` was when the payment was first seen: a bank reconciliation moves the latter.
    """

    payment_id: XeroPaymentId
    invoice_id: XeroInvoiceId
    invoice_number: str
    paid_on: date
    amount: Money
    updated_at: datetime
    status: PaymentStatus = PaymentStatus.AUTHORISED
    reference: str = ""
    payment_type: str = CUSTOMER_PAYMENT
    invoice_type: str = SALES_INVOICE
    contact_name: str = ""
    account_name: str = ""
    batch_payment_id: str = ""
    is_bank_reconciled: bool = False
    contact_id: str = ""
    account_id: str = ""
    account_code: str = ""
    account_type: str = ""
    first_updated_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether the payment still counts in Xero."""
        return self.status is PaymentStatus.AUTHORISED

    @property
    def entered_at(self) -> datetime:
        """When it was entered, as far as is known: `updated_at` is the deletion's instant once it is deleted."""
        return self.first_updated_at or self.updated_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A part of an invoice that was settled without a payment; `document_id` is the credit's own id in Xero."""

    kind: SettlementKind
    number: str
    amount: Money
    settled_on: date | None = None
    document_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class XeroInvoice:
    """A sales invoice as Xero has it; `amount_paid` is Xero's own sum of the live payments.

    `amount_due` is None where Xero's own figure was not read.
    """

    invoice_id: XeroInvoiceId
    number: str
    status: str
    total: Money
    amount_paid: Money
    amount_credited: Money
    updated_at: datetime
    invoice_type: str = SALES_INVOICE
    contact_name: str = ""
    reference: str = ""
    settlements: tuple[Settlement, ...] = ()
    amount_due: Money | None = None

    @property
    def due(self) -> Money:
        """What Xero says is still owed, else what total, payments and credits leave (R24a)."""
        return self.amount_due or self.total - self.amount_paid - self.amount_credited


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInvoice:
    """An invoice as Case Manager has it; its number has no prefix.

    `are_adjustments_known` is false where the mapping does not say where adjustments and refunds stand (R24a).
    """

    invoice_id: CaseInvoiceId
    number: str
    total: Money
    adjustments: Money
    refunds: Money
    bill_to: str = ""
    case_name: str = ""
    invoice_date: date | None = None
    due_date: date | None = None
    are_adjustments_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePayment:
    """Money received against one invoice, as Case Manager has it; the amount is positive whatever the schema stores.

    `is_multi_invoice` is true only where its group is really shared with another payment (R10). `entered_by` is who
    typed it, where the mapping says where that stands.
    """

    payment_id: CasePaymentId
    invoice_id: CaseInvoiceId
    paid_on: date
    amount: Money
    payment_type: str = ""
    reference: str = ""
    notes: str = ""
    is_journalled: bool = False
    journal_number: str = ""
    is_multi_invoice: bool = False
    group: str = ""
    payer: str = ""
    entered_by: str = ""

    def is_fixed(self, *, is_journalled_locked: bool) -> bool:
        """Say whether it cannot be changed: part of a multi-invoice payment, or locked by a journal entry (R9, R10)."""
        return self.is_multi_invoice or (self.is_journalled and is_journalled_locked)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that could not be read: where it stood, what was wrong, and whatever could still be made out (R30).

    `is_invoice` is true where it is an invoice's row, not a payment's: then its own figures are not known.
    """

    side: Side
    place: str
    problem: str
    xero_payment_id: XeroPaymentId | None = None
    xero_invoice_id: XeroInvoiceId | None = None
    case_payment_id: CasePaymentId | None = None
    invoice_number: str = ""
    amount: Money | None = None
    paid_on: date | None = None
    is_invoice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What persons already decided about one invoice, as correlation needs it.

    `declined` are the fingerprints that someone rejected, held or undid, which do not use up the invoice's balance
    (R24, R31); a decision's hash is as good as a fingerprint; `refused` are those of them that are rejected or undone.
    `memory` are the pairs of this invoice that have not ended (R7a, R23); `accepted` and `explained` is what a person
    said of its payments (R17, R19a, R19b); `apart` are pairs that a person ended, Xero's id folded. `baseline` are
    the payments, folded, that had their equal when both sides were compared first (R5).
    """

    declined: frozenset[Fingerprint] = frozenset()
    refused: frozenset[Fingerprint] = frozenset()
    memory: tuple[RememberedPair, ...] = ()
    accepted: tuple[AcceptedSet, ...] = ()
    explained: tuple[Explanation, ...] = ()
    apart: frozenset[tuple[XeroPaymentId, CasePaymentId]] = frozenset()
    baseline: frozenset[XeroPaymentId] = frozenset()

    def said_of(self, copy: "CasePayment") -> Explained | None:
        """Return what a person said last that a payment is, while amount and date are what they were (R19a)."""
        values = (copy.payment_id, copy.amount, copy.paid_on)
        return next((e.what for e in reversed(self.explained) if (e.case_id, e.amount, e.paid_on) == values), None)


NO_DECISIONS = Decisions()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSnapshot:
    """Both sides of one invoice, complete and frozen at `as_of` (aware UTC).

    `number` is the CM number that the invoice goes by. `named_elsewhere` are the Xero payments that a copy on this
    invoice names although they are not on it; `unknown_ids` are those that Xero answered 404 for. `renumbered_from` and
    `renumbered_to` are the number before and the one that Xero shows now, until a person said which invoice it is;
    `rivals` name the other Xero invoices that claim the same one of Case Manager (R1). `near_number` is one of Case
    Manager's that is hardly another than Xero's, where it has no such invoice (R1, R4). `is_under_sor` is what a person
    or a list says of an SOR schedule; None leaves it to the payments (S1). `refunded` is money that went back in Xero
    and belongs to this invoice: no payments of it, and only told (R2). `deleted_on` is the organisation's day on which
    Xero deleted a payment, by its id in lower case, where that can be told.
    """

    number: str
    # Two that say the same are equal, whenever each was frozen.
    as_of: datetime = field(compare=False)
    xero_invoice_id: XeroInvoiceId
    xero_invoice: XeroInvoice | None
    case_invoice: CaseInvoice | None
    xero_payments: tuple[XeroPayment, ...] = ()
    case_payments: tuple[CasePayment, ...] = ()
    named_elsewhere: Mapping[XeroPaymentId, XeroPayment] = field(default_factory=lambda: MappingProxyType({}))
    unknown_ids: frozenset[XeroPaymentId] = frozenset()
    unreadable: tuple[UnreadableRow, ...] = ()
    decisions: Decisions = NO_DECISIONS
    renumbered_from: str = ""
    renumbered_to: str = ""
    rivals: tuple[str, ...] = ()
    near_number: str = ""
    is_under_sor: bool | None = None
    refunded: tuple[XeroPayment, ...] = ()
    deleted_on: Mapping[XeroPaymentId, date] = field(default_factory=lambda: MappingProxyType({}))

    def deleted_day(self, payment: XeroPayment | None) -> date | None:
        """Return the organisation's day on which Xero deleted a payment; None where it did not, or not told when."""
        return self.deleted_on.get(XeroPaymentId(payment.payment_id.lower())) if payment is not None else None

    @property
    def is_number_shared(self) -> bool:
        """Whether another Xero invoice claims the same invoice of Case Manager (R1)."""
        return bool(self.rivals)
