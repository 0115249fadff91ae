"""The demo's card: five steps with a tick for each, what an event did and where to see it, and the way back."""

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from cmxero_desktop.services.records.audit import AuditEntry, AuditWhat
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.parts import CutLabel, button, frame, label, row
from cmxero_desktop.ui.window.bands import DemoBand

LINK, APPROVE, APPLY, DELETE, UNDO = range(5)
_WORDS = ("Same payment", "Approve the plain ones", "Apply", "A payment is deleted in Xero", "Undo")
_TIPS = (
    "Go to a payment that was typed with two digits swapped, and say that it is the same instead of adding it twice",
    "Go to the additions that need no look, and approve them with one press",
    "Look once more at what is approved, and write it",
    "Let it happen: a band, a notice, and a removal that waits for you",
    "Take back what was written, with a reason",
)
# What to do at the step that stands out: whoever sees the window for the first time reads it before pressing anything.
_HINTS = (
    "Press 1, compare both sides, then press Same payment (Ctrl+L)",
    "Press 2, then Approve in the head of the group (Ctrl+G)",
    "Press 3, look once more at what is approved, and write it",
    "Press 4: a removal comes to Review and waits for you",
    "Press 5, choose what was written, and take it back with a reason",
)
_OVER = "That was the minute; the menu Demo has more that can happen"
_TICK = "✓"


def done_steps(history: Iterable[AuditEntry], *, is_deleted: bool) -> frozenset[int]:
    """Return the steps that were gone, by what History tells; `is_deleted` is whether the deletion was let happen."""
    events = [entry.event for entry in history]
    found = {
        LINK: any(event.what is AuditWhat.LINK_CHOSEN for event in events),
        APPROVE: any(event.what is AuditWhat.APPROVED and event.before is None for event in events),
        APPLY: any(event.what is AuditWhat.APPLIED for event in events),
        DELETE: is_deleted,
        UNDO: any(event.what is AuditWhat.UNDONE for event in events),
    }
    return frozenset(step for step, is_done in found.items() if is_done)


class DemoCard(QWidget):
    """Says that all of it is invented, and tells the story in sixty seconds."""

    step_asked = Signal(int)
    show_asked = Signal()
    start_over_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with no step gone and nothing told."""
        super().__init__(parent)
        self.setAccessibleName("Demo")
        self.steps = [
            button("", partial(self.step_asked.emit, step), "step", tip=tip) for step, tip in enumerate(_TIPS)
        ]
        self.start_over = button(
            "Start over", self.start_over_asked.emit, "quiet", tip="Bring the first minute back: a new invented firm"
        )
        self.told = CutLabel("")
        self.show_button = button("Sho&w", self.show_asked.emit, "quiet", tip="Go to the rows that this is about")
        self._arrows = [label("→", "muted") for _ in self.steps[1:]]
        parts: list[QWidget | int] = [self.steps[0]]
        for arrow, step in zip(self._arrows, self.steps[1:], strict=True):
            parts += [arrow, step]
        self._hint = ""
        self.show_button.hide()
        card = frame("header")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(0, 1, 0, 1)
        layout.setSpacing(0)
        layout.addLayout(row(*parts, 1, self.told, self.show_button, self.start_over, margins=(12, 0, 12, 0)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._stripes = DemoBand()
        self._lines = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._lines.setSpacing(0)
        self._lines.addWidget(self._stripes)
        self._lines.addWidget(card)
        whole.addLayout(self._lines)
        self._is_small = False
        self._next_step: int | None = None
        # In a narrow window the end of the story gives way, not the window's edge.
        self.setMinimumWidth(1)
        self.show_done(frozenset())

    def use_small(self, *, is_small: bool) -> None:
        """Be one line on a small screen: the stripes, and the next step beside them; the menu starts over."""
        self._is_small = is_small
        self._lines.setDirection(QBoxLayout.Direction.LeftToRight if is_small else QBoxLayout.Direction.TopToBottom)
        # The stripes take what the step leaves.
        self._lines.setStretch(0, int(is_small))
        self._show_steps()

    def _show_steps(self) -> None:
        for step, place in enumerate(self.steps):
            place.setVisible(not self._is_small or step == self._next_step)
        for part in (*self._arrows, self.told, self.start_over):
            part.setHidden(self._is_small)

    def show_done(self, done: frozenset[int]) -> None:
        """Tick the steps that were gone, and let the next one stand out."""
        next_step = self._next_step = next((step for step in range(len(_WORDS)) if step not in done), None)
        self._show_steps()
        for step, place in enumerate(self.steps):
            place.setText(f"{_TICK if step in done else step + 1}  {_WORDS[step]}")
            place.setAccessibleDescription(as_said("done" if step in done else ""))
            role = "small" if step == next_step else "step"
            if place.property("role") != role:
                place.setProperty("role", role)
                place.style().unpolish(place)
                place.style().polish(place)
        hint = _OVER if next_step is None else _HINTS[next_step]
        if hint != self._hint:
            self._hint = hint
            self._say(hint)

    def tell(self, text: str) -> None:
        """Say what happened, with a way to its rows, until another step is gone."""
        self._say(text)
        self.show_button.show()

    def lead_on(self) -> None:
        """Say what to do next, once what happened was looked at."""
        self._say(self._hint)

    def _say(self, text: str) -> None:
        self.told.setText(text)
        self.told.setToolTip(guessed_plain(text))
        self.show_button.hide()

    def texts(self) -> Sequence[str]:
        """Return what stands on the steps."""
        return [place.text() for place in self.steps]
