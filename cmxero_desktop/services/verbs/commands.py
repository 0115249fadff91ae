"""What can be asked of a desk: each verb is one frozen record that knows the kind of its report.

The window and the command line build the same records; `table` says which use case answers each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Self, TypeVar

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.domain.cleanup import Cleanup, Group
from cmxero_desktop.domain.copying import CopyingByOthers
from cmxero_desktop.domain.debtor_lists import DebtorLists
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.sor.importing import ListLine, SorImport
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.schedules import ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.tables import ListColumn
from cmxero_desktop.domain.transition import Transition
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.changes import ChangesWanted, WrittenChange
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.numbers import NumberChoices
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.reports import (
    ApplyReport,
    Bundle,
    BundleChoice,
    CleanupReport,
    DecisionReport,
    HealthCheck,
    HealthFacts,
    ShownList,
    VerifyReport,
)
from cmxero_desktop.services.records.runs import MissedChecks, PollAsk, PollRun
from cmxero_desktop.services.records.settings import MailSettings, Mode, Settings
from cmxero_desktop.services.records.setup import AddressSeen, InitRequest
from cmxero_desktop.services.records.sor_lists import ScheduleList
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.showing import InvoiceHistory

Report = TypeVar("Report", covariant=True)  # noqa: PLC0105 - the report's name is the parameter's


@dataclass(frozen=True, slots=True)
class Handler:
    """A kind of command, and the use case that answers it."""

    kind: "type[Command[Any]]"
    use_case: Callable[[Any], Any]


class Command(Generic[Report]):
    """Something asked of a desk, whose use case returns a `Report` or raises DeskError."""

    __slots__ = ()

    needs_open_desk: ClassVar[bool] = True
    """Whether a desk that cannot be opened refuses it; what looks for faults must work on such a desk too."""

    @classmethod
    def handled_by(cls, use_case: Callable[[Self], Report]) -> Handler:
        """Say which use case answers; that it takes this command and returns its report is checked by its types."""
        return Handler(cls, use_case)


@dataclass(frozen=True, slots=True)
class ReadView(Command[DeskView]):
    """Read everything that the pages and the lists show."""


@dataclass(frozen=True, slots=True)
class ReadSettings(Command[Settings]):
    """Read the settings file."""


@dataclass(frozen=True, slots=True)
class ReadHealth(Command[HealthFacts]):
    """Read what there is to know of this computer and of our own store."""


@dataclass(frozen=True, slots=True)
class Verify(Command[VerifyReport]):
    """Verify the audit trail, the control totals and open intents."""


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


@dataclass(frozen=True, slots=True)
class Poll(Command[PollRun]):
    """Check Xero."""

    ask: PollAsk = field(default_factory=PollAsk)


@dataclass(frozen=True, slots=True)
class NoteMissed(Command[None]):
    """Write checks that were not made into History."""

    missed: MissedChecks


@dataclass(frozen=True, slots=True)
class RenewSignIn(Command[None]):
    """Keep the sign-in alive in the hours and weeks in which nothing is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command[DecisionReport]):
    """Approve proposals exactly as they were shown, in one act; `release_reason` lifts the removal limit (R26, R27)."""

    ids: tuple[str, ...]
    by: str
    release_reason: str = ""
    # The flags that the rows bore when they were shown (`flags_seen`); None where nobody says.
    seen: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAll(Command[DecisionReport]):
    """Approve what may be approved in bulk of one kind; the rest of it is reported as held back (R26)."""

    by: str
    kind: ProposalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command[DecisionReport]):
    """Put proposals on hold until a date, or until someone decides."""

    ids: tuple[str, ...]
    by: str
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command[DecisionReport]):
    """Reject proposals: they do not come back before the facts change."""

    ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command[DecisionReport]):
    """Put proposals back to review."""

    ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLink(Command[str]):
    """Say that a near double is the same money; the report is the id of the change that takes the add's place."""

    proposal_id: str
    case_payment_id: CasePaymentId
    by: str
    xero_payment_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain(Command[str]):
    """Say what an unmatched payment of Case Manager is; with `same`, which of Xero's payments it stands for."""

    case_payment_id: CasePaymentId
    by: str
    reason: str
    what: Explained | None = None
    same: tuple[XeroPaymentId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyThere(Command[str]):
    """Say that the money of an addition stands in Case Manager already, as this payment."""

    proposal_id: str
    case_payment_id: CasePaymentId
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Command[str]):
    """Say that a locked payment was corrected elsewhere; `row_id` is its row's, its key, or an addition's it blocks."""

    row_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpair(Command[str]):
    """Say that a matched pair is not the same money."""

    row_id: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadNumberChoices(Command[NumberChoices]):
    """Read which invoice of Case Manager one of Xero's may be; it goes by its number in the lists, or in Xero."""

    invoice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renumber(Command[str]):
    """Say which invoice of Case Manager one of Xero's is, by that one's number."""

    invoice: str
    number: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayAccount(Command[str]):
    """Say once what payments to one of Xero's accounts are (R3)."""

    account: str
    answer: AccountAnswer
    by: str
    payment_type: str = ""


