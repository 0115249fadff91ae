"""The bar below Review: what is ticked, and the buttons that approve and apply with counts and sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cmxero_desktop.domain.approving import NextApproval
from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.decisions import Action, Allowed, Verdict
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.refusals import Refused, Why, refused, together
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.two_persons import turn_words
from cmxero_desktop.ui.review.stepper import Stepper
from cmxero_desktop.ui.theme.formatting import count, plural, sums
from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.theme.words import KIND_NOUN, effect, kind_counts
from cmxero_desktop.ui.widgets.parts import PartsLabel, allow, button, in_role, label, row

_NOTHING = "Nothing ticked"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarTexts:
    """What stands on the bar, and whether its buttons may be pressed."""

    status: str
    approve: str
    may_approve: Allowed | Refused
    apply: str
    may_apply: Allowed | Refused
    reason: str


@dataclass(frozen=True, slots=True)
class Unseen:
    """Ticks that are not in sight: how many a filter hides, which do not count, and the names of the folded ones.

    What is folded counts, and is said where it does: on the line of its group, on the bar, and on the button.
    """

    hidden: int = 0
    folded: frozenset[str] = frozenset()


class ApprovalBar(QWidget):
    """Says what would happen before it happens; a disabled button says why."""

    approve_asked = Signal()
    apply_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with nothing ticked."""
        super().__init__(parent)
        # Sentences of any length: they take another line, never a wider window.
        self.status = label(_NOTHING, is_wrapped=True)
        self.reason = label(role="muted", is_wrapped=True)
        # On a small screen rows come before the second line of a reason, which the mouse brings.
        self.brief_reason = in_role(PartsLabel(), "muted")
        self._is_small = False
        self.approve_button = button("A&pprove ticked", self.approve_asked.emit)
        self.apply_button = button("Appl&y approved…", self.apply_asked.emit, "primary")
        self.stepper = Stepper()
        # Beside two long buttons the words would have no room in a narrow window: they stand above.
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(1)
        outer.addWidget(self.status)
        outer.addWidget(self.reason)
        outer.addWidget(self.brief_reason)
        outer.addLayout(row(self.stepper, 1, self.approve_button, self.apply_button))

    def show_texts(self, texts: BarTexts) -> None:
        """Show counts and sums of the ticked and of the approved rows."""
        self._show_status(texts.status)
        self.approve_button.setText(texts.approve)
        _offer(self.approve_button, texts.may_approve, "Approve these rows exactly as shown (Ctrl+Enter)")
        self.apply_button.setText(texts.apply)
        _offer(self.apply_button, texts.may_apply, "Write the approved changes to Case Manager (Ctrl+Shift+Enter)")
        self.reason.setText(texts.reason)
        self.brief_reason.setText(texts.reason)
        self.brief_reason.setToolTip(guessed_plain(texts.reason))
        self._show_reason()

    def use_small(self, *, is_small: bool) -> None:
        """Give a reason one line on a small screen."""
        self._is_small = is_small
        self._show_reason()

    def _show_reason(self) -> None:
        has_reason = bool(self.reason.text())
        self.reason.setVisible(has_reason and not self._is_small)
        self.brief_reason.setVisible(has_reason and self._is_small)

    def show_counting(self, ticked: int) -> None:
        """Say how many rows are ticked, until it is known what one yes to them would do."""
        self._show_status(f"{count(ticked)} ticked, adding up…")
        self.approve_button.setText("A&pprove ticked")
        allow(self.approve_button, "What these rows come to is still being added up.")

    def _show_status(self, text: str) -> None:
        """Say what is ticked, or while nothing is how far the work is."""
        self.status.setText(text)
        self.status.setVisible(text != _NOTHING)
        self.stepper.setVisible(text == _NOTHING)
        # With nothing to approve by it the button would only take the steps' room; the menu says why it does nothing.
        self.approve_button.setVisible(text != _NOTHING)


def bar_texts(ticked: Sequence[ReviewRow], unseen: Unseen, content: DeskContent, now: datetime) -> BarTexts:
    """Return what the bar says of ticked rows that are shown, and of `unseen` ones; any thread may ask."""
    upcoming = content.next_approval(ticked, now)
    proposals = [row.stored.proposal for row in ticked]
    approved = [r.stored.proposal for r in content.approved]
    apply = content.may(Action.APPLY, [r.stored for r in content.approved], now)
    may_apply = apply.whole if approved or isinstance(apply.act, Refused) else refused(Why.NONE_APPROVED)
    approve = f"{_approve_text(upcoming)}{turn_words(upcoming.rows, content)}"
    return BarTexts(
        status=_status(proposals, upcoming, unseen) if ticked or unseen.hidden else _NOTHING,
        approve=f"{approve}{_of_them_folded(upcoming.rows, unseen)}",
        may_approve=upcoming.verdict.whole,
        apply=f"Appl&y {len(approved)} approved - {effect(approved)}…" if approved else "Appl&y approved…",
        may_apply=may_apply,
        reason=_reason(upcoming, apply),
    )


