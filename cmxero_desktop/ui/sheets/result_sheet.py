"""The sheet after writing: every row with its outcome, and the way back."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmxero_desktop.services.records.reports import ApplyReport, RowOutcome
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import plural
from cmxero_desktop.ui.theme.icons import Shape
from cmxero_desktop.ui.widgets.column import Column, briefer
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_LEAST_HEIGHT, _TABLE_HEIGHT = 192, 280
_ROW_HEIGHT = 30
_IF_LOW = {"reason": "What to do"}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One row of the report: what it was, how it ended, and the advice."""

    row_id: str
    about: str
    badge: Badge
    reason: str


class ResultSheet(Sheet):
    """Says what was applied, what came back, and what failed, with advice."""

    manual_chapter = "The day"

    undo_asked = Signal(object)
    export_asked = Signal()

    def __init__(
        self,
        report: ApplyReport,
        about: Mapping[str, str],
        *,
        told: str = "",
        is_undo: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Show a report; `about` says in words what each row was, `told` what it all comes to, by whom."""
        sentence = f"{_sentence(report)} {told}" if report.applied and told else _sentence(report)
        super().__init__(_title(report, is_undo=is_undo), sentence, parent)
        self.rows = _rows(report, about, "Undone" if is_undo else "Applied")
        columns = briefer(_columns(), titles=_IF_LOW) if self.is_low else _columns()
        model: RowsModel[OutcomeRow] = RowsModel(columns, lambda row: row.row_id, _spoken, self)
        self.table: DeskTable[OutcomeRow] = DeskTable(model, "Outcome", "What became of every row")
        # As tall as its rows, so that a short list leaves no empty half.
        model.set_rows(self.rows)
        self.table.in_sight.wish(max(_LEAST_HEIGHT, min(_TABLE_HEIGHT, _ROW_HEIGHT * (len(self.rows) + 2))))
        self.body.addWidget(self.table)
        # On a small screen what to do is cut in its column: that of the row that is stood on is read here.
        self.whole = label("", is_wrapped=True)
        self.whole.hide()
        self.body.addWidget(self.whole)
        if self.is_low:
            self.table.current_changed.connect(self._say_whole)
            self.table.go_to(0)
            self._say_whole()
        applied = [outcome.row_id for outcome in report.applied]
        if applied and not is_undo:
            self.undo = self.add_left_button("&Undo this batch…", lambda: self.undo_asked.emit(applied))
        self.add_left_button("&Excel…", self.export_asked.emit)
        self.close_button = self.add_button("Close", self.accept, "primary")
        self.choose(self.close_button)
        self.setMinimumWidth(900)

    def _say_whole(self) -> None:
        row = self.table.current_row()
        self.whole.setText(row.reason if row is not None else "")
        self.whole.setVisible(bool(self.whole.text()))


def _title(report: ApplyReport, *, is_undo: bool) -> str:
    verb = "Undone" if is_undo else "Applied"
    return f"{verb} {plural(len(report.applied), 'change')}" if report.applied else "Nothing was written"


def _sentence(report: ApplyReport) -> str:
    if report.is_complete and not report.half:
        return "Everything was written and is in History."
    parts = [
        f"{len(report.stale)} came back to Review because the facts changed" if report.stale else "",
        f"{len(report.failed)} failed" if report.failed else "",
        f"{len(report.held_back)} stayed out" if report.held_back else "",
        f"{plural(len(report.half), 'undo waits', 'undos wait')} for another person" if report.half else "",
    ]
    return "; ".join(part for part in parts if part) + "."


def _rows(report: ApplyReport, about: Mapping[str, str], done: str) -> tuple[OutcomeRow, ...]:
    groups: tuple[tuple[tuple[RowOutcome, ...], Badge], ...] = (
        (report.failed, Badge("Failed", Tone.DANGER, Shape.CROSS, is_filled=False)),
        (report.stale, Badge("Came back", Tone.CAUTION, Shape.SWAP, is_filled=False)),
        (report.held_back, Badge("Stayed out", Tone.CAUTION, Shape.PAUSE, is_filled=False)),
        (report.half, Badge("1 of 2", Tone.CALM, Shape.PAUSE, is_filled=False)),
        (report.applied, Badge(done, Tone.GOOD, Shape.TICK, is_filled=False)),
    )
    return tuple(
        OutcomeRow(outcome.row_id, about.get(outcome.row_id, outcome.row_id), badge, _beside(badge, outcome.reason))
        for outcomes, badge in groups
        for outcome in outcomes
    )


def _beside(badge: Badge, reason: str) -> str:
    """Return what is worth saying beside the badge, which says the plain outcome itself."""
    return "" if reason.rstrip(".") == badge.text else reason


def _columns() -> tuple[Column[OutcomeRow], ...]:
    return (
        Column(
            key="outcome", title="Outcome", text=lambda row: row.badge.text, badges=lambda row: (row.badge,), width=14
        ),
        Column(key="about", title="Change", text=lambda row: row.about, tooltip=lambda row: row.about, width=70),
        Column(
            key="reason",
            title="What happened, and what to do",
            text=lambda row: row.reason,
            tooltip=lambda row: row.reason,
            width=40,
            is_stretched=True,
        ),
    )


def _spoken(row: OutcomeRow) -> str:
    return f"{row.badge.text}: {row.about}. {row.reason}"
