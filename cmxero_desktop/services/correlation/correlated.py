"""What a comparison read of both sides, and what it found."""

from dataclasses import dataclass

from cmxero_desktop.services.correlation.kept_firm import KeptFirm
from cmxero_desktop.services.correlation.proposing import Merged
from cmxero_desktop.services.correlation.snapshots import Known
from cmxero_desktop.services.records.readings import CaseReading
from cmxero_desktop.services.records.results import InvoiceResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlated:
    """What a correlation found; `results` are those of the invoices that are not at rest, or of all."""

    results: tuple[InvoiceResult, ...]
    merged: Merged
    breach: str
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
