"""Who has to say yes: what two persons are asked for, who may, and what waits with a row that only one approved."""

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.office import EVERYBODY, Office
from cmxero_desktop.domain.people import EVERY_RIGHT, Person, Right, SecondRule, is_same_person
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.seconding import first_yes_only, has_every_yes, is_own_yes, too_few, without_every_yes
from tests.domain.support import case, judged, snapshot, xero

ANN, BOB = Person("Ann"), Person("Bob")
ALL, LARGE = Office(rule=SecondRule.ALL), Office(rule=SecondRule.LARGE)


@dataclass(frozen=True)
class Agreed:
    proposal: Proposal
    yes_by: tuple[str, ...] = ()


def add(number: int = 1, amount: str = "400.00") -> Proposal:
    return judged(snapshot([xero(f"P{number}", amount)], invoice_total="99000")).proposals[0]


REMOVE = judged(snapshot([xero(deleted=True)], [case(names="P1")])).proposals[0]


def given_back(amount: str) -> Proposal:
    """Make a change of money that was given back: it counts by how much it is."""
    large = add(amount=amount)
    assert large.after is not None
    before = replace(large.after, amount=-large.after.amount)
    return replace(large, kind=ProposalKind.CHANGE, before=before, after=add().after)


def test_who_may_what() -> None:
    assert EVERYBODY.rights_of(ANN) == EVERY_RIGHT
    firm = Office(approvers=("ann ", "Cid"))
    assert firm.rights_of(Person(" ANN")) == EVERY_RIGHT
    assert firm.rights_of(BOB) == {Right.DECIDE}
    assert firm.rights_of(Person("")) == EVERY_RIGHT, "anybody"
    assert not firm.is_one_person
    assert Office(approvers=("Ann", " ann")).is_one_person, "typed twice, she is still one"
    assert not EVERYBODY.is_one_person


@given(st.text(alphabet="aAbB ", min_size=1).map(str.strip).filter(bool), st.text(alphabet="aAbB ", min_size=1))
def test_a_name_is_the_same_person_however_it_is_typed(one: str, other: str) -> None:
    assert is_same_person(one, f"  {one.upper()} ")
    assert is_same_person(one, other) == (one.casefold().split() == other.casefold().split())


@pytest.mark.parametrize(
    ("rule", "proposal", "approving", "undoing"),
    [
        (SecondRule.OFF, REMOVE, False, False),
        (SecondRule.LARGE, REMOVE, True, False),
        (SecondRule.LARGE, add(), False, True),
        (SecondRule.LARGE, add(amount="5000.01"), True, True),
        (SecondRule.LARGE, add(amount="5000.00"), False, True),
        (SecondRule.LARGE, given_back("9000.00"), True, True),
        (SecondRule.LARGE, replace(add(), move_id="m"), True, True),
        (SecondRule.LARGE, replace(add(amount="9000.00"), kind=ProposalKind.LINK), False, False),
        (SecondRule.ALL, replace(add(), kind=ProposalKind.LINK), True, True),
        (SecondRule.ALL, replace(add(), kind=ProposalKind.ACCEPT), False, False),
        (SecondRule.ALL, REMOVE, True, True),
    ],
)
def test_what_two_persons_are_asked_for(
    rule: SecondRule, proposal: Proposal, *, approving: bool, undoing: bool
) -> None:
    firm = Office(rule=rule)
    assert firm.asks_two(proposal) == approving
    assert firm.asks_two_to_undo(proposal) == undoing
    alone = Office(rule=rule, approvers=("Ann",))
    assert not alone.asks_two(proposal)
    assert not alone.asks_two_to_undo(proposal)
    assert alone.is_alone_with(proposal) == approving
    assert alone.is_alone_with_undo_of(proposal) == undoing
    assert not firm.is_alone_with(proposal)


def test_an_amount_that_becomes_small_is_large_all_the_same() -> None:
    change = add(amount="9000.00")
    change = replace(change, before=change.after, after=add().after)
    assert LARGE.asks_two(change)
    assert not replace(LARGE, above=Decimal("9000.00")).asks_two(change)


def test_how_many_said_yes() -> None:
    assert has_every_yes(Agreed(add(), ("Ann",)), EVERYBODY)
    assert not has_every_yes(Agreed(add(), ("Ann",)), ALL)
    assert has_every_yes(Agreed(add(), ("Ann", "Bob")), ALL)
    assert is_own_yes(Agreed(add(), ("Ann",)), ANN, ALL)
    assert not is_own_yes(Agreed(add(), ("Ann",)), BOB, ALL)
    assert not is_own_yes(Agreed(add(), ("Ann",)), ANN, EVERYBODY)


def test_what_waits_for_another_person_and_what_waits_with_it() -> None:
    small, removal = add(2), REMOVE
    after = replace(small, depends_on=(removal.proposal_id,))
    third = replace(add(3), depends_on=(small.proposal_id,))
    assert first_yes_only([Agreed(small)], ANN, LARGE) == frozenset()
    first = [Agreed(removal), Agreed(after), Agreed(third)]
    assert first_yes_only(first, ANN, LARGE) == {removal.proposal_id, small.proposal_id, third.proposal_id}
    second = [Agreed(removal, ("Ann",)), Agreed(after, ("Ann",)), Agreed(third)]
    assert first_yes_only(second, BOB, LARGE) == frozenset()
    assert first_yes_only([Agreed(removal, ("Ann",))], ANN, LARGE) == {removal.proposal_id}


def test_the_parts_of_a_move_wait_together() -> None:
    gone, new = replace(REMOVE, move_id="m"), replace(add(2), move_id="m")
    ids = {gone.proposal_id, new.proposal_id}
    assert first_yes_only([Agreed(gone, ("Ann",)), Agreed(new)], BOB, ALL) == ids, "one lost its first yes"
    assert first_yes_only([Agreed(gone, ("Ann",)), Agreed(new, ("Ann",))], BOB, ALL) == frozenset()


@pytest.mark.parametrize(
    ("names", "said"),
    [(("Ann",), "Ann alone approved it"), (("Cid", "Bob"), "Bob alone"), (("Cid",), "nobody who may by now")],
)
def test_only_the_yes_of_who_approves_by_now_counts(names: tuple[str, ...], said: str) -> None:
    firm = Office(rule=SecondRule.ALL, approvers=("Ann", "Bob"))
    assert said in str(too_few(names, firm))
    row = Agreed(add(), names)
    assert not has_every_yes(row, firm)
    assert without_every_yes([row], firm) == {row.proposal.proposal_id}
    assert without_every_yes([row], Office(rule=SecondRule.OFF)) == frozenset()
    assert has_every_yes(Agreed(add(), ("Ann", "Bob")), firm)
