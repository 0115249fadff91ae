"""The three steps of the work below Review: what waits, what is approved, and what was applied today."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, time
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.proposals import Proposal, ProposalState
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.theme.formatting import count, plural
from cmxero_desktop.ui.theme.words import effect
from cmxero_desktop.ui.widgets.parts import GAP, button, label, row

TO_APPROVE, APPROVED, APPLIED = range(3)
_TIPS = (
    "Show what waits for a decision",
    "Show what is approved and not written yet",
    "Show what was written, to undo it",
)


def step_texts(content: DeskContent, now: datetime) -> tuple[str, str, str]:
    """Return what the steps say; what was applied and undone since does not count."""
    approved = [row.stored.proposal for row in content.approved]
    midnight = datetime.combine(now.astimezone().date(), time.min).astimezone()
    today = len(content.applied_at) - bisect_left(content.applied_at, midnight)
    return (
        f"1  To approve {count(len(content.to_approve))}",
        f"2  Approved {count(len(approved))}{_sum_of(approved)}{_lacking_a_yes(content)}",
        f"3  Applied today {count(today)}",
    )


def _sum_of(approved: Sequence[Proposal]) -> str:
    return f" ({_short(effect(approved))})" if approved else ""


def _lacking_a_yes(content: DeskContent) -> str:
    """Say how many approved rows lack another yes, or are right only with such a row: View, Approved has them."""
    lacking = content.by_state.get(ProposalState.APPROVED, 0) - len(content.approved)
    return f", {plural(lacking, 'lacks', 'lack')} a yes" if lacking > 0 else ""


def _short(text: str) -> str:
    """Leave out whose effect it is: the button beside the steps says it in full."""
    return text.removeprefix("Case Manager ")


class Stepper(QWidget):
    """Says how far the work is; each step shows its rows."""

    step_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without figures."""
        super().__init__(parent)
        self.steps = tuple(button("", partial(self.step_asked.emit, n), "step", tip=tip) for n, tip in enumerate(_TIPS))
        self.arrows = tuple(label("→", "muted") for _ in _TIPS[1:])
        first, second, third = self.steps
        self.setLayout(row(first, self.arrows[0], second, self.arrows[1], third, 1))
        # In a narrow window its end gives way, not the window's edge.
        self.setMinimumWidth(1)

    def sizeHint(self) -> QSize:
        """Want room for all steps, whether they are shown now or not."""
        return QSize(sum(self._widths()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the last steps where there is no room: half a figure would be another one."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        left = self.width()
        for place, (step, width) in enumerate(zip(self.steps, self._widths(), strict=True)):
            left -= width
            step.setVisible(left >= 0)
            if place:
                self.arrows[place - 1].setVisible(left >= 0)

    def _widths(self) -> list[int]:
        """Return how wide each step is, with the arrow before it."""
        arrow = 2 * GAP + self.arrows[0].sizeHint().width()
        return [step.sizeHint().width() + (arrow if place else 0) for place, step in enumerate(self.steps)]

    def show_steps(self, texts: tuple[str, str, str]) -> None:
        """Show the figures."""
        for step, text in zip(self.steps, texts, strict=True):
            step.setText(text)
        self.updateGeometry()
        self._make_room()
