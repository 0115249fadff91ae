"""Proposals move only from the state that was seen, so nobody decides or applies one twice."""

from dataclasses import replace
from itertools import product

import pytest

from cmxero_desktop.domain.errors import NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from tests.adapters.store.examples import NOON, ONE_PM, stored_proposal


def add(store: Store, *proposals: StoredProposal) -> None:
    with store.begin() as unit:
        unit.proposals.add(proposals)
        unit.commit()


def approved(stored: StoredProposal) -> StoredProposal:
    return replace(stored, state=ProposalState.APPROVED, decision=Decision(by="Kim", at=ONE_PM))


def test_a_proposal_comes_back_by_each_of_its_names(store: Store) -> None:
    stored = stored_proposal()
    add(store, stored, stored_proposal("e" * 64))
    with store.read() as unit:
        assert unit.proposals.by_fingerprint([stored.fingerprint]) == {stored.fingerprint: stored}
        assert unit.proposals.by_id([stored.proposal_id, "p-none"]) == {stored.proposal_id: stored}
        assert unit.proposals.by_fingerprint([Fingerprint("none")]) == {}


def test_proposals_by_number_and_first_seen_in_the_states_asked_for(store: Store) -> None:
    late = stored_proposal("a" * 64, number="CM-1", first_seen_at=ONE_PM)
    early = stored_proposal("b" * 64, number="CM-1")
    held = stored_proposal("c" * 64, ProposalState.HELD, number="CM-0")
    add(store, late, early, held)
    with store.read() as unit:
        assert unit.proposals.in_states(tuple(ProposalState)) == (held, early, late)
        assert unit.proposals.in_states({ProposalState.PROPOSED}) == (early, late)
        assert unit.proposals.in_states(frozenset()) == ()


def test_those_of_some_invoices_are_what_filtering_all_of_them_gives(store: Store) -> None:
    """Whatever the numbers look like: a number that begins another one, other capitals, quotes, or none at all."""
    numbers = ["CM-1", "CM-10", "cm-1", " CM-1", "CM-1%", "CM-'1'", "CM-Ü", ""]
    states = [ProposalState.PROPOSED, ProposalState.HELD, ProposalState.APPLIED]
    rows = [
        stored_proposal(f"{place:064x}", state, number=number, first_seen_at=when)
        for place, (number, state, when) in enumerate(product(numbers, states, [ONE_PM, NOON]))
    ]
    add(store, *rows)
    with store.read() as unit:
        for wanted in ([], ["CM-1"], ["CM-1", "CM-1", "CM-none"], ["CM-'1'", ""], numbers):
            for asked in ([], states[:1], states[1:], states):
                expected = tuple(s for s in unit.proposals.in_states(asked) if s.proposal.invoice_number in wanted)
                assert unit.proposals.of_invoices(wanted, asked) == expected
                assert len(expected) == 2 * len(asked) * len(set(wanted) - {"CM-none"})


def test_more_invoices_than_fit_into_one_statement_come_in_order(store: Store) -> None:
    rows = [stored_proposal(f"{place:064x}", number=f"CM-{5000 - place}") for place in range(2100)]
    add(store, *rows)
    with store.read() as unit:
        found = unit.proposals.of_invoices([s.proposal.invoice_number for s in rows], {ProposalState.PROPOSED})
        assert found == unit.proposals.in_states({ProposalState.PROPOSED})
        assert len(found) == 2100


def test_a_proposal_whose_number_changed_is_found_by_the_new_one(store: Store) -> None:
    before = stored_proposal()
    after = replace(before, proposal=replace(before.proposal, invoice_number="CM-200"))
    add(store, before)
    with store.begin() as unit:
        unit.proposals.update([(after, ProposalState.PROPOSED)])
        unit.commit()
    with store.read() as unit:
        assert unit.proposals.of_invoices(["CM-100"], {ProposalState.PROPOSED}) == ()
        assert unit.proposals.of_invoices(["CM-200"], {ProposalState.PROPOSED}) == (after,)


def decided(fingerprint: str, decision: str, state: ProposalState = ProposalState.PROPOSED) -> StoredProposal:
    stored = stored_proposal(fingerprint * 64, state, number=f"CM-{fingerprint}")
    return replace(stored, proposal=replace(stored.proposal, decision=Fingerprint(decision)))


