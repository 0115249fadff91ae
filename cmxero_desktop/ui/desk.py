"""The verbs of the window: each runs one of the desk's verbs on the worker and brings back report and new content."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.records import ApplyReport, DecisionReport, HealthCheck, PollOutcome, PollRun, VerifyReport
from cmxero_desktop.services.verbs import Verbs
from cmxero_desktop.ui.content import DeskContent, load_content
from cmxero_desktop.ui.jobs import JobBridge

T = TypeVar("T")


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
    troubled = Signal(object)

    def __init__(self, verbs: Verbs, jobs: JobBridge, approver: str, parent: QObject | None = None) -> None:
        """Keep the verbs and the way to the worker."""
        super().__init__(parent)
        self._verbs = verbs
        self._jobs = jobs
        self.approver = approver
        self.content: DeskContent | None = None
        self.last_report: ApplyReport | None = None
        self._is_checking = False

    @property
    def is_checking(self) -> bool:
        """Whether Xero is being checked now."""
        return self._is_checking

    def refresh(self) -> None:
        """Read the content again."""
        self._jobs.submit("Reading…", lambda: load_content(self._verbs), self._show, self._fail)

    def check(self, *, is_full: bool = False, first: Callable[[], object] | None = None) -> None:
        """Check Xero; a second wish while one runs joins it. `first` runs on the worker before the check."""
        if self._is_checking and first is None:
            return
        self._is_checking = True
        self.check_started.emit()

        def job() -> tuple[PollRun, DeskContent]:
            if first is not None:
                first()
            return self._verbs.poll(is_full), load_content(self._verbs)

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

    def _decide(self, name: str, verb: Callable[[], DecisionReport]) -> None:
        self._report(name, verb, self.decided.emit)

    def _report(self, name: str, verb: Callable[[], T], tell: Callable[[T], None]) -> None:
        """Run a verb that changes something, show the new content, then tell the report."""

        def deliver(result: tuple[T, DeskContent]) -> None:
            report, content = result
            if isinstance(report, ApplyReport):
                self.last_report = report
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
        if run.outcome is not PollOutcome.DONE:
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


_RUN_TROUBLE = {
    PollOutcome.PAUSED: ("Xero asks for a pause", "Checking goes on by itself when the pause is over."),
    PollOutcome.OFFLINE: ("Xero cannot be reached", "Check the network; the next check tries again by itself."),
    PollOutcome.SIGNED_OUT: ("Sign in to Xero", "Sign in again to keep checking; nothing is lost."),
    PollOutcome.FAILED: ("Xero was not checked", "Check again; if it stays, look at Health and contact support."),
}


def _trouble_of(run: PollRun) -> Trouble:
    title, remedy = _RUN_TROUBLE[run.outcome]
    # A reason of our error family already carries its own remedy.
    return Trouble(title, run.reason, "" if run.reason else remedy)
