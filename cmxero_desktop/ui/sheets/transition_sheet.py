"""The way from typing each payment twice: the weeks as bars and figures, who types, and what stands in the way."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.transition import Transition, TypedPayment, Week
from cmxero_desktop.domain.transition_steps import Hurdle, Step
from cmxero_desktop.services.verbs.commands.viewing import ReadTransition
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import count, day, money, short_day
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.bar_chart import Bar, BarChart, BarPart
from cmxero_desktop.ui.widgets.column import Column, number_in
from cmxero_desktop.ui.widgets.parts import allow, button, frame, label
from cmxero_desktop.ui.widgets.room import large
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.shown_whole import Pressed
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_or_empty import EmptyText, TableOrEmpty
from cmxero_desktop.ui.widgets.table_view import DeskTable

TRANSITION_SIZE = (1_280, 700)
_TEXT = (
    "A payment belongs to the week in which a check saw it first; what stood there at the first check, to that of its "
    "date. Equal: typed by hand, and equal to Xero's without anybody's word. Double: said here to stand in "
    "Case Manager already. Miss: caught and added by the desk in that week, after more than a day in Xero in which "
    "nobody had typed it; what nobody has copied yet stands in Copied by others."
)
_PARTS = (BarPart("typed by hand", Tone.CAUTION), BarPart("added by the desk", Tone.GOOD))
_WEEKS_HEIGHT = 176
_FIGURES = 9
_HOLDS = "It holds: there is nothing to show."
_STEPS_WIDTH, _LEAST_STEPS_WIDTH, _ANY_WIDTH = 440, 320, 16_777_215
_STANDS = {Bucket.MATCHED: "Matched", Bucket.UNMATCHED: "Unmatched", Bucket.SKIPPED: "Skipped"}
# What these name is opened as a whole; the others are rows.
_ALWAYS_SHOWN = frozenset({Hurdle.MODE, Hurdle.CHECKS, Hurdle.WHOLE, Hurdle.ADDED})


def open_transition(window: QWidget, desk: WindowDesk, show_step: Callable[[Step], object]) -> None:
    """Have the desk count, then open the sheet; `show_step` opens what a step names once the sheet has gone."""

    def show(found: Transition) -> None:
        TransitionSheet(found, show_step, window).open()

    desk.ask(ReadTransition(), "Counting what was typed…", show)


class TransitionSheet(Sheet):
    """Shows the weeks at the left, with the payments that were typed in the chosen one, and the steps at the right."""

    manual_chapter = "When typing everything twice can stop"
    is_explained = True

    def __init__(self, found: Transition, show_step: Callable[[Step], object], parent: QWidget | None = None) -> None:
        """Show the last week first."""
        super().__init__("Transition", _TEXT, parent)
        self._window = parent
        self._show_step = show_step
        self.found = found
        self.show_buttons = {step.hurdle: self._button(step) for step in found.steps}
        self.chart = BarChart("Payments typed by hand and added by the desk, week by week", _PARTS, self)
        self.chart.setHidden(self.is_low)
        self.weeks: RowsModel[Week] = RowsModel(
            _week_columns(), lambda week: week.begins_on.isoformat(), _week_sentence, self
        )
        self.weeks_table: DeskTable[Week] = DeskTable(self.weeks, "Weeks", "What was done in each week")
        if not self.is_low:
            self.weeks_table.setFixedHeight(_WEEKS_HEIGHT)
        self.typists = label(typists_text(found), "muted", is_wrapped=True)
        self.typed_title = label(role="title")
        self.typed: RowsModel[TypedPayment] = RowsModel(
            _typed_columns(), lambda one: one.row_id, _typed_sentence, self, amount_of=lambda one: one.amount
        )
        self.typed_table: DeskTable[TypedPayment] = DeskTable(
            self.typed, "Typed by hand", "The payments that were typed in the chosen week"
        )
        self._lay_out()
        self.weeks.set_rows(tuple(reversed(found.weeks)))
        self.chart.show_bars([Bar(short_day(w.begins_on), (w.typed, w.added)) for w in found.weeks], -1)
        self.chart.chosen.connect(self._go_to_week)
        self.weeks_table.current_changed.connect(self._show_week)
        self.choose(self.add_button("Close", self.accept, "primary"))
        self.resize(large(self, TRANSITION_SIZE))
        self.weeks_table.go_to(0)
        self._show_week()

    def _lay_out(self) -> None:
        typed: TableOrEmpty[TypedPayment] = TableOrEmpty(self.typed_table)
        typed.say_when_empty(EmptyText("Nothing was typed in this week", "", Shape.TICK))
        # On a small screen the tables give way before all of it has to be moved.
        inside = Pressed() if self.is_low else QWidget()
        left = QVBoxLayout(inside)
        left.setContentsMargins(0, 0, 8, 0)
        left.setSpacing(8)
        above = (self.weeks_table,) if self.is_low else (self.chart, self.weeks_table, self.typists)
        for part in (*above, self.typed_title):
            left.addWidget(part)
        left.addWidget(typed, 1)
        weeks, steps = _scrolled(inside, "The weeks, and what was typed in the chosen one"), self._steps()
        if self.is_low:
            # Beside each other both would be cut; the table has the figures of the bars.
            left.setContentsMargins(0, 2, 0, 0)
            left.setSpacing(4)
            typed.empty.setMinimumHeight(0)
            self.typed_table.in_sight.least = 2
            parts = QTabWidget()
            parts.addTab(weeks, "Week by week")
            parts.addTab(steps, "What has to hold")
            self.body.addWidget(parts, 1)
            return
        halves = QHBoxLayout()
        halves.setSpacing(18)
        halves.addWidget(weeks, 8)
        halves.addWidget(steps, 5)
        self.body.addLayout(halves, 1)

    def _steps(self) -> QScrollArea:
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 8, 0)
        lines.setSpacing(6)
        lines.addWidget(label(self.found.sentence, "title", is_wrapped=True))
        if self.is_low:
            lines.addWidget(self.typists)
        for step in self.found.steps:
            lines.addWidget(self._line(step))
        lines.addStretch(1)
        area = _scrolled(inside, "What has to hold before double entry can stop")
        area.setMinimumWidth(_LEAST_STEPS_WIDTH)
        area.setMaximumWidth(_ANY_WIDTH if self.is_low else _STEPS_WIDTH)
        return area

    def _line(self, step: Step) -> QFrame:
        line = frame("card")
        layout = QHBoxLayout(line)
        layout.setContentsMargins(10, 5, 8, 5)
        shape, tone = (Shape.TICK, Tone.GOOD) if step.is_clear else (Shape.TRIANGLE, Tone.CAUTION)
        mark = label()
        mark.setPixmap(shape_pixmap(shape, tones_of(self.palette()).ink(tone), 16, self.devicePixelRatioF()))
        mark.setAccessibleName("Holds" if step.is_clear else "Stands in the way")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(
            label(f"{self._place_of(step)}.  {step.title}", "" if step.is_clear else "title", is_wrapped=True)
        )
        said = step.sentence or ("" if _has_anything(step) else _HOLDS)
        if said:
            words.addWidget(label(said, "muted", is_wrapped=True))
        layout.addWidget(mark, alignment=Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self.show_buttons[step.hurdle], alignment=Qt.AlignmentFlag.AlignTop)
        return line

    def _button(self, step: Step) -> QPushButton:
        # Each has the number of its line, which is the key of the first nine; the sheet gives the others a letter.
        number = self._place_of(step)
        key = "&" if number <= _FIGURES else ""
        made = button(f"Show {key}{number}", partial(self._leave_for, step), "chip")
        made.setAccessibleName(as_said(f"Show: {step.title}"))
        allow(made, "" if _has_anything(step) else _HOLDS, f"Open what line {number} is about")
        return made

    def _place_of(self, step: Step) -> int:
        return self.found.steps.index(step) + 1

    def _leave_for(self, step: Step) -> None:
        self.accept()
        QTimer.singleShot(0, self._window or self, lambda: self._show_step(step))

    def _go_to_week(self, place: int) -> None:
        self.weeks_table.go_to(self.weeks.position_of(self.found.weeks[place].begins_on.isoformat()))

    def _show_week(self) -> None:
        week = self.weeks_table.current_row()
        rows = self.found.typed_in(week.begins_on) if week is not None else ()
        self.typed.set_rows(rows)
        self.typed_title.setText(f"Typed in the week of {day(week.begins_on)}: {count(len(rows))}" if week else "")
        self.chart.set_current(self.found.weeks.index(week) if week is not None else -1)


def _has_anything(step: Step) -> bool:
    return step.hurdle in _ALWAYS_SHOWN or not step.is_clear


def _scrolled(inside: QWidget, name: str) -> QScrollArea:
    """Return a half of the sheet, which is moved through on a low screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    area.setAccessibleName(as_said(name))
    return area


