"""The desk as the window uses it: commands run on the worker and bring back their report and new content."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cmxero_desktop.domain.errors import (
    CaseManagerAwayError,
    DeskError,
    OtherDatabaseError,
    OtherOrganisationError,
    SignInError,
)
from cmxero_desktop.domain.office import EVERYBODY
from cmxero_desktop.domain.ways import in_window
from cmxero_desktop.services.ports.waits import Waits
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollRun
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.command import Command, Report
from cmxero_desktop.services.verbs.commands.connecting import Disconnect, Pin, SignIn
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.ui.desk.content import DeskContent, load_content
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.desk.pauses import Collecting, let_go

Told = TypeVar("Told")

_BY_HAND = PollAsk()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that did not work, in words for a person."""

    title: str
    message: str
    remedy: str
    is_of_check: bool = False
    """Whether it is why Xero was not checked, of which other places tell as long as it lasts."""
    is_away: bool = False
    """Whether Case Manager does not answer, which lasts until a check has read it again."""
    is_of_books: bool = False
    """Whether the settings lead to what the records do not belong to, of which a warning tells as long as it stands."""

    @classmethod
    def of(cls, error: Exception) -> "Trouble":
        """Put an error into words; one that is not of our family is a fault of the program itself."""
        if isinstance(error, DeskError):
            problems = "".join(f"\n- {problem}" for problem in getattr(error, "problems", ()))
            is_away = isinstance(error, CaseManagerAwayError)
            message, remedy = in_window(error.message + problems), in_window(error.remedy)
            is_of_books = isinstance(error, OtherDatabaseError | OtherOrganisationError)
            return cls(error.title, message, remedy, is_away=is_away, is_of_books=is_of_books)
        # Its words stay in the log: they may hold anything.
        message = f"The program met something that it does not expect ({type(error).__name__}); the log says more."
        return cls(
            "Something went wrong", message, "Nothing more was written. Check Xero again; if it stays, contact support."
        )


