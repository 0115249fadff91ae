"""Proposals move only from the state that was seen, so nobody decides or applies one twice."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.errors import NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from tests.adapters.store.examples import ONE_PM, stored_proposal


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
