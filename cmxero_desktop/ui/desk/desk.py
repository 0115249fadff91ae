"""The verbs of the window: each runs one of the desk's verbs on the worker and brings back report and new content."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cmxero_desktop.domain.errors import DeskError, SignInError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.reports import (
    Bundle,
    BundleChoice,
    DecisionReport,
    HealthCheck,
    VerifyReport,
)
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollProgress, PollRun
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.ui.desk.content import DeskContent, load_content
from cmxero_desktop.ui.desk.jobs import JobBridge

T = TypeVar("T")
_BY_HAND = PollAsk()


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that did not work, in words for a person."""

    title: str
    message: str
    remedy: str

    @classmethod
    def of(cls, error: Exception) -> "Trouble":
        """Put an error into words; one that is not of our family is a fault of the program itself."""
        if isinstance(error, DeskError):
            problems = "".join(f"\n- {problem}" for problem in getattr(error, "problems", ()))
            return cls(error.title, error.message + problems, error.remedy)
        message = f"The program met something it did not expect: {type(error).__name__}: {error}"
        return cls(
            "Something went wrong", message, "Nothing more was written. Check Xero again; if it stays, contact support."
        )


class Desk(QObject):
    """Runs the verbs. Every signal arrives on the window's thread."""

    content_changed = Signal(object)
    check_started = Signal()
    check_finished = Signal(object)
    decided = Signal(object)
    applied = Signal(object)
    undone = Signal(object)
    exported = Signal(object)
    verified = Signal(object)
    examined = Signal(object)
    bundle_made = Signal(object, object)
    bundle_written = Signal(object)
    troubled = Signal(object)
    signed_in = Signal(object)
    connected = Signal(object)
    disconnected = Signal()
    connection_failed = Signal(object)

    def __init__(self, verbs: Verbs, jobs: JobBridge, approver: str, parent: QObject | None = None) -> None:
        """Keep the verbs and the way to the worker."""
        super().__init__(parent)
        self._verbs = verbs
        self._jobs = jobs
        self.approver = approver
        self.content: DeskContent | None = None
        self._is_checking = False
        self._wants_sign_in = False

    @property
    def is_checking(self) -> bool:
        """Whether Xero is being checked now."""
        return self._is_checking

    def refresh(self) -> None:
        """Read the content again."""
        self._jobs.submit("Reading…", lambda: load_content(self._verbs), self._show, self._fail)

    def check(self, ask: PollAsk = _BY_HAND, *, first: Callable[[], object] | None = None) -> None:
        """Check Xero; a second wish while one runs joins it. `first` runs on the worker before the check."""
        if self._is_checking and first is None:
            return
        self._is_checking = True
        self.check_started.emit()

        def job() -> tuple[PollRun, DeskContent]:
            if first is not None:
                first()
            return self._verbs.poll(ask), load_content(self._verbs)

        self._jobs.submit("Checking Xero…", job, self._end_check, self._fail_check)

    def approve(self, ids: Sequence[str], *, release_reason: str = "") -> None:
        """Approve proposals exactly as they are shown."""
        by = self.approver
        self._decide("Approving…", lambda: self._verbs.approve(ids, by=by, release_reason=release_reason))

    def hold(self, ids: Sequence[str], reason: str, until: date | None) -> None:
        """Put proposals on hold."""
        by = self.approver
        self._decide("Putting on hold…", lambda: self._verbs.hold(ids, by=by, reason=reason, until=until))

    def reject(self, ids: Sequence[str], reason: str) -> None:
        """Reject proposals."""
        by = self.approver
        self._decide("Rejecting…", lambda: self._verbs.reject(ids, by=by, reason=reason))

    def reopen(self, ids: Sequence[str], reason: str) -> None:
        """Put proposals back to review."""
        by = self.approver
        self._decide("Putting back…", lambda: self._verbs.reopen(ids, by=by, reason=reason))

    def choose_link(self, proposal_id: str, case_payment_id: CasePaymentId) -> None:
        """Say that a near double is the same money."""
        by = self.approver

        def job() -> tuple[str, DeskContent]:
            change_id = self._verbs.choose_link(proposal_id, case_payment_id, by)
            return change_id, load_content(self._verbs)

        self._jobs.submit("Linking…", job, lambda result: self._show(result[1]), self._fail)

    def apply(self, ids: Sequence[str]) -> None:
        """Write approved proposals to Case Manager: those that were shown, and no others."""
        by = self.approver
        self._report("Applying to Case Manager…", lambda: self._verbs.apply(list(ids), by), self.applied.emit)

    def undo(self, ids: Sequence[str], reason: str) -> None:
        """Take applied changes back."""
        by = self.approver
        self._report("Undoing…", lambda: self._verbs.undo(ids, by=by, reason=reason), self.undone.emit)

    def export(self, path: Path) -> None:
        """Write the workbook."""
        self._jobs.submit("Writing the workbook…", lambda: self._verbs.export(path), self.exported.emit, self._fail)

    def verify(self) -> None:
        """Verify the audit trail and the control totals."""
        self._ask("Verifying…", self._verbs.verify, self.verified.emit)

    def examine(self) -> None:
        """Look at connections, mapping, keyring, clock and versions."""
        self._ask("Examining…", self._verbs.doctor, self.examined.emit)

    def progress(self) -> PollProgress | None:
        """Where the check is, without waiting for anything."""
        return self._verbs.progress()

    def stop_waiting(self) -> None:
        """End a wait that Xero asked for, without waiting for anything."""
        self._verbs.stop_waiting()

    def sign_in(self, secret: str = "") -> None:
        """Sign in to Xero in the browser, or by a custom connection's secret.

        `cancel_sign_in` ends the wait for the browser, and for the worker before it.
        """
        self._wants_sign_in = True

        def job() -> Sequence[Connection]:
            if not self._wants_sign_in:
                raise SignInError("The sign-in was cancelled.", "Start it again when you are ready.")
            return self._verbs.sign_in(secret)

        self._jobs.submit("Signing in…", job, self.signed_in.emit, self._fail_connection)

    def cancel_sign_in(self) -> None:
        """End the wait for the browser, without waiting for anything."""
        self._wants_sign_in = False
        self._verbs.cancel_sign_in()

    def pin(self, tenant_id: str) -> None:
        """Choose the organisation of the last sign-in, then check it."""
        by = self.approver

        def done(connection: object) -> None:
            self.connected.emit(connection)
            self.check()

        self._jobs.submit("Connecting…", lambda: self._verbs.pin(tenant_id, by), done, self._fail_connection)

    def disconnect_xero(self) -> None:
        """Revoke the sign-in; everything that was read stays."""
        by = self.approver

        def done(_nothing: None) -> None:
            self.disconnected.emit()
            self.refresh()

        self._jobs.submit("Disconnecting…", lambda: self._verbs.disconnect(by), done, self._fail_connection)

    def make_bundle(self, choice: BundleChoice) -> None:
        """Make a diagnostics bundle to be read; it comes back with the choice it was made for."""
        self._jobs.submit(
            "Making the diagnostics bundle…",
            lambda: self._verbs.bundle(choice),
            lambda bundle: self.bundle_made.emit(bundle, choice),
            self._fail,
        )

    def write_bundle(self, bundle: Bundle, path: Path) -> None:
        """Write a bundle that was read."""
        self._jobs.submit(
            "Writing the bundle…", lambda: self._verbs.write_bundle(bundle, path), self.bundle_written.emit, self._fail
        )

    def _decide(self, name: str, verb: Callable[[], DecisionReport]) -> None:
        self._report(name, verb, self.decided.emit)

    def _report(self, name: str, verb: Callable[[], T], tell: Callable[[T], None]) -> None:
        """Run a verb that changes something, show the new content, then tell the report."""

        def deliver(result: tuple[T, DeskContent]) -> None:
            report, content = result
            self._show(content)
            tell(report)

        self._jobs.submit(name, lambda: (verb(), load_content(self._verbs)), deliver, self._fail_and_refresh)

    def _ask(
        self,
        name: str,
        verb: Callable[[], VerifyReport] | Callable[[], tuple[HealthCheck, ...]],
        tell: Callable[[object], None],
    ) -> None:
        self._jobs.submit(name, verb, tell, self._fail)

    def _show(self, content: DeskContent) -> None:
        self.content = content
        self.content_changed.emit(content)

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
        self._jobs.submit("Reading…", lambda: load_content(self._verbs), self._show, lambda _: None)

    def _fail(self, error: Exception) -> None:
        self.troubled.emit(Trouble.of(error))

    def _fail_connection(self, error: Exception) -> None:
        self.connection_failed.emit(Trouble.of(error))


# The others stand elsewhere: a pause beside the time of the last check, an ended sign-in among the warnings.
_RUN_TROUBLE = {
    PollOutcome.OFFLINE: ("No connection to Xero", "Check the network; the next check tries again by itself."),
    PollOutcome.BROKEN: ("Xero does not answer as it should", "The next check tries again by itself."),
    PollOutcome.FAILED: ("Xero was not checked", "Check again; if it stays, look at Health and contact support."),
}


def _trouble_of(run: PollRun) -> Trouble:
    title, remedy = _RUN_TROUBLE[run.outcome]
    # A reason of our error family already carries its own remedy.
    return Trouble(title, run.reason, "" if run.reason else remedy)
