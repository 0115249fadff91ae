"""Who decides, what each person may do, and of which changes two persons have to say yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalKind


class Right(StrEnum):
    """What a person may be allowed to do. Looking needs no right."""

    DECIDE = "decide"
    APPROVE = "approve"
    RELEASE = "release"
    APPLY = "apply"
    UNDO = "undo"


EVERY_RIGHT = frozenset(Right)
_OF_PREPARERS = frozenset({Right.DECIDE})


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the name that stands beside each decision, and what that person may do where the firm lets everybody.

    Without a name it is anybody.
    """

    name: str
    rights: frozenset[Right] = EVERY_RIGHT

    def is_one_of(self, names: Iterable[str]) -> bool:
        """Say whether one of these names is this person's, however it was typed."""
        return any(is_same_person(self.name, name) for name in names)


def is_same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's: capitals and spaces make no other person."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return " ".join(name.casefold().split())


class SecondRule(StrEnum):
    """Of which changes two persons have to say yes."""

    OFF = "off"
    LARGE = "large"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The firm's people: who may approve, apply and undo, and which changes need the yes of two of them.

    Without `approvers` everybody may. With `LARGE` the second yes is needed for removals, for the parts of a move, and
    for what adds, changes or puts back an amount `above` this one; with `ALL` for all that is written.
    """

    approvers: tuple[str, ...] = ()
    rule: SecondRule = SecondRule.OFF
    above: Decimal = Decimal("5000.00")

    @property
    def is_one_person(self) -> bool:
        """Whether only one person approves here, so that nobody could say the second yes: it is marked instead."""
        return len({_bare(name) for name in self.approvers}) == 1

    def rights_of(self, person: Person) -> frozenset[Right]:
        """Return what a person may do; whoever does not approve may still prepare: hold, reject, note, explain."""
        may_all = not self.approvers or not person.name or person.is_one_of(self.approvers)
        return person.rights if may_all else person.rights & _OF_PREPARERS

    def names_two(self, proposal: Proposal) -> bool:
        """Say whether the rule is about this change, whoever is there to say yes."""
        return self._is_about(proposal, takes_away=proposal.kind is ProposalKind.REMOVE)

    def names_two_to_undo(self, proposal: Proposal) -> bool:
        """Say the same of taking this change back: an addition taken back is a removal."""
        return self._is_about(proposal, takes_away=proposal.kind is ProposalKind.ADD)

    def is_alone_with(self, proposal: Proposal) -> bool:
        """Say whether two persons should approve this change and there is only one."""
        return self.is_one_person and self.names_two(proposal)

    def is_alone_with_undo_of(self, proposal: Proposal) -> bool:
        """Say the same of taking it back."""
        return self.is_one_person and self.names_two_to_undo(proposal)

    def asks_two(self, proposal: Proposal) -> bool:
        """Say whether two persons have to approve this change."""
        return not self.is_one_person and self.names_two(proposal)

    def asks_two_to_undo(self, proposal: Proposal) -> bool:
        """Say whether two persons have to want this change undone."""
        return not self.is_one_person and self.names_two_to_undo(proposal)

    def _is_about(self, proposal: Proposal, *, takes_away: bool) -> bool:
        # An accept writes nothing, so there is nothing that a second person could prevent.
        if self.rule is SecondRule.OFF or proposal.kind is ProposalKind.ACCEPT:
            return False
        if self.rule is SecondRule.ALL:
            return True
        if proposal.kind is ProposalKind.LINK:
            return False
        return takes_away or bool(proposal.move_id) or self._is_large((proposal.before, proposal.after))

    def _is_large(self, sides: Iterable[PaymentValues | None]) -> bool:
        return any(side is not None and side.amount.amount > self.above for side in sides)


SELF_APPROVED = "Self-approved: the firm's rule asks for two persons, and only one approves here."
"""What History and the list of changes say of it."""

ONE_DESKTOP = "Both persons said yes on this one desktop."
"""What History says where two names came from one place: whoever looks through it can ask."""

EVERYBODY = Office()
"""An office in which everybody may do everything, alone."""
