"""Whom to ask again, and when: each gets a turn, and who says the same again and again is asked less often (R22)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.doubts import Doubt, Doubts, answer_of
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from tests.domain.support import xero

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def doubt(name: str = "a", **values: object) -> Doubt:
    return replace(Doubt(invoice_id=XeroInvoiceId(name), number=f"CM-{name}", answer="x"), **values)  # type: ignore[arg-type] # by name


@pytest.mark.parametrize(
    ("equal_answers", "waits"),
    [(0, 0), (1, 0), (2, 0), (3, 30), (4, 60), (5, 120), (8, 960), (9, 1_440), (10, 1_440), (1_000, 1_440)],
)
def test_the_wait_doubles_up_to_a_day(equal_answers: int, waits: int) -> None:
    asked = doubt(asked_at=NOW, equal_answers=equal_answers)
    assert (asked.due_at or NOW) - NOW == waits * MINUTE
    assert asked.is_due(NOW + waits * MINUTE)
    assert asked.is_due(NOW + waits * MINUTE - timedelta(seconds=1)) == (waits == 0)


def test_a_clock_that_was_ahead_makes_nobody_wait() -> None:
    assert doubt(asked_at=NOW + timedelta(days=365), equal_answers=9).is_due(NOW)


def test_another_answer_begins_anew_and_an_equal_one_counts() -> None:
    asked = doubt(asked_at=NOW, equal_answers=7)
    assert asked.answered("x", NOW + MINUTE).equal_answers == 8
    assert asked.answered("y", NOW + MINUTE) == doubt(answer="y", asked_at=NOW + MINUTE)


def test_each_of_more_than_can_be_asked_about_gets_its_turn() -> None:
    doubts, now, met = Doubts(each=tuple(doubt(f"{n:03}") for n in range(450))), NOW, set[str]()
    for _ in range(2):
        due = doubts.due(now, 400)
        met |= {one.invoice_id for one in due}
        doubts = doubts.answered({one.invoice_id: "x" for one in due}, now)
        now += 10 * MINUTE
    assert len(met) == 450
    assert sorted({one.equal_answers for one in doubts.each}) == [1, 2]


def test_what_is_news_is_asked_at_once_and_what_is_none_keeps_its_story() -> None:
    known = Doubts(each=(doubt("a", asked_at=NOW, equal_answers=9), doubt("b", asked_at=NOW, equal_answers=9)))
    renewed = known.renewed([doubt("c"), doubt("b", answer="y"), doubt("a")])
    assert renewed.each == (known.each[0], doubt("b", answer="y"), doubt("c"))
    assert [one.invoice_id for one in renewed.due(NOW + MINUTE, 9)] == ["b", "c"]
    assert known.renewed([]) == Doubts()


def test_an_answer_is_what_was_paid_and_by_what_in_whatever_order() -> None:
    one, other = xero("P1", "40.00"), xero("P2", "60.00")
    assert answer_of([], [one, other]) == answer_of([], [other, one])
    assert answer_of([], [one]) != answer_of([], [one, other])
