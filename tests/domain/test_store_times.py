"""Which times are believed after a clock was wrong, and which moment an instant leads to (R34, R35)."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.store_times import believed, noted_at

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "places"),
    [
        ([], ()),
        ([3], (0,)),
        ([1, 2, 2, 5], (0, 1, 2, 3)),
        ([1, 2, 90, 91, 3, 4], (0, 1, 4, 5)),
        ([90, 91, 3, 4], (2, 3)),
        ([1, 2, 90, 91], (0, 1, 2, 3)),
        ([10, 11, 12, 1, 13], (0, 1, 2, 4)),
    ],
)
def test_the_newest_is_believed_and_all_that_agree_with_it(times: list[int], places: tuple[int, ...]) -> None:
    assert believed(times).places == places


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8))
def test_no_longer_run_ends_in_the_newest(times: list[int]) -> None:
    found = believed(times)
    assert found.places[-1] == len(times) - 1
    assert found.times == tuple(times[place] for place in found.places)
    assert all(one <= other for one, other in pairwise(found.times))
    longer = (run for run in combinations(times[:-1], len(found.places)) if list(run) == sorted(run))
    assert not any(run[-1] <= times[-1] for run in longer)


def test_an_instant_leads_to_the_last_that_is_believed_and_the_others_were_by_the_next() -> None:
    found = believed([1, 2, 90, 3, 4])
    assert [found.last_until(time) for time in (0, 1, 2, 3, 90)] == [None, 0, 1, 3, 4]
    assert [found.time_of(place) for place in range(5)] == [1, 2, 3, 3, 4]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, NOON),
        (NOON - timedelta(days=1), NOON),
        (NOON + timedelta(minutes=1), NOON + timedelta(minutes=1)),
        (NOON + timedelta(days=365), NOON),
    ],
)
def test_a_clock_that_is_set_back_a_little_stands_still_and_one_that_was_wrong_holds_nothing_up(
    last: datetime | None, expected: datetime
) -> None:
    assert noted_at(last, NOON) == expected
