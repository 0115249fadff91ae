"""Several desktops on one store: time is the store's own, and of two people who decide at once one is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.adapters.store import SqlStore, sharing
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.proposals import ProposalState
from tests.adapters.store.contract.test_proposals import add, approved
from tests.adapters.store.contract.test_sharing import AN_HOUR, standing, take
from tests.adapters.store.examples import run, stored_proposal
from tests.support.patience import HUNG_S


def test_a_lease_that_ran_out_is_free(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first = take(store, "a")
    monkeypatch.setattr(sharing, "own_time", lambda _: first.until)
    assert standing(store) is None
    with store.read() as unit:
        # It ran out, but nobody took it: a check of the one that had it may still be stored.
        assert unit.sharing.is_last_lease(first.number)
    second = take(store, "b")
    assert (second.holder, second.number) == ("b", first.number + 1)
    with store.read() as unit:
        assert not unit.sharing.is_last_lease(first.number)


def test_time_is_the_store_s_own(store: SqlStore) -> None:
    """On PostgreSQL it is the server's: a desktop whose clock is wrong cannot take another's lease."""
    until = take(store, "a").until
    assert abs(until - datetime.now(UTC) - AN_HOUR) < timedelta(minutes=5)


def test_only_the_newest_runs_are_kept(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmxero_desktop.adapters.store.polls._RUNS_KEPT", 3)
    with store.begin() as unit:
        for number in range(5):
            unit.polling.save_run(replace(run(), run_id=f"r-{number}"))
        assert [each.run_id for each in unit.polling.runs(9)] == ["r-4", "r-3", "r-2"]


def test_of_two_people_at_once_one_is_refused(store_url: str) -> None:
    """Both desktops saw the same proposal; the second waits for the first and then finds it decided."""
    desktops = [SqlStore(store_url, busy_timeout_s=HUNG_S) for _ in range(2)]
    add(desktops[0], stored_proposal())

    def approve(desktop: SqlStore) -> str:
        try:
            with desktop.begin() as unit:
                unit.proposals.update([(approved(stored_proposal()), ProposalState.PROPOSED)])
                unit.commit()
        except NotAllowedError:
            return "refused"
        return "approved"

    with ThreadPoolExecutor(2) as people:
        outcomes = sorted(people.map(approve, desktops))
    for desktop in desktops:
        desktop.close()
    assert outcomes == ["approved", "refused"]
