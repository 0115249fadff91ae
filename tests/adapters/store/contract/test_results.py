"""The last correlation of every invoice."""

from datetime import datetime

from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.results import InvoiceResult
from tests.adapters.store.examples import NOON, ONE_PM, result


def save(store: Store, *results: InvoiceResult, replace_all: bool = False) -> None:
    with store.begin() as unit:
        unit.results.save(results, replace_all=replace_all)
        unit.commit()


def as_of(store: Store) -> dict[str, datetime]:
    with store.read() as unit:
        return {kept.snapshot.number: kept.snapshot.as_of for kept in unit.results.latest()}


def test_results_come_back_ordered_by_number(store: Store) -> None:
    save(store, result("CM-2"), result("CM-10"), result("CM-1"))
    with store.read() as unit:
        assert unit.results.latest() == (result("CM-1"), result("CM-10"), result("CM-2"))
        assert unit.results.latest(["CM-2", "CM-1", "CM-9"]) == (result("CM-1"), result("CM-2"))
        assert unit.results.latest([]) == ()


def test_a_result_that_says_the_same_is_not_written_again(store: Store) -> None:
    save(store, result("CM-1"), result("CM-2"))
    save(store, result("CM-1", as_of=ONE_PM), result("CM-2", as_of=ONE_PM, explanation="New."))
    assert as_of(store) == {"CM-1": NOON, "CM-2": ONE_PM}


def test_what_is_shown_says_what_is_stored_though_it_said_so_before(store: Store) -> None:
    for said in (result("CM-1"), result("CM-1", explanation="New."), result("CM-1", as_of=ONE_PM)):
        save(store, said)
        with store.read() as unit:
            assert unit.results.shown() == unit.results.latest() == (said,)
    assert as_of(store) == {"CM-1": ONE_PM}


def test_replacing_all_drops_every_other_result_and_keeps_what_is_the_same(store: Store) -> None:
    save(store, result("CM-1"), result("CM-2"))
    save(store, result("CM-2", as_of=ONE_PM), result("CM-3"), replace_all=True)
    assert as_of(store) == {"CM-2": NOON, "CM-3": NOON}


def test_saving_some_leaves_the_others(store: Store) -> None:
    save(store, result("CM-1"), result("CM-2"))
    save(store, result("CM-2", explanation="New."))
    with store.read() as unit:
        assert unit.results.latest() == (result("CM-1"), result("CM-2", explanation="New."))


def test_results_are_counted(store: Store) -> None:
    with store.read() as unit:
        assert unit.results.count() == 0
    save(store, result("CM-1"), result("CM-2"))
    save(store, result("CM-2"), result("CM-3"), replace_all=True)
    with store.read() as unit:
        assert unit.results.count() == 2
