"""What the desktops of a shared store agree about: one checks Xero, and all count their requests together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.runs import Lease
from tests.adapters.store.examples import event, run, tracked, unreadable, xero_invoice, xero_payment

AN_HOUR = timedelta(hours=1)


def take(store: Store, holder: str) -> Lease:
    with store.begin() as unit:
        lease = unit.sharing.take_lease(holder, holder.upper(), AN_HOUR)
        unit.commit()
    return lease


def standing(store: Store) -> Lease | None:
    with store.read() as unit:
        return unit.sharing.lease()


def test_nobody_has_the_lease_of_a_new_store(store: Store) -> None:
    assert standing(store) is None


def test_the_first_desktop_that_asks_has_the_lease_and_renews_it(store: Store) -> None:
    first = take(store, "a")
    again = take(store, "a")
    assert (first.holder, again.holder, again.label) == ("a", "a", "A")
    assert again.until > first.until
    assert standing(store) == again


def test_a_second_desktop_is_told_who_has_it_and_changes_nothing(store: Store) -> None:
    first = take(store, "a")
    assert take(store, "b") == first
    assert standing(store) == first


def is_last(store: Store, number: int) -> bool:
    with store.read() as unit:
        return unit.sharing.is_last_lease(number)


def test_a_lease_keeps_its_number_while_one_desktop_has_it(store: Store) -> None:
    assert not is_last(store, 1)
    first = take(store, "a")
    assert take(store, "a").number == first.number == take(store, "b").number
    assert is_last(store, first.number)
    assert not is_last(store, first.number + 1)


def test_each_writer_has_a_lease_of_its_own_until_it_ends_or_runs_out(store: Store) -> None:
    with store.begin() as unit:
        first = unit.sharing.begin_writing("a", AN_HOUR)
        second = unit.sharing.begin_writing("b", AN_HOUR)
        gone = unit.sharing.begin_writing("b", timedelta(0))
        unit.commit()
    assert len({first, second, gone}) == 3
    with store.begin() as unit:
        assert unit.sharing.writing_elsewhere("a") == {second}
        assert unit.sharing.writing_elsewhere("c") == {first, second}
        assert unit.sharing.go_on_writing(gone, AN_HOUR), "nobody ended it meanwhile"
        assert unit.sharing.writing_elsewhere("a") == {second, gone}
        unit.sharing.end_writing([second, gone])
        assert unit.sharing.writing_elsewhere("a") == frozenset()
        assert not unit.sharing.go_on_writing(gone, AN_HOUR)
        assert not unit.sharing.go_on_writing(99, AN_HOUR)
        assert unit.sharing.begin_writing("a", AN_HOUR) > gone, "no number comes twice"
        assert unit.sharing.go_on_writing(first, AN_HOUR)


def test_a_lease_that_a_wrong_clock_gave_for_a_year_stands_in_nobodys_way(store: Store) -> None:
    """The store's own clock was a year ahead when it was given, and is right again (R35)."""
    a_year = timedelta(days=365)
    with store.begin() as unit:
        first = unit.sharing.take_lease("a", "A", a_year)
        writing = unit.sharing.begin_writing("a", a_year)
        unit.commit()
    assert standing(store) is None
    with store.begin() as unit:
        assert unit.sharing.writing_elsewhere("b") == frozenset()
        assert unit.sharing.go_on_writing(writing, AN_HOUR), "nobody ended it meanwhile"
        assert unit.sharing.writing_elsewhere("b") == {writing}
    taken = take(store, "b")
    assert (taken.holder, taken.number) == ("b", first.number + 1)


def test_requests_of_a_day_add_up(store: Store) -> None:
    today = date(2026, 11, 23)
    for made in (2, 0, 103):
        with store.begin() as unit:
            unit.polling.count_requests(today, made)
            unit.commit()
    with store.read() as unit:
        assert unit.polling.requests_on(today) == 105
        assert unit.polling.requests_on(date(2026, 11, 24)) == 0


def test_the_version_grows_with_facts_and_decisions_and_with_nothing_else(store: Store) -> None:
    """What a check brings for the second time is no change."""
    changes: list[Callable[[UnitOfWork], object]] = [
        lambda unit: unit.facts.track([tracked()]),
        lambda unit: unit.facts.save_invoices([xero_invoice()]),
        lambda unit: unit.facts.save_payments([xero_payment()]),
        lambda unit: unit.gaps.save_unreadable(
            [unreadable("Payment-2"), replace(unreadable("x"), xero_payment_id=None)]
        ),
        lambda unit: unit.gaps.save_unknown([xero_payment("payment-3").payment_id]),
        lambda unit: unit.facts.save_payments([xero_payment("payment-2"), xero_payment("payment-3")]),
        lambda unit: unit.gaps.forget_places([], of_invoices=False),
    ]
    for change in changes:
        versions = [version_after(store, change) for _ in range(2)]
        assert versions[0] == versions[1]
    with store.begin() as unit:
        before = unit.sharing.version()
        unit.polling.save_run(run())
        unit.polling.count_requests(date(2026, 11, 23), 2)
        unit.sharing.take_lease("a", "A", AN_HOUR)
        assert unit.sharing.version() == before
        unit.audit.append([event("held")])
        assert unit.sharing.version() != before


def version_after(store: Store, change: Callable[[UnitOfWork], object]) -> str:
    with store.begin() as unit:
        change(unit)
        unit.commit()
        return unit.sharing.version()
