"""The firm's people: who may approve, and which changes need the yes of two of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cmxero_desktop.domain.people import OF_PREPARERS, Person, Right, SecondRule, is_same_person
from cmxero_desktop.domain.proposals import PaymentValues, Proposal, ProposalKind


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
        names = self.approvers
        return bool(names) and all(is_same_person(name, names[0]) for name in names[1:])

    @property
    def knows_two(self) -> bool:
        """Whether there are changes here that two persons have to approve."""
        return self.rule is not SecondRule.OFF and not self.is_one_person

    def rights_of(self, person: Person) -> frozenset[Right]:
        """Return what a person may do; whoever does not approve may still prepare: hold, reject, note, explain."""
        may_all = not self.approvers or not person.name or person.is_one_of(self.approvers)
        return person.rights if may_all else person.rights & OF_PREPARERS

    def lets_approve(self, name: str) -> bool:
        """Say whether whoever has this name may approve."""
        return not self.approvers or Right.APPROVE in self.rights_of(Person(name))

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
        return self.names_two(proposal) and not self.is_one_person

    def asks_two_to_undo(self, proposal: Proposal) -> bool:
        """Say whether two persons have to want this change undone."""
        return self.names_two_to_undo(proposal) and not self.is_one_person

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
        return any(side is not None and abs(side.amount.amount) > self.above for side in sides)


SELF_APPROVED = "Self-approved: the firm's rule asks for two persons, and only one approves here."
"""What History and the list of changes say of it."""

ONE_DESKTOP = "Both persons said yes on this one desktop."
"""What History says where two names came from one place: whoever looks through it can ask."""

EVERYBODY = Office()
"""An office in which everybody may do everything, alone."""