class WindowDesk(QObject):
    """Runs commands. Every signal and every report arrives on the window's thread."""

    content_changed = Signal(object)
    check_started = Signal()
    check_finished = Signal(object)
    troubled = Signal(object)
    signed_in = Signal(object)
    connected = Signal(object)
    disconnected = Signal()
    connection_failed = Signal(object)

    def __init__(self, desk: Desk, jobs: JobBridge, approver: str, parent: QObject | None = None) -> None:
        """Keep the desk and the way to the worker."""
        super().__init__(parent)
        self._desk = desk
        self._jobs = jobs
        self.approver = approver
        self.is_approver_known = False
        self.content: DeskContent | None = None
        self.make_pages: Callable[[DeskContent], object] = lambda _: None
        self._collecting = Collecting()
        self._is_checking = False
        self._wants_sign_in = False
        # Which check had read Case Manager last when a verb found it away; of checks their runs tell. Another desktop
        # of the store may be the one that checks, so it is in the store that a newer one is looked for.
        self._away_after: str | None = None

    @property
    def waits(self) -> Waits:
        """What may be asked without waiting for anything."""
        return self._desk.waits

    @property
    def is_checking(self) -> bool:
        """Whether Xero is being checked now."""
        return self._is_checking

    def name(self, approver: str) -> None:
        """Let this be the name of whoever decides here; what is shown by it is shown anew."""
        is_other = not self.is_approver_known or approver != self.approver
        self.approver, self.is_approver_known = approver, True
        if is_other and self.content is not None and self.content.office != EVERYBODY:
            self.refresh()

    def refresh(self) -> None:
        """Read the content again."""
        self._jobs.submit("Reading…", self._load, self._show, self._fail)

    def check(self, ask: PollAsk = _BY_HAND, *, first: Callable[[], object] | None = None) -> None:
        """Check Xero; a second wish while one runs joins it. `first` runs on the worker before the check."""
        if self._is_checking and first is None:
            return
        self._is_checking = True
        self.check_started.emit()

        def job() -> tuple[PollRun, DeskContent]:
            if first is not None:
                first()
            run = self._desk.run(Poll(ask))
            if run.outcome is PollOutcome.DONE:
                self._away_after = None
            return run, self._load()

        self._jobs.submit("Checking Xero…", job, self._end_check, self._fail_check)

    def ask(
        self,
        command: Command[Report],
        busy: str,
        then: Callable[[Report], object],
        otherwise: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a command that changes nothing that is shown, then tell its report; `busy` says what is going on.

        Trouble goes to `otherwise`, where somebody asked who shows it in place of the answer.
        """
        self._jobs.submit(busy, lambda: self._desk.run(command), then, otherwise or self._fail)

    def change(self, command: Command[Report], busy: str, then: Callable[[Report], object] | None = None) -> None:
        """Run a command that changes something, show the new content, then tell its report.

        What was written is told also where nothing can be read afterwards, and then why.
        """

        def job() -> tuple[Report, DeskContent | Exception]:
            report = self._desk.run(command)
            try:
                return report, self._load()
            except Exception as error:  # noqa: BLE001 - shown beside the report, never in its place
                return report, error

        def deliver(result: tuple[Report, DeskContent | Exception]) -> None:
            report, content = result
            if isinstance(content, DeskContent):
                self._show(content)
            else:
                self._fail(content)
            if then is not None:
                then(report)

        self._jobs.submit(busy, job, deliver, self._fail_and_refresh)

    def work_out(self, job: Callable[[], Told], then: Callable[[Told], object]) -> None:
        """Have the worker make something of what is shown already, where that would keep the window waiting."""
        self._jobs.submit("Adding up…", job, then, self._fail)

    def sign_in(self, secret: str = "") -> None:
        """Sign in to Xero in the browser, or by a custom connection's secret.

        `cancel_sign_in` ends the wait for the browser, and for the worker before it.
        """
        self._wants_sign_in = True

        def job() -> Sequence[Connection]:
            if not self._wants_sign_in:
                raise SignInError("The sign-in was cancelled.", "Start it again when you are ready.")
            return self._desk.run(SignIn(secret))

        self._jobs.submit("Signing in…", job, self.signed_in.emit, self._fail_connection)

    def cancel_sign_in(self) -> None:
        """End the wait for the browser, without waiting for anything."""
        self._wants_sign_in = False
        self._desk.waits.cancel_sign_in()

    def pin(self, tenant_id: str) -> None:
        """Choose the organisation of the last sign-in, then check it."""
        command = Pin(tenant_id=tenant_id, by=self.approver)

        def done(connection: object) -> None:
            self.connected.emit(connection)
            self.check()

        self._jobs.submit("Connecting…", lambda: self._desk.run(command), done, self._fail_connection)

    def disconnect_xero(self) -> None:
        """Revoke the sign-in; everything that was read stays."""
        command = Disconnect(by=self.approver)

        def done(_nothing: None) -> None:
            self.disconnected.emit()
            self.refresh()

        self._jobs.submit("Disconnecting…", lambda: self._desk.run(command), done, self._fail_connection)

    def tell_uncaught(self, error: Exception) -> None:
        """Show that something in the window failed; the log has it."""
        self._fail(error)

    def _load(self) -> DeskContent:
        """Read the content on the worker, where the pages also make of it what would keep the window waiting."""
        self._collecting.before_reading()
        away_after = self._away_after
        approver = self.approver if self.is_approver_known else ""
        content = load_content(self._desk, self.make_pages, away_after=away_after, approver=approver)
        if not content.was_away and self._away_after == away_after:
            self._away_after = None
        self._collecting.after_reading(content)
        return content

    def _show(self, content: DeskContent) -> None:
        before = [self.content] if self.content is not None else []
        self.content = content
        self.content_changed.emit(content)
        # Nobody else holds it now: it must not be the window's thread that takes the last row away.
        self._jobs.let_go(partial(let_go, before))

    def _end_check(self, result: tuple[PollRun, DeskContent]) -> None:
        run, content = result
        self._is_checking = False
        self._show(content)
        self.check_finished.emit(run)
        if run.outcome in _RUN_TROUBLE:
            self.troubled.emit(_trouble_of(run))

    def _fail_check(self, error: Exception) -> None:
        self._is_checking = False
        self.check_finished.emit(None)
        self._fail_and_refresh(error)

    def _fail_and_refresh(self, error: Exception) -> None:
        """Show the trouble, and what is true now: a verb that failed may have done a part."""
        self._fail(error)
        self._jobs.submit("Reading…", self._load, self._show, lambda _: None)

    def _fail(self, error: Exception) -> None:
        trouble = Trouble.of(error)
        self.troubled.emit(trouble)
        if trouble.is_away and self._away_after is None:
            self._away_after = self.content.last_read if self.content is not None else ""
            self._jobs.submit("Reading…", self._load, self._show, lambda _: None)

    def _fail_connection(self, error: Exception) -> None:
        self.connection_failed.emit(Trouble.of(error))


# The others stand elsewhere: a pause beside the time of the last check, an ended sign-in among the warnings.
_RUN_TROUBLE = {
    PollOutcome.OFFLINE: ("No connection to Xero", "Check the network; the next check tries again by itself."),
    PollOutcome.BROKEN: ("Xero does not answer as it should", "The next check tries again by itself."),
    PollOutcome.AWAY: (CaseManagerAwayError.title, "The approvals stay; the next check tries again by itself."),
    PollOutcome.OTHER_BOOKS: (
        "The settings lead elsewhere",
        "Put the right address there, then check again.",
    ),
    PollOutcome.FAILED: ("Xero was not checked", "Check again; if it stays, look at Health and contact support."),
}


def _trouble_of(run: PollRun) -> Trouble:
    title, remedy = _RUN_TROUBLE[run.outcome]
    # A reason of our error family already carries its own remedy.
    return Trouble(
        title,
        run.reason,
        "" if run.reason else remedy,
        is_of_check=True,
        is_away=run.outcome is PollOutcome.AWAY,
        is_of_books=run.outcome is PollOutcome.OTHER_BOOKS,
    )
