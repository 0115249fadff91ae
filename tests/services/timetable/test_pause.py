"""Xero's pause: one idea of how long it can last, for the check, the timetable and the window."""

from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.services.records.runs import LONGEST_PAUSE, Pause

NOW = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("length", "is_on"),
    [
        (-_MOMENT, False),
        (timedelta(), False),
        (_MOMENT, True),
        (LONGEST_PAUSE, True),
        (LONGEST_PAUSE + _MOMENT, False),
    ],
)
def test_a_pause_is_on_until_it_ends_and_never_longer_than_any_limit_of_xero(length: timedelta, *, is_on: bool) -> None:
    assert Pause(until=NOW + length, because="x").is_on(NOW) is is_on