def typists_text(found: Transition) -> str:
    """Say who still types."""
    if not found.typists:
        return "Nobody typed a payment in the last four weeks."
    told = (
        f"{typist.name or 'unnamed, as Case Manager does not say who'}: {count(typist.payments)} (last in the week of "
        f"{short_day(typist.last_week)})"
        for typist in found.typists
    )
    return f"Typed in the last four weeks: {', '.join(told)}."


def _week_columns() -> tuple[Column[Week], ...]:
    return (
        Column(
            key="week",
            title="Week of",
            text=lambda week: day(week.begins_on),
            sort_key=lambda week: (week.begins_on.toordinal(), ""),
            width=14,
        ),
        _counted("typed", "Typed", lambda week: week.typed, "Payments that somebody typed in Case Manager"),
        _counted("by_itself", "Equal", lambda week: week.by_itself, "Those of them that equal Xero's"),
        _counted(
            "doubles",
            "Doubles",
            lambda week: week.doubles,
            "Payments of which somebody said here that they stand in Case Manager already, or twice",
        ),
        _counted(
            "misses",
            "Misses",
            lambda week: week.misses,
            "Added by the desk, more than a day after Xero had them, because nobody had typed them",
        ),
        _counted("added", "Added", lambda week: week.added, "All that nobody had to type"),
        _counted("journalled", "Journalled", lambda week: week.journalled, "Locked in a journal entry in this week"),
    )


