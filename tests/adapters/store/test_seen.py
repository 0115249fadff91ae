"""What is shown is what the store holds, and what was shown before is not decoded again."""

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.services.ports.store import UnitOfWork
from tests.adapters.store.examples import ONE_PM, event, result

CHANGES: list[Callable[[UnitOfWork], object]] = [
    lambda unit: unit.results.save([result("CM-1"), result("CM-2"), result("CM-10")], replace_all=False),
    lambda unit: unit.results.save([result("CM-1", as_of=ONE_PM)], replace_all=False),
    lambda unit: unit.results.save([result("CM-2", explanation="New.")], replace_all=False),
    lambda unit: unit.results.forget(["CM-10"]),
    lambda unit: unit.results.save([result("CM-2"), result("CM-3")], replace_all=True),
    lambda unit: unit.audit.append([event("one"), event("two")]),
    lambda unit: unit.audit.append([event("three")]),
    lambda unit: unit.results.save([], replace_all=True),
]


def assert_as_it_is(unit: UnitOfWork) -> None:
    assert unit.results.shown() == unit.results.latest()
    assert unit.audit.shown() == unit.audit.entries()


@pytest.mark.parametrize("is_looked_at", [False, True])
def test_what_is_shown_is_what_is_there_after_each_change_and_after_one_that_was_undone(
    store: SqlStore, store_url: str, *, is_looked_at: bool
) -> None:
    other = SqlStore(store_url, busy_timeout_s=0.2)
    for change in CHANGES:
        for is_kept in (False, True):
            with store.begin() as unit:
                change(unit)
                if is_looked_at:
                    assert_as_it_is(unit)
                if is_kept:
                    unit.commit()
            for each in (store, other):
                with each.read() as unit:
                    assert_as_it_is(unit)
    other.close()


def test_only_what_changed_is_decoded_again(store: SqlStore) -> None:
    for change in CHANGES[:2]:
        with store.begin() as unit:
            change(unit)
            unit.audit.append([event("x")])
            unit.commit()
    with store.read() as unit:
        before, told = unit.results.shown(), unit.audit.shown()
    with store.begin() as unit:
        unit.results.save([result("CM-2", explanation="New.")], replace_all=False)
        unit.audit.append([event("y")])
        unit.commit()
    with store.read() as unit:
        after, now = unit.results.shown(), unit.audit.shown()
    assert [new is old for new, old in zip(after, before, strict=True)] == [True, True, False]
    assert len(now) == len(told) + 1
    assert all(new is old for new, old in zip(now[1:], told, strict=True))


def test_a_trail_that_was_put_back_and_grew_otherwise_is_read_anew(sqlite_store: SqlStore) -> None:
    with sqlite_store.begin() as unit:
        unit.audit.append([event("one"), event("two")])
        unit.commit()
    with sqlite_store.read() as unit:
        assert_as_it_is(unit)
    engine = create_engine(f"sqlite:///{sqlite_store.place}")
    with engine.begin() as intruder:
        intruder.execute(text("DROP TRIGGER audit_entries_no_update"))
        intruder.execute(text("UPDATE audit_entries SET entry_hash = 'another' WHERE sequence = 2"))
    engine.dispose()
    with sqlite_store.read() as unit:
        assert_as_it_is(unit)
        assert unit.audit.shown()[0].entry_hash == "another"
