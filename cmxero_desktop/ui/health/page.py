"""Health: whether everything works, the last checks, and the doctor."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cmxero_desktop.services.records.reports import HealthCheck
from cmxero_desktop.services.records.runs import PollOutcome, PollRun, Trigger
from cmxero_desktop.ui.desk.bell import UPDATE, items_of
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.health.lines import lines_of, summary_of
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import count, moment
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.legend import legend
from cmxero_desktop.ui.widgets.parts import button, frame, label, row
from cmxero_desktop.ui.widgets.shown_whole import scrolled
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty, page_layout
from cmxero_desktop.ui.widgets.table_view import DeskTable

_OUTCOME_WORD = {
    PollOutcome.DONE: "done",
    PollOutcome.PAUSED: "paused by Xero",
    PollOutcome.OFFLINE: "no connection",
    PollOutcome.BROKEN: "no good answer",
    PollOutcome.ELSEWHERE: "by another desktop",
    PollOutcome.PUT_OFF: "put off",
    PollOutcome.SIGNED_OUT: "signed out",
    PollOutcome.AWAY: "no Case Manager",
    PollOutcome.OTHER_BOOKS: "wrong address",
    PollOutcome.FAILED: "failed",
}


_TRIGGER_WORD = {
    Trigger.PERSON: "a person",
    Trigger.START: "the start",
    Trigger.SCHEDULE: "the schedule",
    Trigger.WAKE: "waking up",
    Trigger.RETRY: "another try",
}


_TABLE_HEIGHT = 150
# Of "12,345 matched, 1,234 unmatched, 1,234 skipped, 1,234 to approve" no word is cut.
_FOUND_WIDTH = 70


class HealthPage(QWidget):
    """Says whether the program can do its work, and why not."""

    manual_chapter = "When something goes wrong"

    examine_asked = Signal()
    bundle_asked = Signal()
    log_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(parent)
        self.runs_model: RowsModel[PollRun] = RowsModel(_run_columns(), lambda run: run.run_id, _run_sentence, self)
        self.runs: DeskTable[PollRun] = DeskTable(self.runs_model, "Last checks", "The last checks of Xero")
        self.checks_model: RowsModel[HealthCheck] = RowsModel(
            _check_columns(), lambda check: check.name, _check_sentence, self
        )
        self.checks: DeskTable[HealthCheck] = DeskTable(self.checks_model, "Examination", "What the doctor found")
        runs: TableOrEmpty[PollRun] = TableOrEmpty(self.runs)
        runs.say_when_empty(EmptyText("Xero was not checked yet"))
        checks: TableOrEmpty[HealthCheck] = TableOrEmpty(self.checks)
        checks.say_when_empty(
            EmptyText("Not examined yet", "Examine looks at connections, mapping, keyring, clock and versions.")
        )
        self.summary = label("", is_wrapped=True, size=1.1)
        self.summary.setAccessibleName("Summary")
        self.lines: dict[str, QLabel] = {}
        self._log_file = ""
        card = frame("card")
        self._grid = QGridLayout(card)
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        # In a low window the page scrolls: no line is ever pressed into another.
        inside = QWidget()
        layout = page_layout(inside)
        log = button("Open the &log folder", lambda: self.log_asked.emit(self._log_file))
        bundle = button("Make dia&gnostics bundle…", self.bundle_asked.emit, tip="For whoever helps you")
        above = row(self.summary, log, bundle)
        above.setStretchFactor(self.summary, 1)
        layout.addLayout(above)
        layout.addWidget(card)
        layout.addWidget(label("Last checks", "title"))
        layout.addWidget(legend(_run_columns()))
        layout.addWidget(runs, 3)
        examine = button("Examine &now", self.examine_asked.emit, tip="Look at every connection and setting")
        layout.addLayout(row(label("Examination", "title"), 1, examine))
        layout.addWidget(checks, 2)
        for table in (runs, checks):
            table.setMinimumHeight(_TABLE_HEIGHT)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(scrolled(inside))

    def show_content(self, content: DeskContent) -> None:
        """Show the runs of new content; `show_facts` shows the rest as time goes by."""
        self._log_file = content.health.log_file if content.health else ""
        self.runs_model.set_rows(sorted(content.view.runs, key=lambda run: run.started_at, reverse=True))

    def show_facts(self, content: DeskContent, schedule: ScheduleView, now: datetime) -> None:
        """Show what is connected, how old it is, and what needs a person."""
        lines = lines_of(content, schedule, now)
        about_money = sum(item.about != UPDATE for item in items_of(content))
        summary, tones = summary_of(lines, about_money), tones_of(self.palette())
        self.summary.setText(summary.text)
        self.summary.setStyleSheet(f"color: {tones.ink(summary.tone)}; font-weight: bold;")
        for line in lines:
            value = self.lines.get(line.name) or self._add_line(line.name)
            value.setText(line.text)
            value.setStyleSheet(f"color: {tones.ink(line.tone)};" if line.needs_you else "")

    def _add_line(self, name: str) -> QLabel:
        value = label(is_wrapped=True)
        value.setAccessibleName(as_said(name))
        # A wrapped line may shrink to nothing where the window is low: it keeps its height.
        value.setMinimumHeight(value.fontMetrics().lineSpacing() + 2)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(label(name, "muted"), len(self.lines), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, len(self.lines), 1)
        self.lines[name] = value
        return value

    def show_checks(self, checks: Sequence[HealthCheck]) -> None:
        """Show what the doctor found."""
        self.checks_model.set_rows(checks)


def _run_columns() -> tuple[Column[PollRun], ...]:
    return (
        Column(key="at", title="Started", text=lambda run: moment(run.started_at), width=20),
        Column(key="outcome", title="Outcome", text=_outcome, badges=_outcome_badges, width=18),
        Column(key="desktop", title="Computer", text=lambda run: run.label or "not known", width=14, is_default=False),
        Column(key="trigger", gives_way=1, title="Asked for by", text=lambda run: _TRIGGER_WORD[run.trigger], width=16),
        Column(
            key="kind",
            gives_way=2,
            title="Read",
            text=lambda run: "everything" if run.is_full else "changes",
            width=12,
            meaning="all of Xero, or what changed there since the check before.",
        ),
        Column(
            key="fetched",
            title="Rows",
            text=lambda run: count(run.fetched),
            width=9,
            is_right=True,
            meaning="how many invoices and payments Xero sent.",
        ),
        Column(
            key="requests",
            gives_way=3,
            title="Requests",
            text=lambda run: count(run.requests),
            width=12,
            is_right=True,
            meaning="calls to Xero, which allows so many a day.",
        ),
        Column(
            key="seconds",
            gives_way=4,
            title="Seconds",
            text=lambda run: f"{(run.finished_at - run.started_at).total_seconds():.1f}",
            width=10,
            is_right=True,
        ),
        Column(
            key="found",
            title="Found",
            text=_found,
            tooltip=_found,
            width=_FOUND_WIDTH,
            is_stretched=True,
            least=_FOUND_WIDTH,
            meaning="where the payments stood afterwards, or why nothing was read.",
        ),
    )


def _check_columns() -> tuple[Column[HealthCheck], ...]:
    return (
        Column(key="name", title="What", text=lambda check: check.name, width=22),
        Column(
            key="good",
            title="State",
            text=lambda check: "good" if check.is_good else "needs you",
            badges=lambda check: (
                Badge("good", Tone.GOOD, Shape.TICK, is_filled=False)
                if check.is_good
                else Badge("needs you", Tone.DANGER, Shape.CROSS, is_filled=False),
            ),
            width=14,
        ),
        Column(key="seen", title="Seen", text=lambda check: check.seen, tooltip=lambda check: check.seen, width=40),
        Column(
            key="remedy",
            title="What to do",
            text=lambda check: check.remedy,
            tooltip=lambda check: check.remedy,
            width=40,
            is_stretched=True,
        ),
    )


def _outcome(run: PollRun) -> str:
    return _OUTCOME_WORD[run.outcome]


def _outcome_badges(run: PollRun) -> tuple[Badge, ...]:
    tone = Tone.GOOD if run.outcome is PollOutcome.DONE else Tone.CAUTION
    shape = Shape.TICK if run.outcome is PollOutcome.DONE else Shape.TRIANGLE
    return (Badge(_outcome(run), tone, shape, is_filled=False),)


def _found(run: PollRun) -> str:
    if run.outcome is not PollOutcome.DONE:
        return run.reason
    counts = run.counts
    return (
        f"{count(counts.matched)} matched, {count(counts.unmatched)} unmatched, {count(counts.skipped)} skipped, "
        f"{count(counts.proposed)} to approve"
    )


def _run_sentence(run: PollRun) -> str:
    return f"Check of {moment(run.started_at)}: {_outcome(run)}. {_found(run)}"


def _check_sentence(check: HealthCheck) -> str:
    return f"{check.name}: {'good' if check.is_good else 'needs you'}. {check.seen}. {check.remedy}"