def test_proposals_are_found_by_what_is_decided_by_them(store: Store) -> None:
    """One decision may be of several proposals: what they rest on beside it has changed."""
    open_one, no, over = decided("a", "yes"), decided("b", "yes", ProposalState.REJECTED), decided("c", "'other'")
    add(store, over, no, open_one, decided("d", ""), decided("e", "yes", ProposalState.APPLIED))
    with store.read() as unit:
        states = {ProposalState.PROPOSED, ProposalState.REJECTED}
        assert unit.proposals.of_decisions([Fingerprint("yes"), Fingerprint("none")], states) == (open_one, no)
        assert unit.proposals.of_decisions([Fingerprint("'other'")], states) == (over,)
        assert unit.proposals.of_decisions([Fingerprint("yes")], {ProposalState.REJECTED}) == (no,)
        assert unit.proposals.of_decisions([], states) == ()


def test_a_proposal_of_another_decision_is_found_by_the_new_one(store: Store) -> None:
    before, after = decided("a", "yes"), decided("a", "other")
    add(store, before)
    with store.begin() as unit:
        unit.proposals.update([(after, ProposalState.PROPOSED)])
        unit.commit()
    with store.read() as unit:
        assert unit.proposals.of_decisions([Fingerprint("yes")], {ProposalState.PROPOSED}) == ()
        assert unit.proposals.of_decisions([Fingerprint("other")], {ProposalState.PROPOSED}) == (after,)


def test_the_removal_limits_know_what_they_hold_and_what_was_released(store: Store) -> None:
    plain, held = stored_proposal("a" * 64), over_limit(stored_proposal("b" * 64))
    released = replace(held_of("c"), release=Decision(by="Kim", at=ONE_PM), state=ProposalState.APPROVED)
    gone = replace(held_of("d"), state=ProposalState.SUPERSEDED)
    add(store, plain, held, released, gone)
    with store.read() as unit:
        assert unit.proposals.limited() == (held, released)
    lifted = replace(held, proposal=replace(held.proposal, flags=frozenset()))
    with store.begin() as unit:
        unit.proposals.update(
            [(lifted, ProposalState.PROPOSED), (over_limit(plain), ProposalState.PROPOSED)],
        )
        unit.commit()
    with store.read() as unit:
        assert unit.proposals.limited() == (over_limit(plain), released)


def over_limit(stored: StoredProposal) -> StoredProposal:
    return replace(stored, proposal=replace(stored.proposal, flags=frozenset({Flag.OVER_LIMIT})))


def held_of(letter: str) -> StoredProposal:
    return over_limit(stored_proposal(letter * 64))


def test_an_update_stores_the_whole_story(store: Store) -> None:
    add(store, stored_proposal())
    with store.begin() as unit:
        unit.proposals.update([(approved(stored_proposal()), ProposalState.PROPOSED)])
        unit.commit()
    with store.read() as unit:
        assert unit.proposals.in_states({ProposalState.APPROVED}) == (approved(stored_proposal()),)
        assert unit.proposals.in_states({ProposalState.PROPOSED}) == ()


def test_a_proposal_that_has_moved_on_is_refused_by_name_and_state(store: Store) -> None:
    add(store, stored_proposal(state=ProposalState.REJECTED))
    with store.begin() as unit, pytest.raises(NotAllowedError) as raised:
        unit.proposals.update([(approved(stored_proposal()), ProposalState.PROPOSED)])
    assert "p-ffffffffffff of invoice CM-100 is rejected by now" in raised.value.message
    assert raised.value.remedy


def test_a_proposal_that_is_not_there_is_refused(store: Store) -> None:
    with store.begin() as unit, pytest.raises(NotAllowedError, match="not in the store"):
        unit.proposals.update([(approved(stored_proposal()), ProposalState.PROPOSED)])


def test_the_same_fingerprint_cannot_be_added_twice(store: Store) -> None:
    add(store, stored_proposal())
    with pytest.raises(StoreError):
        add(store, stored_proposal())


def test_a_short_name_that_means_two_proposals_is_refused(store: Store) -> None:
    one, other = stored_proposal("f" * 64), stored_proposal("f" * 63 + "e")
    add(store, one, other)
    with store.read() as unit, pytest.raises(NotAllowedError, match="stands for two"):
        unit.proposals.by_id([one.proposal_id])
