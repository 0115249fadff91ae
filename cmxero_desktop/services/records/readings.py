"""Frozen records of what Xero and Case Manager answer, and of what is written to Case Manager."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cmxero_desktop.domain.identifiers import (
    CaseInvoiceId,
    CasePaymentId,
    XeroInvoiceId,
    XeroPaymentId,
)
from cmxero_desktop.domain.policy import NO_LIMITS, Columns
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.domain.records import (
    CaseInvoice,
    CasePayment,
    UnreadableRow,
    XeroInvoice,
    XeroPayment,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsPage:
    """One page of payments. `as_of` is Xero's own clock, None where the answer carried none.

    `total` is how many rows the whole list has, where Xero says so.
    """

    payments: tuple[XeroPayment, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()
    as_of: datetime | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicesPage:
    """One page of sales invoices; `unknown` are ids that Xero was asked for and does not know (404)."""

    invoices: tuple[XeroInvoice, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()
    unknown: frozenset[XeroInvoiceId] = frozenset()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsById:
    """Payments asked for by id: those that Xero has, those it does not know (404), and those that cannot be read.

    `as_of` is Xero's own clock at the first of the answers, None where they carried none.
    """

    payments: tuple[XeroPayment, ...] = ()
    unknown: frozenset[XeroPaymentId] = frozenset()
    unreadable: tuple[UnreadableRow, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseManagerFacts:
    """What the database and the mapping say about the firm's Case Manager.

    `label` is for persons ("case.db on this computer"); limits are None where the column has none,
    and `columns` is what they can hold beside (R12).
    `forward_dating_days` is Case Manager's own setting, None where it is empty or missing. `while_writing` says what is
    locked while a payment is written, `write_problem` why none can be, or nothing, and `write_remedy` what to do then.
    """

    label: str
    invoices: int
    payments: int
    forward_dating_days: int | None
    is_journalled_locked: bool
    notes_limit: int | None
    reference_limit: int | None
    payment_type: str
    imported_text: str
    columns: Columns = NO_LIMITS
    while_writing: str = ""
    write_problem: str = ""
    write_remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInvoiceSide:
    """One invoice of Case Manager with all its payments."""

    invoice: CaseInvoice
    payments: tuple[CasePayment, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseMarks:
    """What a reading saw of each invoice's rows, by its key in Case Manager: a hash of all of them, and the number.

    A number may be empty. The key None stands for rows whose key cannot be read.
    """

    by_key: Mapping[int | str | None, bytes]
    numbers: Mapping[int | str | None, str]


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """The keys whose rows are not what an earlier reading saw, and the numbers that these had or have, and some more.

    What of these numbers a reading does not show is not there any more.
    """

    keys: frozenset[int | str | None]
    numbers: frozenset[str]


NO_MARKS = CaseMarks({}, {})
NOT_COMPARED = CaseChanged(frozenset(), frozenset())


def changed_since(before: CaseMarks, now: CaseMarks, also: Collection[str]) -> CaseChanged:
    """Compare two readings; the numbers that are wanted `also` count as changed."""
    keys = frozenset(
        key for key in (before.by_key.keys() | now.by_key.keys()) if before.by_key.get(key) != now.by_key.get(key)
    )
    numbers = {marks.numbers.get(key, "") for key in keys for marks in (before, now)} - {""}
    return CaseChanged(keys, frozenset(numbers | set(also)))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReading:
    """The invoices that were found, by Case Manager's number, and the payments that stand elsewhere (R4, R7, R23b).

    `others` are the invoices that nobody asked for, as far as they have payments, readable or not; a payment whose
    invoice is gone stands on one without a number. `numbers` are those of all invoices, asked for or not. Equal digests
    mean equal readings; a digest is made of what the database holds, elsewhere too, whatever order that comes in.
    After an earlier reading `changed` says what of it was decoded.
    """

    sides: Mapping[str, CaseInvoiceSide]
    others: tuple[CaseInvoiceSide, ...] = ()
    numbers: frozenset[str] = frozenset()
    digest: str = field(default="", compare=False)
    marks: CaseMarks = field(default=NO_MARKS, compare=False)
    changed: CaseChanged = NOT_COMPARED

    @property
    def other_payments(self) -> int:
        """How many payments the other invoices have (R4)."""
        return sum(len(side.payments) + len(side.unreadable) for side in self.others)


# What to do where a table knows no transactions.
NO_TRANSACTIONS = "Have the table converted to InnoDB, or stay in Observe mode."
# What to do where no payment can be added.
NO_KEYS = "Correct key_source in the mapping file, or stay in Observe mode."


class WriteKind(StrEnum):
    """What a write does to one payment row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWrite:
    """One row to write. `before` must still hold inside the transaction, or everything in it is left alone.

    `invoice_id` may be None only where a single invoice is changed.
    """

    intent_id: str
    kind: WriteKind
    payment_id: CasePaymentId | None
    before: PaymentValues | None
    after: PaymentValues | None
    invoice_id: CaseInvoiceId | None = None