def _counted(key: str, title: str, number: Callable[[Week], int], tip: str) -> Column[Week]:
    return Column(
        key=key,
        title=title,
        text=lambda week: count(number(week)) if number(week) else "",
        sort_key=lambda week: (number(week), ""),
        tooltip=lambda _: tip,
        width=13,
        is_right=True,
    )


def _week_sentence(week: Week) -> str:
    return (
        f"Week of {day(week.begins_on)}: {count(week.typed)} typed, {count(week.by_itself)} of them equal, "
        f"{count(week.doubles)} doubles and {count(week.misses)} misses caught, {count(week.added)} added by the desk, "
        f"{count(week.journalled)} journalled."
    )


def _typed_columns() -> tuple[Column[TypedPayment], ...]:
    return (
        Column(
            key="invoice",
            title="Invoice",
            text=lambda one: one.invoice_number,
            sort_key=lambda one: number_in(one.invoice_number),
            width=13,
        ),
        Column(key="bill_to", title="Bill To", text=lambda one: one.bill_to, width=22, is_stretched=True, least=12),
        Column(
            key="paid_on",
            title="Date paid",
            text=lambda one: day(one.paid_on),
            sort_key=lambda one: (one.paid_on.toordinal(), ""),
            width=14,
        ),
        Column(
            key="amount",
            title="Amount",
            text=lambda one: money(one.amount),
            sort_key=lambda one: (one.amount.minor, ""),
            width=13,
            is_right=True,
        ),
        Column(key="by", title="Typed by", text=lambda one: one.entered_by, width=16, gives_way=1),
        Column(key="stands", title="Stands", text=_stands, width=18),
    )


def _stands(one: TypedPayment) -> str:
    return "Matched, equal" if one.is_by_itself else _STANDS[one.bucket]


def _typed_sentence(one: TypedPayment) -> str:
    by = f", typed by {one.entered_by}" if one.entered_by else ""
    return f"{one.amount} on {one.invoice_number}, {day(one.paid_on)}{by}: {_stands(one)}."
