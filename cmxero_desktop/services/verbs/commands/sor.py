"""What is asked and said of SOR schedules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScheduleList(Command[ScheduleList]):
    """Read a list of SOR schedules from a file; `columns` are headings that a person chose, all of them if whole."""

    path: Path
    columns: Mapping[ListColumn, str] = field(default_factory=lambda: MappingProxyType({}))
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class KeepHeadings(Command[None]):
    """Keep what the columns of a list hold, by their headings, for the next one."""

    headings: Mapping[str, ListColumn]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCalendar(Command[Path]):
    """Write the debit dates of these alerts as a calendar file; none means all that stand (S4)."""

    path: Path
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSchedules(Command[SorImport]):
    """Take SOR schedules from a list, imported or entered; a preview says what that would do (S1)."""

    lines: tuple[ListLine, ...]
    by: str
    source: ScheduleSource = ScheduleSource.LIST
    is_preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSchedule(Command[str]):
    """Say that an invoice is under an SOR schedule."""

    invoice: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmarkSchedule(Command[str]):
    """Take such a mark back."""

    invoice: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSchedule(Command[str]):
    """Say how the schedule of an invoice ended."""

    invoice: str
    state: ScheduleState
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenSchedule(Command[str]):
    """Take back how the schedule of an invoice is said to have ended; without a `schedule_id` the one that did last."""

    invoice: str
    by: str
    reason: str
    schedule_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailInstalment(Command[str]):
    """Say that an instalment failed, and when Apxium tries it again."""

    invoice: str
    retry_on: date
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDebitDate(Command[str]):
    """Take the debit date of an invoice from Apxium's mail (S4)."""

    invoice: str
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSorAlert(Command[str]):
    """Say that nothing more is to be done about an alert of the SOR watch."""

    key: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickEnding(Command[str]):
    """Tick something of the list after a schedule ended early, or take the tick back (S9)."""

    schedule_id: str
    key: str
    by: str
    is_done: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SayDisbursed(Command[str]):
    """Say what Apxium paid out for the schedule of an invoice."""

    invoice: str
    amount: Money
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SayClearingBalance(Command[str]):
    """Say what balance the SOR clearing account had in Xero on a day (S6)."""

    amount: Money
    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSorNotices(Command[tuple[SorNotice, ...]]):
    """Take what the SOR watch has to say now in one way; it is this desktop's to say for ten minutes (S4)."""

    way: NoticeWay
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class MailSorNotices(Command[None]):
    """Mail what the SOR watch has to say and was not mailed yet, where a mail server is set up (S4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidSorNotices(Command[None]):
    """Note that these were said in this way: they never are again."""

    way: NoticeWay
    keys: tuple[str, ...]