def _of_them_folded(rows: Sequence[StoredProposal], unseen: Unseen) -> str:
    """Say on the button how many of the rows that it approves are folded away."""
    folded = sum(stored.proposal_id in unseen.folded for stored in rows)
    return f" ({count(folded)} folded)" if folded else ""


def _status(proposals: Sequence[Proposal], upcoming: NextApproval[StoredProposal], unseen: Unseen) -> str:
    folded = len(unseen.folded)
    parts = (
        f"{len(proposals)} ticked: {_sorted_out(proposals, upcoming)}" if proposals else "None shown is ticked",
        f"{count(folded)} of them in folded groups" if folded else "",
        f"{plural(unseen.hidden, 'tick')} hidden by filters" if unseen.hidden else "",
    )
    return "  |  ".join(part for part in parts if part)


def _sorted_out(proposals: Sequence[Proposal], upcoming: NextApproval[StoredProposal]) -> str:
    """Say what approving the ticked rows comes to; what it cannot bring is counted, and is in no sum."""
    here = [stored.proposal for stored in (*upcoming.rows, *upcoming.later)]
    ids = {proposal.proposal_id for proposal in here}
    rest = [proposal for proposal in proposals if proposal.proposal_id not in ids]
    never = sum(bool(proposal.blocking_flags) for proposal in rest)
    said = min(_own_yeses(upcoming.verdict), len(rest) - never)
    parts = (
        f"{kind_counts(here)} - {effect(here)}" if here else "",
        f"{len(rest) - never - said} one by one" if len(rest) > never + said else "",
        f"{said} for another person" if said else "",
        f"{never} cannot be approved" if never else "",
    )
    return ", ".join(part for part in parts if part)


def _approve_text(upcoming: NextApproval[StoredProposal]) -> str:
    """Say what one yes would approve: of one kind, or one whole, after which the sheet asks."""
    proposals = [stored.proposal for stored in upcoming.rows]
    if not proposals:
        return "A&pprove ticked"
    if upcoming.is_bulk:
        return f"A&pprove {_counted(proposals)}"
    if proposals[0].move_id:
        moved = sums(p.amount for p in proposals if p.kind is ProposalKind.REMOVE)
        return f"A&pprove move of {moved}…"
    verb = "Re&lease" if upcoming.verdict.action is Action.RELEASE else "A&pprove"
    return f"{verb} {_counted(proposals)}…"


def _counted(proposals: Sequence[Proposal]) -> str:
    noun = KIND_NOUN[proposals[0].kind]
    return f"{plural(len(proposals), noun)} - {effect(proposals)}"


def _offer(place: QPushButton, answer: Allowed | Refused, tip: str) -> None:
    allow(place, str(answer) if isinstance(answer, Refused) else "", tip)


def _reason(upcoming: NextApproval[StoredProposal], apply: Verdict) -> str:
    """Return what matters most under the counts: what closes either button, what waits for the next yes and stays out.

    What closes applying closes in part approving too, and is all of what is to be mended, in its order.
    """
    bulk = upcoming.verdict
    if isinstance(bulk.act, Refused):
        acts = (*((apply.act,) if apply.rows else ()), bulk.act)
        return str(together(act for act in acts if isinstance(act, Refused)))
    out_of_it, said = sum(isinstance(answer, Refused) for answer in bulk.rows), _own_yeses(bulk)
    if out_of_it and isinstance(bulk.whole, Refused):
        return str(bulk.whole)
    alone = out_of_it - said
    after = _later([stored.proposal for stored in upcoming.later])
    own = "a look of its own and stays out." if alone == 1 else "a look of their own and stay out."
    out = f"{plural(alone, 'ticked row needs', 'ticked rows need')} {own}" if alone else ""
    others = f"To {plural(said, 'ticked row')} you said yes: another person approves {'it' if said == 1 else 'them'}."
    if words := " ".join(part for part in (after, out, others if said else "") if part):
        return words
    return str(apply.whole) if apply.rows and isinstance(apply.whole, Refused) else ""


def _own_yeses(verdict: Verdict) -> int:
    """Count the rows that wait for another person, because whoever sits here said yes to them."""
    return sum(isinstance(answer, Refused) and answer.why is Why.OWN_YES for answer in verdict.rows)


def _later(proposals: Sequence[Proposal]) -> str:
    """Say what the button offers after this: one kind at a time, changes before additions."""
    groups = [[p for p in proposals if p.kind is kind] for kind in BULK_ORDER]
    return f"Then: {', '.join(_counted(group) for group in groups if group)}." if proposals else ""
