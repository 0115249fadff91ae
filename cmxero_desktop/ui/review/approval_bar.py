"""The bar below Review: what is ticked, and the buttons that approve and apply with counts and sums."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmxero_desktop.domain.proposals import APPROVABLE_STATES, Proposal, ProposalState
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.theme.formatting import plural, sums
from cmxero_desktop.ui.theme.words import kind_sums
from cmxero_desktop.ui.widgets.parts import allow, button, label, row

OBSERVE = "The mode is Observe only: nothing may be approved or written."


def is_bulk(shown: ReviewRow) -> bool:
    """Say whether a ticked row may be approved together with others (R26)."""
    stored = shown.stored
    is_open = stored.state in APPROVABLE_STATES - {ProposalState.APPROVED, ProposalState.HELD}
    return is_open and stored.proposal.is_bulk_approvable


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

    def show_rows(self, ticked: Sequence[ReviewRow], hidden: int, content: DeskContent, *, is_fresh: bool) -> None:
        """Show counts and sums of the ticked and of the approved rows."""
        bulk = [r.stored.proposal for r in ticked if is_bulk(r)]
        alone = len(ticked) - len(bulk)
        self.status.setText(
            _status([r.stored.proposal for r in ticked], hidden) if ticked or hidden else "Nothing ticked"
        )
        amount = f" - {sums(p.amount for p in bulk)}" if bulk else ""
        self.approve_button.setText(f"A&pprove {len(bulk)} ticked{amount}" if bulk else "A&pprove ticked")
        why_not = _why_not_approve(content, len(bulk), alone)
        allow(self.approve_button, why_not, "Approve the ticked rows exactly as shown (Ctrl+Enter)")
        approved = [r.stored.proposal for r in content.approved]
        total = f" - {sums(p.amount for p in approved)}" if approved else ""
        self.apply_button.setText(f"Appl&y {len(approved)} approved{total}…" if approved else "Appl&y approved…")
        why_not_apply = _why_not_apply(content, len(approved), is_fresh=is_fresh)
        allow(self.apply_button, why_not_apply, "Write the approved changes to Case Manager (Ctrl+Shift+Enter)")
        self.reason.setText(_reason(why_not if ticked else "", alone, why_not_apply if approved else "", content))


def _status(proposals: Sequence[Proposal], hidden: int) -> str:
    return f"{len(proposals)} ticked - {kind_sums(proposals) or '0.00'}  |  {hidden} hidden by filter"


def _why_not_approve(content: DeskContent, bulk: int, alone: int) -> str:
    if not content.may_write:
        return OBSERVE
    if bulk:
        return ""
    if alone:
        return "Removals, flagged rows and rows on hold are approved one by one, with the button beside the evidence."
    return "Tick rows first (Space)."


def _why_not_apply(content: DeskContent, approved: int, *, is_fresh: bool) -> str:
    if not content.may_write:
        return OBSERVE
    if not approved:
        return "Nothing is approved yet."
    if not is_fresh:
        return "The data is too old to apply. Check Xero first (F5); the approvals stay."
    return ""


def _reason(approve: str, alone: int, apply: str, content: DeskContent) -> str:
    """Return the one sentence that matters most under the counts."""
    if not content.may_write:
        return OBSERVE
    if approve:
        return approve
    if alone:
        return f"{plural(alone, 'ticked row needs', 'ticked rows need')} a look of its own and stays out."
    return apply
