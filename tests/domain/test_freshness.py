"""How old a reading may be that is written by, and what becomes of days where this computer's clock is wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.freshness import TimeOfReading, right_time

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
READ = TimeOfReading(wall=NOON, steady_s=1000.0)


@pytest.mark.parametrize(
    ("counted_s", "by_the_wall_s", "is_late"),
    [
        (0, 0, False),
        (60, 60, False),
        (61, 61, True),
        (30, 35, False),
        (30, 36, True),
        (30, 25, False),
        (30, 24, True),
        (3600, 3600, True),
        (0, 3600, True),
        (3600, 0, True),
    ],
)
def test_a_reading_is_written_by_for_sixty_seconds_while_both_clocks_agree_within_five(
    counted_s: float,
    by_the_wall_s: float,
    is_late: bool,  # noqa: FBT001 - a table's row
) -> None:
    now = TimeOfReading(wall=NOON + timedelta(seconds=by_the_wall_s), steady_s=1000.0 + counted_s)
    assert READ.is_late(now) is is_late


@pytest.mark.parametrize(
    ("now", "as_of", "seen_at", "right"),
    [
        pytest.param(NOON, None, None, NOON, id="never asked"),
        pytest.param(NOON + YEAR, NOON, NOON + YEAR, NOON, id="a year ahead"),
        pytest.param(NOON + YEAR + DAY, NOON, NOON + YEAR, NOON + DAY, id="still, a day later"),
        pytest.param(NOON + DAY, NOON, NOON + YEAR, NOON + DAY, id="put right since"),
        pytest.param(NOON + DAY, NOON, NOON + DAY, NOON + DAY, id="a day is a time zone, or a slow first load"),
        pytest.param(NOON, NOON + YEAR, NOON, NOON, id="Xero's own clock is ahead"),
    ],
)
def test_the_right_time_is_xeros_where_this_computers_clock_is_known_to_be_ahead(
    now: datetime, as_of: datetime | None, seen_at: datetime | None, right: datetime
) -> None:
    assert right_time(now, as_of, seen_at) == right
