"""What a comparison leaves in our store for the next program, as it is kept: by invoice, and by key in Case Manager."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cmxero_desktop.domain.identifiers import CaseInvoiceId, XeroInvoiceId
from cmxero_desktop.domain.records import CaseInvoice, XeroInvoice
from cmxero_desktop.services.records.readings import CaseMarks
from cmxero_desktop.services.records.runs import Counts

Pair = tuple[XeroInvoice | None, CaseInvoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """What is kept of an invoice that is not looked at: its keys, its ties, what it counts for, and its totals.

    `pair` are its figures where both sides differ in them, else None; `agrees` says that both have them, and alike.
    """

    xero_id: XeroInvoiceId
    case_id: CaseInvoiceId | None
    ties: tuple[int, ...]
    matched: int
    imported: int
    pair: Pair | None
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftInvoice:
    """An invoice as it was left: its ids in Xero, and where it is at rest what is kept of it."""

    xero_ids: tuple[XeroInvoiceId, ...]
    resting: Resting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftHead:
    """When a comparison was made, and by what.

    `around` stands for everything that it took into account beside the payments, `checked_at` for the check itself;
    what was stored after `generation` is not in it. `pending` are invoices to look at again, `loose` the names of the
    results of rows whose invoice nobody knows.
    """

    around: str
    checked_at: datetime
    generation: int
    pending: tuple[str, ...]
    loose: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftChanges:
    """What differs from what was left before, by CM number and by Case Manager's key; a mark of None is gone.

    `is_all` says that it is everything there is.
    """

    invoices: Mapping[str, LeftInvoice] = field(default_factory=dict)
    marks: Mapping[int | str | None, tuple[str, str] | None] = field(default_factory=dict)
    is_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftComparison:
    """All that a comparison left."""

    head: LeftHead
    invoices: Mapping[str, LeftInvoice]
    marks: CaseMarks