@dataclass(frozen=True, slots=True)
class ReadCleanup(Command[Cleanup]):
    """Find what can be said of all old leftovers together, as both sides are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUp(Command[CleanupReport]):
    """Say it of these groups in one act; `shown` are the members that somebody saw: of no other it is said."""

    groups: frozenset[Group]
    by: str
    reason: str
    shown: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackCleanup(Command[str]):
    """Take back all that was said in one act."""

    act: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class WriteCleanupReport(Command[Path]):
    """Write the report of a clean-up as a text file."""

    report: CleanupReport
    path: Path


@dataclass(frozen=True, slots=True)
class WriteCleanupState(Command[Path]):
    """Write what is left to be explained, and what was said of which payment, by whom and why, as a text file."""

    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SayTyped(Command[str]):
    """Say that persons type what is copied as quickly as a program would copy it (R29)."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadSettingTexts(Command[Mapping[str, str]]):
    """Read each setting by its name, as a person would type it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettings(Command[str]):
    """Change settings by their names to what was typed; nothing is kept where one of them cannot be so."""

    texts: Mapping[str, str]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMode(Command[str]):
    """Change the mode; going back to approving while another program was seen to write needs a reason (R29)."""

    mode: Mode
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTotals(Command[str]):
    """Accept how the totals differ, so that additions go in bulk again (R24a); `shown` is the code of the finding."""

    by: str
    reason: str
    shown: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsureApply(Command[None]):
    """Ask whether anything may be applied now: on old data it raises, before a decision is stored for nothing."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply(Command[ApplyReport]):
    """Write approved proposals to Case Manager; `ids` None means all of them."""

    ids: tuple[str, ...] | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Command[ApplyReport]):
    """Take applied changes back, by proposal id or by the number of a history entry."""

    ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptDatabase(Command[str]):
    """Say that the database that the settings lead to is the one that the records belong to."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmStore(Command[str]):
    """Say that the program's own store, which was put back or came from elsewhere, is the one to go on with."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Initialise(Command[CaseManagerFacts]):
    """Check both databases and write the settings."""

    request: InitRequest


@dataclass(frozen=True, slots=True)
class ReadAddress(Command[AddressSeen]):
    """Say what of an address of a database may be shown, and whether it holds the password."""

    # Never shown: it may hold the password.
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SuggestMapping(Command[SuggestedMapping]):
    """Look at a database and say where it may keep what, what is not certain, and what the check says of it."""

    needs_open_desk = False
    request: MappingRequest


@dataclass(frozen=True, slots=True)
class WriteMapping(Command[Path]):
    """Write the mapping file of a suggestion in which nothing is open; over another file only if it `may_replace`."""

    needs_open_desk = False
    made: SuggestedMapping
    path: Path
    may_replace: bool = False


@dataclass(frozen=True, slots=True)
class SignIn(Command[Sequence[Connection]]):
    """Wait for a person in the browser, with a deadline, or try the secret of a custom connection."""

    # Never shown: whoever logs a command must not log this.
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Command[Connection]):
    """Choose the organisation of the last sign-in."""

    tenant_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnect(Command[None]):
    """Forget the sign-in, at Xero too where it can be revoked; everything that was read stays."""

    by: str


@dataclass(frozen=True, slots=True)
class Examine(Command[tuple[HealthCheck, ...]]):
    """Look at each part and say whether it is good, or what to do."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class SetMail(Command[None]):
    """Keep by which server mails are sent, and to whom; a password of None leaves the one in the keyring."""

    needs_open_desk = False
    mail: MailSettings
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SendTestMail(Command[str]):
    """Send a mail that says that mails arrive; the report says what became of it."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class SendHash(Command[str]):
    """Mail the hash of the newest audit entry; the report says what became of it."""


@dataclass(frozen=True, slots=True)
class AskForUpdates(Command[UpdatesSeen]):
    """Ask now whether there is a newer version, where the settings name somebody to ask."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class AskForUpdatesIfDue(Command[bool]):
    """Ask where the last time is a day ago; the report says whether it was asked, and a failure is kept for Health."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class ReadAutostart(Command[AutostartSeen]):
    """Read whether the program starts at sign-in."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAutostart(Command[AutostartSeen]):
    """Have the program start at sign-in or not; the report is how it is then."""

    needs_open_desk = False
    is_on: bool


@dataclass(frozen=True, slots=True)
class MakeBundle(Command[Bundle]):
    """Make the diagnostics bundle, to be read before anything is written."""

    needs_open_desk = False
    choice: BundleChoice


@dataclass(frozen=True, slots=True)
class WriteBundle(Command[Path]):
    """Write exactly the bundle that was read, as a zip file."""

    needs_open_desk = False
    bundle: Bundle
    path: Path
