"""What is asked to look at what is known, on the screen or as a file."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cmxero_desktop.domain.copying import CopyingByOthers
from cmxero_desktop.domain.debtor_lists import DebtorLists
from cmxero_desktop.domain.transition import Transition
from cmxero_desktop.services.records.changes import ChangesWanted, WrittenChange
from cmxero_desktop.services.records.reports import ShownList
from cmxero_desktop.services.verbs.commands.command import Command
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.showing import InvoiceHistory


@dataclass(frozen=True, slots=True)
class ReadView(Command[DeskView]):
    """Read everything that the pages and the lists show."""


@dataclass(frozen=True, slots=True)
class CompareDebtors(Command[DebtorLists]):
    """Lay both debtor lists side by side, as both sides are now."""


@dataclass(frozen=True, slots=True)
class ShowInvoice(Command[InvoiceHistory]):
    """Show one invoice in full, now or as it stood at an instant; one without a zone is this computer's local time."""

    number: str
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportCopying(Command[CopyingByOthers]):
    """Report what others copied late, missed or doubled, as the last check left it (R29)."""


@dataclass(frozen=True, slots=True)
class ReadTransition(Command[Transition]):
    """Read how far the firm is on the way from typing each payment twice, as the last check left it."""


@dataclass(frozen=True, slots=True)
class Export(Command[Path]):
    """Write the workbook; a name that ends in .pdf asks for the tie-out to sign, one in .zip for all of it."""

    path: Path


@dataclass(frozen=True, slots=True)
class ExportList(Command[Path]):
    """Write one list as it is shown, as a workbook with one sheet."""

    shown: ShownList
    path: Path


@dataclass(frozen=True, slots=True)
class ReadChanges(Command[tuple[WrittenChange, ...]]):
    """Read what was written to Case Manager, with before and after: of a period, by a person, of a kind."""

    wanted: ChangesWanted = field(default_factory=ChangesWanted)


@dataclass(frozen=True, slots=True)
class WriteChanges(Command[Path]):
    """Write what was written to Case Manager as a workbook: every change, and the sums by person and kind."""

    wanted: ChangesWanted
    path: Path
