"""What a comparison read of both sides, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmxero_desktop.services.correlation.kept_firm import KeptFirm
from cmxero_desktop.services.correlation.proposing import Merged
from cmxero_desktop.services.correlation.snapshots import Known
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseReading
from cmxero_desktop.services.records.results import InvoiceResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """What a correlation of all invoices found, and what it knew of Xero; `sides` are Case Manager's by CM number.

    `case_numbers` are the numbers of all invoices there.
    """

    known: Known
    sides: Mapping[str, CaseInvoiceSide | None]
    results: tuple[InvoiceResult, ...]
    merged: Merged
    breach: str
    case_numbers: frozenset[str]
    kept: KeptFirm


@dataclass(frozen=True, slots=True)
class BothSides:
    """What our store knows of Xero, and what Case Manager holds: read once for a whole poll.

    `is_part` says that only what changed was read, `is_answered` that nothing that copies name is left to be asked for.
    """

    known: Known
    reading: CaseReading
    is_answered: bool
    is_part: bool = False
