"""Nothing lasts unless it was committed, and one writes at a time."""

from itertools import pairwise

import pytest

from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.ports.store import Store
from tests.adapters.store.examples import event, intent, xero_payment

ONE, TWO = CasePaymentId(1), CasePaymentId(2)


class MishapError(Exception):
    """Something that goes wrong between two steps."""


def copies(store: Store) -> frozenset[CasePaymentId]:
    with store.read() as unit:
        return unit.pairs.copies()


def test_what_was_committed_lasts(store: Store) -> None:
    with store.begin() as unit:
        unit.pairs.add_copies([ONE])
        unit.commit()
    assert copies(store) == {ONE}


def test_leaving_without_a_commit_undoes_everything(store: Store) -> None:
    with store.begin() as unit:
        unit.pairs.add_copies([ONE])
        unit.audit.append([event()])
        unit.facts.save_payments([xero_payment()])
        assert unit.pairs.copies() == {ONE}
    with store.read() as unit:
        assert (unit.pairs.copies(), unit.audit.entries()) == (frozenset(), ())
        assert unit.facts.payments_by_id([xero_payment().payment_id]) == {}


def test_an_exception_undoes_everything_and_passes(store: Store) -> None:
    def add_and_fail() -> None:
        with store.begin() as unit:
            unit.pairs.add_copies([ONE])
            raise MishapError

    with pytest.raises(MishapError):
        add_and_fail()
    assert copies(store) == frozenset()


def test_what_follows_a_commit_is_undone_unless_committed_too(store: Store) -> None:
    with store.begin() as unit:
        unit.pairs.add_copies([ONE])
        unit.commit()
        unit.pairs.add_copies([TWO])
    assert copies(store) == {ONE}


@pytest.mark.parametrize("step", ["add", "commit"])
def test_after_a_refused_step_the_unit_can_neither_go_on_nor_commit(store: Store, step: str) -> None:
    def go_on() -> None:
        with store.begin() as unit:
            unit.pairs.add_copies([ONE])
            with pytest.raises(StoreError):
                unit.intents.open([intent(), intent()])
            if step == "add":
                unit.pairs.add_copies([TWO])
            unit.commit()

    with pytest.raises(StoreError, match="earlier step"):
        go_on()
    assert copies(store) == frozenset()
    with store.begin() as unit:
        unit.pairs.add_copies([TWO])
        unit.commit()
    assert copies(store) == {TWO}


def test_a_reader_sees_one_moment_and_neither_blocks_nor_writes(store: Store) -> None:
    with store.read() as reader:
        assert reader.pairs.copies() == frozenset()
        with store.begin() as writer:
            writer.pairs.add_copies([ONE])
            writer.commit()
        assert reader.pairs.copies() == frozenset()
    with store.read() as reader, pytest.raises(StoreError):
        reader.pairs.add_copies([TWO])
    assert copies(store) == {ONE}


def test_a_second_writer_waits_and_then_says_that_the_store_is_in_use(store: Store) -> None:
    with store.begin() as first:
        first.pairs.add_copies([ONE])
        with pytest.raises(StoreError, match="in use") as raised, store.begin():
            pass
        first.commit()
    assert "try again" in raised.value.remedy
    assert copies(store) == {ONE}


def test_entries_come_newest_first_and_chain(store: Store) -> None:
    for reasons in (range(2), range(2, 5)):
        with store.begin() as unit:
            unit.audit.append([event(f"reason {n}") for n in reasons])
            unit.commit()
    with store.read() as unit:
        entries = unit.audit.entries()
        assert unit.audit.entries(newest=2) == entries[:2]
        assert (unit.audit.entry(2), unit.audit.entry(len(entries) + 1)) == (entries[-2], None)
        assert unit.audit.first_broken() is None
    assert [(entry.sequence, entry.event.reason) for entry in entries] == [
        (n, f"reason {n - 1}") for n in (5, 4, 3, 2, 1)
    ]
    assert all(later.previous_hash == entry.entry_hash for later, entry in pairwise(entries))


def test_an_empty_trail_holds(store: Store) -> None:
    with store.read() as unit:
        assert (unit.audit.entries(), unit.audit.first_broken()) == ((), None)
