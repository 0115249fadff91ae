"""Two desktops on one store: the one that slept through its lease stores nothing of its check (R35)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from cmxero_desktop.adapters.store import SqlStore, sharing
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.records import PaymentStatus
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from tests.services.desk import NOV_1, Desk


class SleepyStore:
    """A store whose desktop falls asleep once, just before a transaction of its choice."""

    def __init__(self, store: Store, at: int, sleep: Callable[[], object]) -> None:
        self._store, self._left, self._sleep = store, at, sleep

    @property
    def has_slept(self) -> bool:
        return self._left <= 0

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        self._left -= 1
        if self._left == 0:
            self._sleep()
        with self._store.begin() as unit:
            yield unit

    def read(self) -> AbstractContextManager[UnitOfWork]:
        return self._store.read()


@pytest.mark.parametrize("is_free_again", [False, True], ids=["the other has the lease", "the other is gone as well"])
def test_r35_wherever_a_desktop_sleeps_it_stores_nothing_older_than_what_is_there(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, *, is_free_again: bool
) -> None:
    """Whichever transaction it slept before: what it read from before the deletion never comes back."""
    office = Desk(store)
    office.bill()
    now = [datetime.now(UTC)]
    monkeypatch.setattr(sharing, "own_time", lambda _: now[0])
    outcomes = []
    for at in count(1):
        payment = office.xero.pay("CM-100", "7.00", NOV_1, f"TT {at}")
        held: list[object] = []

        def sleep(payment: XeroPaymentId = payment, held: list[object] = held) -> None:
            now[0] += timedelta(days=1)
            office.xero.delete(payment)
            other = desk_of(office, "desk-2")
            other.poll(is_full=True)
            held.append(standing(other))
            now[0] += timedelta(days=1) if is_free_again else timedelta()

        asleep = desk_of(office, "desk-1")
        asleep.store = sleepy = SleepyStore(asleep.store, at, sleep)  # type: ignore[assignment]  # a store as well
        outcomes.append(asleep.polling.poll(PollAsk()).outcome)
        if not sleepy.has_slept:
            break
        with store.read() as unit:
            assert unit.facts.payments_by_id([payment])[payment].status is PaymentStatus.DELETED, at
        assert standing(asleep) == held[0], at
        now[0] += timedelta(days=1)
    assert len(outcomes) > 6
    # Before it began, the lease was free or not; once it has stored everything, only the end of it is to be noted.
    assert set(outcomes[1:-4]) == {PollOutcome.ELSEWHERE}


def desk_of(office: Desk, holder: str) -> Desk:
    """Return another desktop of the office, before the same Xero and the same Case Manager."""
    desk = Desk(office.store.store)
    desk.desk = replace(desk.desk, holder=holder, label=holder)
    desk.xero, desk.case, desk.clock, desk.new_id = office.xero, office.case, office.clock, office.new_id
    return desk


def standing(desk: Desk) -> object:
    """Return all that correlation found, whoever looked."""
    view = desk.view()
    return view.matched, view.unmatched, view.skipped, view.review
