"""The wizard's last page: keep what was entered, check for the first time, and say where the payments stand."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QProgressBar, QPushButton, QWidget

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.wording import SHORT
from cmxero_desktop.services.ports.setup import Setup
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.records.setup import FirstReport, SetupAnswers
from cmxero_desktop.ui.desk.jobs import JobBridge
from cmxero_desktop.ui.theme.formatting import count, plural
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.theme.words import KIND_NOUN
from cmxero_desktop.ui.widgets.parts import button, label, row
from cmxero_desktop.ui.wizard.page import WizardPage

NOTHING_CHANGED = "Nothing has been changed, neither in Xero nor in Case Manager. Your settings are kept."
_LOOK_EVERY_MS = 250


class CheckPage(WizardPage):
    """Sets up and checks when it comes to the front; what is refused is said here and can be tried again."""

    manual_chapter = "Setting it up"

    def __init__(self, setup: Setup, jobs: JobBridge, answers: Callable[[], SetupAnswers]) -> None:
        """Wait until it comes to the front; `answers` gives what the pages before have collected."""
        super().__init__("First check", "Both sides are read and compared. Nothing is changed.")
        self._setup = setup
        self._jobs = jobs
        self._answers = answers
        self._is_running = False
        self.is_set_up = False
        self.report: FirstReport | None = None
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("The first check runs")
        self.again_button = button("&Try again", self.enter, "primary")
        self.stop_button = button("&Stop waiting", setup.stop_waiting)
        for each in (self.again_button, self.stop_button):
            each.setAutoDefault(True)
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(0, 4, 0, 4)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.unchanged = label(NOTHING_CHANGED, "title", is_wrapped=True)
        for part in (self.bar, self.said, self._table, self.unchanged):
            self.body.addWidget(part)
        self.body.addLayout(row(self.again_button, self.stop_button, 1))
        self.body.addStretch(1)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_EVERY_MS)
        self._look.timeout.connect(self.show_progress)
        self._show()

    @property
    def why_stay(self) -> str:
        """Once the program is set up, its window can be opened, whatever became of the check."""
        if self._is_running:
            return "The first check is running."
        return "" if self.is_set_up else "Try again, or go back."

    @property
    def is_busy(self) -> bool:
        """Whether it sets up or checks."""
        return self._is_running

    @property
    def wish(self) -> QPushButton | None:
        """Enter tries again what was refused."""
        return None if self._is_running else self.again_button

    def enter(self) -> None:
        """Set up unless that is done already, then check."""
        if self._is_running or self._is_good():
            return
        self._is_running = True
        self._look.start()
        if self.is_set_up:
            self._check()
            return
        self.said.say("Keeping what you entered…")
        self._show()
        self.said.setFocus()
        answers = self._answers()
        self._jobs.submit("Setting up…", lambda: self._setup.finish(answers), self._begin, self._refuse)

    def show_progress(self) -> None:
        """Say where the check is, and offer to stop where it waits for Xero."""
        progress = self._setup.progress()
        if progress is None or not self._is_running:
            return
        until = progress.waits_until
        self.said.say(f"{progress.text} It goes on at {until.astimezone():%H:%M}." if until else f"{progress.text}…")
        self.stop_button.setVisible(until is not None)

    def _is_good(self) -> bool:
        return self.report is not None and self.report.run.outcome is PollOutcome.DONE

    def _begin(self, _: object) -> None:
        self.is_set_up = True
        self._check()

    def _check(self) -> None:
        self.said.say("Checking Xero…")
        self._show()
        self._jobs.submit("Checking Xero…", self._setup.first_check, self._tell, self._refuse)

    def _tell(self, report: FirstReport) -> None:
        self._rest()
        self.report = report
        if self._is_good():
            self.said.say("")
            self._fill(report)
        else:
            reason = report.run.reason or "Xero could not be checked."
            self.said.say(f"{reason}\nThe program is set up, and checks again by itself.", is_bad=True)
        self._show()
        self.ready.emit()

    def _refuse(self, error: Exception) -> None:
        self._rest()
        self.said.refuse(error)
        self._show()
        self.again_button.setFocus()

    def _rest(self) -> None:
        self._is_running = False
        self._look.stop()

    def _fill(self, report: FirstReport) -> None:
        for at, (number, text) in enumerate(report_rows(report)):
            shown = label(number, "title")
            shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(shown, at, 0)
            self._grid.addWidget(label(text, "" if number else "muted", is_wrapped=True), at, 1)
        sentence = "; ".join(f"{number} {text}".strip() for number, text in report_rows(report))
        self._table.setAccessibleName(as_said(f"{sentence}. {NOTHING_CHANGED}"))

    def _show(self) -> None:
        self.bar.setVisible(self._is_running)
        self.stop_button.setVisible(False)
        self.again_button.setVisible(not self._is_running and not self._is_good())
        self._table.setVisible(self._is_good())
        self.unchanged.setVisible(self._is_good())
        self.changed.emit()


def report_rows(report: FirstReport) -> Iterable[tuple[str, str]]:
    """Return the report as figures with what they count; a line without a figure explains the one above."""
    kinds = ", ".join(plural(report.to_approve[k], KIND_NOUN[k]) for k in ProposalKind if report.to_approve.get(k))
    if report.remark:
        yield "!", report.remark
    if report.totals:
        yield "!", report.totals
    yield _counted(report.matched, "payment", "matched: equal in Xero and in Case Manager")
    yield _counted(sum(report.to_approve.values()), "change", f"to approve: {kinds}" if kinds else "to approve")
    if report.to_approve.get(ProposalKind.LINK):
        yield "", "Links are of matched payments: each notes in Case Manager which payment of Xero's it is"
        yield "", "Other matched ones have that noted already, or are locked or of several invoices"
    if report.near_doubles:
        yield (
            "",
            f"{count(report.near_doubles)} of the additions may be money that was typed by hand: each is looked at",
        )
    removed = ", but for the removals above" if report.to_approve.get(ProposalKind.REMOVE) else ""
    yield _counted(report.only_in_case_manager, "payment", f"only in Case Manager: left as they are{removed}")
    if report.old_leftovers:
        what = "of Case Manager alone, old or agreeing in sum: Clean up, above Review (Ctrl+U)"
        yield _counted(report.old_leftovers, "payment", what)
    yield _counted(sum(report.skipped.values()), "payment", "skipped, each with a reason and a next step")
    for reason in Reason:
        if report.skipped.get(reason):
            yield "", f"{SHORT[reason]}: {count(report.skipped[reason])}"


def _counted(number: int, noun: str, text: str) -> tuple[str, str]:
    """Return a figure, and of what it is one."""
    return count(number), f"{noun if number == 1 else f'{noun}s'} {text}"
