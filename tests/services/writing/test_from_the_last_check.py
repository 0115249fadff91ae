"""A write goes on from what the last check knew; where that is not enough, it reads everything."""

from collections.abc import Collection

import pytest

from cmxero_desktop.services.correlation import correlating
from cmxero_desktop.services.correlation.snapshots import Known
from cmxero_desktop.services.writing import rechecking
from tests.services.desk import Desk, nov
from tests.services.fake_case_manager import FakeCaseManager


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Say each time that all facts are read."""
    read: list[str] = []

    def reading(place: str, *words: object, **named: object) -> Known:
        read.append(place)
        return known(*words, **named)  # type: ignore[arg-type]  # passed on as they came

    known = rechecking.read_known  # type: ignore[attr-defined]
    monkeypatch.setattr(rechecking, "read_known", lambda *w, **n: reading("before", *w, **n))
    monkeypatch.setattr(correlating, "read_known", lambda *w, **n: reading("after", *w, **n))
    return read


def an_addition(desk: Desk) -> None:
    desk.bill()
    desk.xero.pay("CM-100", "20.00", nov(1))
    desk.poll()
    desk.poll()


def unknown(desk: Desk, ids: Collection[str]) -> None:
    with desk.store.begin() as unit:
        unit.gaps.save_unknown(ids)
        unit.commit()


def test_a_write_after_a_check_reads_what_changed_only(desk: Desk, whole: list[str]) -> None:
    an_addition(desk)
    whole.clear()
    desk.approve_and_apply(*desk.proposals())
    assert whole == []
    assert desk.paid() == ["20.00"]
    assert desk.poll().counts.matched == 1


def test_a_write_reads_everything_where_everything_may_have_changed(desk: Desk, whole: list[str]) -> None:
    an_addition(desk)
    unknown(desk, ["payment-9"])
    whole.clear()
    desk.approve_and_apply(*desk.proposals())
    assert whole == ["before", "after"]
    assert desk.paid() == ["20.00"]


def test_what_changes_everything_while_it_is_written_is_read_afterwards(
    desk: Desk, whole: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    an_addition(desk)
    desk.approve(*desk.proposals())
    whole.clear()
    lock = FakeCaseManager.change_invoices

    def change_then_tell(*words: object) -> object:
        keys = lock(*words)  # type: ignore[arg-type]  # passed on as they came
        unknown(desk, ["payment-9"])
        return keys

    monkeypatch.setattr(FakeCaseManager, "change_invoices", change_then_tell)
    desk.apply()
    assert whole == ["after"]


def test_a_write_of_a_new_program_goes_on_from_what_the_last_check_left_in_the_store(
    desk: Desk, whole: list[str]
) -> None:
    an_addition(desk)
    desk.restart()
    whole.clear()
    desk.approve_and_apply(*desk.proposals())
    assert whole == []
    assert desk.paid() == ["20.00"]


def test_a_write_of_a_new_program_reads_everything_where_something_around_is_another(
    desk: Desk, whole: list[str]
) -> None:
    an_addition(desk)
    desk.restart()
    desk.set_policy(near_days=8)
    whole.clear()
    desk.approve_and_apply(*desk.proposals())
    assert whole == ["before", "after"]
    assert desk.paid() == ["20.00"]
