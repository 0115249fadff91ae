"""The bar below Review: what is ticked, and the buttons that approve and apply with counts and sums."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cmxero_desktop.domain.decisions import Action, Allowed, Verdict
from cmxero_desktop.domain.proposals import Proposal
from cmxero_desktop.domain.refusals import Refused
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.theme.formatting import plural, sums
from cmxero_desktop.ui.theme.words import kind_sums
from cmxero_desktop.ui.widgets.parts import allow, button, label, row


class ApprovalBar(QWidget):
    """Says what would happen before it happens; a disabled button says why."""

    approve_asked = Signal()
    apply_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with nothing ticked."""
        super().__init__(parent)
        self.status = label("Nothing ticked")
        self.reason = label(role="muted")
        self.approve_button = button("A&pprove ticked", self.approve_asked.emit)
        self.apply_button = button("Appl&y approved…", self.apply_asked.emit, "primary")
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.status)
        column.addWidget(self.reason)
        self.setLayout(row(words, 1, self.approve_button, self.apply_button))

    def show_rows(self, ticked: Sequence[ReviewRow], hidden: int, content: DeskContent, now: datetime) -> None:
        """Show counts and sums of the ticked and of the approved rows."""
        bulk = content.may(Action.APPROVE_IN_BULK, [r.stored for r in ticked], now)
        proposals = [row.stored.proposal for row in ticked]
        together = [p for p, answer in zip(proposals, bulk.rows, strict=True) if isinstance(answer, Allowed)]
        self.status.setText(_status(proposals, hidden) if ticked or hidden else "Nothing ticked")
        amount = f" - {sums(p.amount for p in together)}" if together else ""
        self.approve_button.setText(f"A&pprove {len(together)} ticked{amount}" if together else "A&pprove ticked")
        _offer(self.approve_button, bulk.whole, "Approve the ticked rows exactly as shown (Ctrl+Enter)")
        approved = [r.stored.proposal for r in content.approved]
        total = f" - {sums(p.amount for p in approved)}" if approved else ""
        self.apply_button.setText(f"Appl&y {len(approved)} approved{total}…" if approved else "Appl&y approved…")
        apply = content.may(Action.APPLY, [r.stored for r in content.approved], now)
        _offer(self.apply_button, apply.whole, "Write the approved changes to Case Manager (Ctrl+Shift+Enter)")
        self.reason.setText(_reason(bulk, apply))


def _status(proposals: Sequence[Proposal], hidden: int) -> str:
    return f"{len(proposals)} ticked - {kind_sums(proposals) or '0.00'}  |  {hidden} hidden by filter"


def _offer(place: QPushButton, answer: Allowed | Refused, tip: str) -> None:
    allow(place, str(answer) if isinstance(answer, Refused) else "", tip)


def _reason(bulk: Verdict, apply: Verdict) -> str:
    """Return the one sentence that matters most under the counts."""
    if isinstance(bulk.act, Refused):
        return bulk.act.reason
    alone = sum(isinstance(answer, Refused) for answer in bulk.rows)
    if alone and isinstance(bulk.whole, Refused):
        return str(bulk.whole)
    if alone:
        return f"{plural(alone, 'ticked row needs', 'ticked rows need')} a look of its own and stays out."
    return str(apply.whole) if apply.rows and isinstance(apply.whole, Refused) else ""
