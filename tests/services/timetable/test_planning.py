"""When Xero is due: interval, working hours and days, and local clocks that are put forward and back."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cmxero_desktop.services.records.settings import EVERY_DAY, Never, PollSettings, WorkingHours
from cmxero_desktop.services.timetable.due_checks import Due
from cmxero_desktop.services.timetable.planning import (
    due_between,
    is_full_due,
    is_working,
    next_check,
    next_working,
    retry_delay,
    tomorrow_morning,
)

SYDNEY, AUCKLAND, NEW_YORK = ZoneInfo("Australia/Sydney"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/New_York")
# Each of these nights has 23 or 25 hours.
NIGHTS = [
    datetime(2026, 10, 4, tzinfo=SYDNEY),
    datetime(2026, 4, 5, tzinfo=SYDNEY),
    datetime(2026, 9, 27, tzinfo=AUCKLAND),
    datetime(2026, 4, 5, tzinfo=AUCKLAND),
    datetime(2026, 3, 8, tzinfo=NEW_YORK),
    datetime(2026, 11, 1, tzinfo=NEW_YORK),
]
OFFICE = PollSettings(
    interval_min=10, working_hours=WorkingHours(time(9), time(17)), working_days=frozenset({0, 1, 2, 3, 4})
)

zones: st.SearchStrategy[tzinfo] = st.sampled_from([SYDNEY, AUCKLAND, NEW_YORK, UTC])
in_a_year = st.integers(0, 365 * 86_400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
near_a_change = st.builds(
    lambda night, minutes: night.astimezone(UTC) + timedelta(minutes=minutes),
    st.sampled_from(NIGHTS),
    st.integers(-600, 1_000),
)
instants = in_a_year | near_a_change


@st.composite
def polls(draw: st.DrawFn) -> PollSettings:
    hours = None
    if draw(st.booleans()):
        start, end = sorted(draw(st.lists(st.integers(0, 1_439), min_size=2, max_size=2, unique=True)))
        hours = WorkingHours(time(*divmod(start, 60)), time(*divmod(end, 60)))
    days = EVERY_DAY if draw(st.booleans()) else draw(st.frozensets(st.integers(0, 6), min_size=1))
    return PollSettings(interval_min=draw(st.integers(1, 1_440)), working_hours=hours, working_days=days)


def at(zone: tzinfo, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def local(instant: datetime, zone: tzinfo) -> str:
    assert instant.tzinfo is UTC
    return f"{instant.astimezone(zone):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-11-23 10:00", "Mon 23 Nov 10:10"),
        ("2026-11-23 16:49", "Mon 23 Nov 16:59"),
        ("2026-11-23 16:50", "Tue 24 Nov 09:00"),
        ("2026-11-27 16:55", "Mon 30 Nov 09:00"),
        ("2026-11-28 12:00", "Mon 30 Nov 09:00"),
        ("2026-11-23 08:55", "Mon 23 Nov 09:00"),
    ],
)
def test_outside_working_hours_the_next_check_is_at_the_next_start(after: str, due: str) -> None:
    assert local(next_check(at(SYDNEY, after), OFFICE, SYDNEY), SYDNEY) == due


def test_a_long_interval_does_not_leap_over_a_start() -> None:
    daily = PollSettings(interval_min=1_440, working_hours=OFFICE.working_hours)
    assert local(next_check(at(SYDNEY, "2026-11-23 12:00"), daily, SYDNEY), SYDNEY) == "Tue 24 Nov 09:00"


def test_working_days_without_hours_begin_once_and_not_at_each_midnight() -> None:
    weekdays = PollSettings(interval_min=10, working_days=OFFICE.working_days)
    assert local(next_check(at(SYDNEY, "2026-11-23 23:55"), weekdays, SYDNEY), SYDNEY) == "Tue 24 Nov 00:05"
    assert local(next_check(at(SYDNEY, "2026-11-27 23:55"), weekdays, SYDNEY), SYDNEY) == "Mon 30 Nov 00:00"


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-10-03", 15), ("2026-04-04", 17), ("2026-11-23", 16)], ids=["spring", "autumn", "summer"]
)
def test_the_night_between_two_days_of_work_may_be_an_hour_shorter_or_longer(night: str, hours: int) -> None:
    every_day = PollSettings(interval_min=10, working_hours=WorkingHours(time(9), time(17)))
    after = at(SYDNEY, f"{night} 17:00")
    assert next_check(after, every_day, SYDNEY) - after == timedelta(hours=hours)


@pytest.mark.parametrize("night", ["2026-10-03 22:00", "2026-04-04 22:00"])
def test_the_interval_is_real_time_while_clocks_are_changed(night: str) -> None:
    poll, instant = PollSettings(interval_min=30), at(SYDNEY, night)
    for _ in range(20):
        due = next_check(instant, poll, SYDNEY)
        assert due - instant == timedelta(minutes=30)
        instant = due


def test_hours_that_begin_in_the_hour_that_is_left_out_begin_after_it() -> None:
    early = PollSettings(working_hours=WorkingHours(time(2, 30), time(6)))
    assert local(next_working(at(SYDNEY, "2026-10-03 20:00"), early, SYDNEY), SYDNEY) == "Sun 04 Oct 03:30"
    lost = PollSettings(working_hours=WorkingHours(time(2, 30), time(3, 10)))
    assert local(next_working(at(SYDNEY, "2026-10-03 20:00"), lost, SYDNEY), SYDNEY) == "Mon 05 Oct 02:30"
    only_then = PollSettings(working_hours=lost.working_hours, working_days=frozenset({6}))
    assert local(next_check(at(SYDNEY, "2026-10-03 20:00"), only_then, SYDNEY), SYDNEY) == "Sun 11 Oct 02:30"


@given(after=instants, poll=polls(), zone=zones, share=st.floats(0, 1, exclude_max=True))
def test_the_next_check_is_the_first_that_is_allowed(
    after: datetime, poll: PollSettings, zone: tzinfo, share: float
) -> None:
    due, interval = next_check(after, poll, zone), timedelta(minutes=poll.interval_min)
    assert due > after
    assert due.tzinfo is UTC
    assert is_working(due, poll, zone)
    if due - after > interval:
        between = after + interval + share * (due - after - interval)
        assert between >= due or not is_working(between, poll, zone)


@given(instant=instants, poll=polls(), zone=zones, share=st.floats(0, 1, exclude_max=True))
def test_the_next_working_instant_is_the_first(
    instant: datetime, poll: PollSettings, zone: tzinfo, share: float
) -> None:
    found = next_working(instant, poll, zone)
    assert found >= instant
    assert is_working(found, poll, zone)
    assert (found == instant) == is_working(instant, poll, zone)
    between = instant + share * (found - instant)
    assert between >= found or not is_working(between, poll, zone)


@given(after=instants, poll=polls(), zone=zones, length=st.timedeltas(timedelta(days=-1), timedelta(days=16)))
@example(after=at(SYDNEY, "2026-10-03 22:00"), poll=OFFICE, zone=SYDNEY, length=timedelta(days=9))
def test_checks_that_were_due_are_counted_as_if_one_by_one(
    after: datetime, poll: PollSettings, zone: tzinfo, length: timedelta
) -> None:
    first_at = next_check(after, poll, zone)
    until = first_at + min(length, 300 * timedelta(minutes=poll.interval_min))
    found, instant = list[datetime](), first_at
    while instant <= until:
        found.append(instant)
        instant = next_check(instant, poll, zone)
    due = due_between(first_at, until, poll, zone)
    if not found:
        assert due is None
    else:
        before_last_at = found[-2] if len(found) > 1 else None
        assert due == Due(count=len(found), first_at=found[0], before_last_at=before_last_at, last_at=found[-1])


def test_a_year_of_minutes_is_counted_at_once() -> None:
    first_at = at(SYDNEY, "2026-01-01 00:00")
    due = due_between(first_at, first_at + timedelta(days=365), PollSettings(interval_min=1), SYDNEY)
    assert due is not None
    assert due.count == 365 * 24 * 60 + 1


def test_a_check_that_is_due_outside_working_hours_is_counted_too() -> None:
    evening = at(SYDNEY, "2026-11-23 20:00")
    due = due_between(evening, evening + timedelta(hours=1), OFFICE, SYDNEY)
    assert due == Due(count=1, first_at=evening, before_last_at=None, last_at=evening)


@given(now=instants, zone=zones)
def test_tomorrow_morning_is_eight_o_clock_of_the_next_local_day(now: datetime, zone: tzinfo) -> None:
    morning = tomorrow_morning(now, zone)
    assert morning.astimezone(zone).time() == time(8)
    assert morning.astimezone(zone).date() - now.astimezone(zone).date() == timedelta(days=1)
    assert timedelta(hours=7) <= morning - now <= timedelta(hours=33)


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        (SYDNEY, "2026-10-03 17:00", 14),
        (SYDNEY, "2026-04-04 17:00", 16),
        (SYDNEY, "2026-11-23 17:00", 15),
        (NEW_YORK, "2026-03-07 17:00", 14),
        (NEW_YORK, "2026-10-31 17:00", 16),
    ],
)
def test_the_wait_until_tomorrow_is_as_long_as_the_night(zone: tzinfo, evening: str, hours: int) -> None:
    now = at(zone, evening)
    assert tomorrow_morning(now, zone) - now == timedelta(hours=hours)


def test_retries_come_soon_at_first_and_then_with_the_interval() -> None:
    assert [retry_delay(failures) for failures in range(1, 7)] == [
        timedelta(seconds=30),
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=5),
        None,
        None,
    ]


def test_everything_is_compared_once_after_each_full_at() -> None:
    poll, now = PollSettings(full_at=time(2)), at(SYDNEY, "2026-11-23 10:00")
    assert is_full_due(None, poll, now, SYDNEY)
    assert is_full_due(at(SYDNEY, "2026-11-23 01:59"), poll, now, SYDNEY)
    assert not is_full_due(at(SYDNEY, "2026-11-23 02:00"), poll, now, SYDNEY)
    assert not is_full_due(at(SYDNEY, "2026-11-22 02:00"), poll, at(SYDNEY, "2026-11-23 01:00"), SYDNEY)
    assert is_full_due(now + timedelta(hours=1), poll, now, SYDNEY), "told by a clock that was wrong"
    assert not is_full_due(None, PollSettings(full_at=Never.OFF), now, SYDNEY)
