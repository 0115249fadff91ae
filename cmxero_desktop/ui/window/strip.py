"""The completeness strip: every payment of Xero has one place, and no cent is unexplained; always in sight."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmxero_desktop.domain.completeness import Completeness
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.way_back import WayBack
from cmxero_desktop.ui.theme.colours import Tone, figures, tones_of
from cmxero_desktop.ui.theme.formatting import count
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.parts import CutLabel, button, frame, in_role, label

BACK_KEY = "Ctrl+Shift+Z"
"""The key of the button behind what was done."""

_SAID_MS = 8_000
_EDGE, _GAP = 16, 8
_ABOVE, _ABOVE_IF_SMALL = 7, 2
_ADDS_UP = "every one, each once"
_OPEN = "Open the tie-out, which names every part of the difference"


def strip_texts(content: DeskContent) -> tuple[str, str]:
    """Return both halves: the count of payments, and the main figure in words."""
    whole, statement = content.completeness, content.view.tie_out
    if statement is None:
        return ("Nothing is known yet: Xero was not checked", "")
    xero = whole.xero
    counts = (
        f"Xero {count(xero.facts)} payments = {count(xero.matched)} matched + {count(xero.unmatched)} unmatched"
        f" + {count(xero.skipped)} skipped"
    )
    return (f"{counts}{_gaps(whole)}", statement.sentence)


def brief_counts(content: DeskContent) -> str:
    """Return the count of payments in the order of the tabs, for a window that has no room for their names."""
    whole = content.completeness
    xero = whole.xero
    places = " + ".join(count(each) for each in (xero.matched, xero.unmatched, xero.skipped))
    return f"Xero {count(xero.facts)} = {places}{_gaps(whole)}"


def strip_tip(content: DeskContent) -> str:
    """Return what the tool tip says beside what a click does: whatever the strip does not count."""
    other = content.view.state.comparison.other_payments
    if not other:
        return _OPEN
    return f"{_OPEN}\nCase Manager has {count(other)} more payments, on invoices that Xero does not have."


def _gaps(whole: Completeness) -> str:
    """Name what has no place, or more than one."""
    gaps = []
    for name, side in (("Xero", whole.xero), ("Case Manager", whole.case_manager)):
        for what, found in (("missing", side.missing), ("double", side.double), ("unknown", side.strange)):
            if found:
                gaps.append(f"{name} {count(len(found))} {what}")
    return f" ({', '.join(gaps)})" if gaps else ""


class CompletenessStrip(QWidget):
    """A line at the foot of the window; a click opens the tie-out.

    What is said for a while, and what is selected, is read at once: the sums that always stand there give way to it.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.counts, self.difference = CutLabel(""), CutLabel("")
        self.as_of = label(role="muted")
        # In words what the tick behind it means, where there is room for that.
        self.adds_up = label(_ADDS_UP, "muted")
        # The counts in words, and briefly for a narrow window.
        self._said_counts = ("", "")
        # Of each mark whether it is a tick or a cross, and None where there is none.
        self._are_ticks: list[bool | None] = [None, None]
        self.mark_of_counts, self.mark_of_difference = self._marks = (label(), label())
        self.between = label("  |  ", "muted")
        self.busy = in_role(CutLabel(""), "muted")
        self.back_button = button("", self.take_back, "small")
        # A click leaves the keys with the rows.
        self.back_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._way_back: WayBack | None = None
        self._said_for = QTimer(self)
        self._said_for.setSingleShot(True)
        self._said_for.setInterval(_SAID_MS)
        self._said_for.timeout.connect(lambda: self.say(""))
        self.selection = CutLabel("")
        self.selection.setAccessibleName("Selected rows")
        for figured in (self.counts, self.difference, self.selection):
            figured.setFont(figures(figured.font()))
        bar = frame("bar")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(bar)
        self._line = layout = QHBoxLayout(bar)
        layout.setContentsMargins(_EDGE, _ABOVE, _EDGE, _ABOVE)
        layout.setSpacing(_GAP)
        whole = (self.difference, self._marks[1], self.between, self.counts, self._marks[0], self.adds_up)
        for part in (self.as_of, *whole):
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.busy)
        layout.addWidget(self.back_button)
        layout.addWidget(self.selection)

    def use_small(self, *, is_small: bool) -> None:
        """Be lower on a small screen."""
        above = _ABOVE_IF_SMALL if is_small else _ABOVE
        self._line.setContentsMargins(_EDGE, above, _EDGE, above)

    def show_content(self, content: DeskContent) -> None:
        """Show counts and difference, each with a tick or a cross; a tick only while `show_age` is sure of them."""
        counts, difference = strip_texts(content)
        self._said_counts = (counts, brief_counts(content))
        tip = strip_tip(content)
        for part, text in ((self.counts, counts), (self.difference, difference)):
            part.setText(text)
            part.setToolTip(guessed_plain(f"{text}\n{tip}"))
        statement = content.view.tie_out
        is_known = statement is not None
        self._mark(0, is_known=is_known, is_good=content.completeness.is_whole)
        # A tick behind a difference would say that there is none: one that is named is neither good nor bad.
        is_apart = statement is not None and statement.is_explained and statement.is_apart
        self._mark(1, is_known=is_known and not is_apart, is_good=statement is not None and statement.is_explained)
        self._share()
        self.setToolTip(guessed_plain(tip))
        self._name()

    def show_age(self, as_of: str) -> None:
        """Say of what time the figures are, where they may be true no longer, and take the ticks away; else nothing."""
        self.as_of.setText(f"As of {as_of}:" if as_of else "")
        self._share()
        self._name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as has room."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Show whole what has room: the tick's meaning goes first, then the counts, the figure last; a cross stays."""
        self.counts.setText(self._said_counts[False])
        figure, counts, meaning = self._figure(), self._counts(), self._meaning()
        kept = [
            *(figure if self._are_ticks[1] is False else ()),
            *(counts if self._are_ticks[0] is False else ()),
        ]
        both = [*figure, *counts]
        said = [part for part in (self.busy, self.back_button, self.selection) if part.text()]
        fewer = [figure + [part for part in counts if part in kept], kept] if said else []
        rooms = ((parts, self._room_of([*parts, *said])) for parts in ([*both, *meaning], both, *fewer))
        shown = next((parts for parts, room in rooms if room <= self.width()), kept if said else both)
        if self._room_of([*shown, *said]) > self.width():
            self.counts.setText(self._said_counts[True])
            if self._room_of([*shown, *said]) > self.width():
                # Half a sum is another sum.
                shown = [part for part in shown if part in figure or part in kept]
        every = (self.as_of, self.difference, *self._marks, self.between, self.counts, self.adds_up)
        for part in (*every, self.busy, self.back_button, self.selection):
            part.setVisible(part in shown or part in said)

    def _room_of(self, parts: Sequence[QWidget]) -> int:
        return sum(part.sizeHint().width() + _GAP for part in parts) + 2 * _EDGE

    def _figure(self) -> list[QWidget]:
        """Return the parts of the main figure that there are, with its mark."""
        if not self.difference.text():
            return []
        as_of = [self.as_of] if self.as_of.text() else []
        return [*as_of, self.difference, *self._mark_if_sure(1)]

    def _counts(self) -> list[QWidget]:
        """Return the parts of the counts; before the first check they begin where the figure would."""
        return [*([self.between] if self.difference.text() else []), self.counts, *self._mark_if_sure(0)]

    def _meaning(self) -> list[QWidget]:
        return [self.adds_up] if self._are_ticks[0] is True and self._mark_if_sure(0) else []

    def _mark_if_sure(self, number: int) -> list[QWidget]:
        """Return a mark: a cross always, a tick only while the figures are surely true."""
        is_tick = self._are_ticks[number]
        return [self._marks[number]] if is_tick is False or (is_tick and not self.as_of.text()) else []

    def _name(self) -> None:
        said = f"{self.as_of.text()} {self.difference.text()}. {self._said_counts[False]}.".strip()
        self.setAccessibleName(as_said(f"{said} Press Enter for the tie-out."))

    def show_selection(self, text: str) -> None:
        """Show what the selected rows come to, as a spreadsheet does, until others are selected."""
        self.selection.setText(text)
        self.selection.setToolTip(guessed_plain(text))
        self._share()

    def say(self, text: str, way_back: WayBack | None = None) -> None:
        """Show a sentence for a while, and the button that takes back what it tells of, where it can be."""
        self._way_back = way_back
        self.busy.setText(text)
        self.busy.setToolTip(guessed_plain(text))
        self.back_button.setText(f"{way_back.word}  {BACK_KEY}" if way_back is not None else "")
        self.back_button.setAccessibleName(as_said(way_back.word if way_back is not None else ""))
        self.back_button.setToolTip(guessed_plain(way_back.tip if way_back is not None else ""))
        self._share()
        self._said_for.start()

    @property
    def can_take_back(self) -> bool:
        """Whether the line that stands there offers to take something back."""
        return self._way_back is not None

    def take_back(self) -> None:
        """Take back what the line tells of, once."""
        way_back, self._way_back = self._way_back, None
        if way_back is not None:
            self.say("")
            way_back.run()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the tie-out."""
        super().mousePressEvent(event)
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the tie-out with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def _mark(self, number: int, *, is_known: bool, is_good: bool) -> None:
        shape, tone = (Shape.TICK, Tone.GOOD) if is_good else (Shape.CROSS, Tone.DANGER)
        mark = self._marks[number]
        self._are_ticks[number] = is_good if is_known else None
        size = self.fontMetrics().ascent() + 2
        mark.setPixmap(shape_pixmap(shape, tones_of(self.palette()).ink(tone), size, self.devicePixelRatioF()))
        mark.setAccessibleName(as_said("holds" if is_good else "does not hold"))
