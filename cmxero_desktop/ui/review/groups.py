"""Review by risk: the groups of its rows, and the head of each, which approves what needs no look of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from cmxero_desktop.domain.acts import deleted_batch
from cmxero_desktop.domain.approving import bulk_kinds
from cmxero_desktop.domain.decisions import Action, Allowed, approval_of
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.refusals import Refused
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.two_persons import turn_words
from cmxero_desktop.ui.theme.formatting import count, signed_sums
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain
from cmxero_desktop.ui.widgets.parts import allow, button, label, row

ANOTHER = "another person"
"""The group of what whoever sits here said yes to as the first of two: others decide now."""

Group = ProposalKind | str | None

# In the order in which they lie below each other; None are the rows that go with no others.
GROUPS: tuple[Group, ...] = (
    None,
    ProposalKind.ADD,
    ProposalKind.LINK,
    ProposalKind.CHANGE,
    ProposalKind.ACCEPT,
    ANOTHER,
)
_TITLES: Mapping[Group, str] = {
    None: "Needs a look",
    ProposalKind.ADD: "Plain additions",
    ProposalKind.LINK: "Links",
    ProposalKind.CHANGE: "Changes",
    ProposalKind.ACCEPT: "Agree in sum",
    ANOTHER: "Wait for another person",
}
_SAID_YES = "you said yes to these; another person approves them too"
_NUMBERS: dict[Group, int] = {kind: number for number, kind in enumerate(GROUPS)} | {ProposalKind.REMOVE: 0}
_NO_MONEY = frozenset({ProposalKind.LINK, ProposalKind.ACCEPT})
_ALONE, _TINTED = "each is decided alone", "what differs between the two lines is tinted"


def groups_of(rows: Sequence[ReviewRow], content: DeskContent, now: datetime) -> bytes:
    """Return the number of each row's group; any thread may ask.

    What was tried in vain, or was on hold until today, needs a look.
    """
    kinds = bulk_kinds([shown.stored for shown in rows], content.situation(now))

    def group(stored: StoredProposal, kind: ProposalKind | None) -> Group:
        if content.waits_for_another(stored):
            return ANOTHER
        return None if stored.outcome or stored.hold_ended else kind

    return bytes(_NUMBERS[group(shown.stored, kind)] for shown, kind in zip(rows, kinds, strict=True))


@dataclass(frozen=True, slots=True)
class HeadTexts:
    """What a head's button says, whether it may be pressed, and how rows that need a look are decided."""

    approve: str
    may_approve: Allowed | Refused
    looks: str


def head_texts(rows: Sequence[ReviewRow], content: DeskContent, now: datetime) -> HeadTexts:
    """Return what one yes to a group's rows would approve; any thread may ask."""
    upcoming = content.next_approval(rows, now)
    could = len(upcoming.rows)
    some = count(could) if could in {0, len(rows)} else f"{count(could)} of {count(len(rows))}"
    approve = f"Approve {some}" if could else f"Approve {count(len(rows))}"
    return HeadTexts(f"{approve}{turn_words(upcoming.rows, content)}", upcoming.verdict.whole, look_words(rows))


def look_words(rows: Sequence[ReviewRow]) -> str:
    """Say of rows that need a look which of them one yes can take together, and that all others go alone (R26, R27).

    Any thread may ask.
    """
    held = sum(approval_of(shown.stored) is Action.RELEASE for shown in rows)
    proposals = [shown.stored.proposal for shown in rows if approval_of(shown.stored) is not Action.RELEASE]
    moved = sum(bool(proposal.move_id) for proposal in proposals)
    batches = Counter(batch for proposal in proposals if (batch := deleted_batch(proposal)) and not proposal.move_id)
    deleted = sum(number for number in batches.values() if number > 1)
    others = len(proposals) - moved - deleted
    parts = (
        f"{count(held)} held by the limit can be released together, once ticked" if held else "",
        "the parts of a move go together" if moved else "",
        f"{count(deleted)} that Xero deleted with their batch can go together, once ticked" if deleted else "",
        f"{'each other' if held or moved or deleted else 'each'} is decided alone" if others else "",
    )
    said = "; ".join(part for part in parts if part) or _ALONE
    return f"{said}; {_TINTED}" if said == _ALONE else said


class GroupHead(QFrame):
    """Names a group, its count and its effect, and approves all of it that is shown."""

    approve_asked = Signal()

    def __init__(self, kind: Group, parent: QWidget | None = None) -> None:
        """Be the head of the rows that are approved together as this kind, or of those that go with no others."""
        super().__init__(parent)
        self._kind = kind
        self.title, self.effect = label(role="title"), label(role="muted")
        self.approve_button = button("", self.approve_asked.emit, "small")
        self.approve_button.setVisible(isinstance(kind, ProposalKind))
        self.setProperty("role", "head")
        self.setLayout(row(self.title, self.effect, 1, self.approve_button, margins=(8, 1, 8, 1)))

    def show_size(self, size: int, effects: Sequence[Money]) -> None:
        """Show how many rows there are, and what they do to Case Manager."""
        self.title.setText(f"{_TITLES[self._kind]} {count(size)}")
        if self._kind is None:
            said = _TINTED
        elif self._kind == ANOTHER:
            said = _SAID_YES
        else:
            said = "no money moves" if self._kind in _NO_MONEY else f"Case Manager {signed_sums(effects)}"
        self.say(said)
        self.approve_button.setText(f"Approve {count(size)}")
        allow(self.approve_button, "What these rows come to is still being added up.")

    def say(self, words: str) -> None:
        """Say what its rows come to, or how they are decided."""
        self.effect.setText(words)
        self.effect.setToolTip(guessed_plain(words))
        self.setAccessibleName(as_said(f"{self.title.text()}, {words}"))

    def show_texts(self, texts: HeadTexts) -> None:
        """Show what the button would approve, or why it may not be pressed; without one, how its rows are decided."""
        if self._kind is None:
            self.say(texts.looks)
        if not isinstance(self._kind, ProposalKind):
            return
        why_not = str(texts.may_approve) if isinstance(texts.may_approve, Refused) else ""
        self.approve_button.setText(texts.approve)
        allow(self.approve_button, why_not, f"Approve these {_TITLES[self._kind].lower()} as shown (Ctrl+G)")
