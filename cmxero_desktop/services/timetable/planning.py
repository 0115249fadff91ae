"""Decide when Xero is due: within working hours, after trouble, and when everything is compared again."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as time_of_day

from cmxero_desktop.services.records.settings import Never, PollSettings
from cmxero_desktop.services.timetable.due_checks import Due

_MORNING = time_of_day(8)
_MIDNIGHT = time_of_day()
_MOMENT = timedelta(microseconds=1)
# The same day of the next week, and once more where its hours fall into one that is left out by daylight saving.
_DAYS_AHEAD = 15
_BACKOFF = (timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5))


def is_working(at: datetime, poll: PollSettings, zone: tzinfo) -> bool:
    """Say whether Xero is checked at this instant of the week."""
    day = at.astimezone(zone).date()
    if day.weekday() not in poll.working_days:
        return False
    return poll.working_hours is None or (
        _instant(day, poll.working_hours.start, zone) <= at < _instant(day, poll.working_hours.end, zone)
    )


def next_check(after: datetime, poll: PollSettings, zone: tzinfo) -> datetime:
    """Return when Xero is due after a check (aware UTC): an interval later, or when working hours begin next."""
    by_interval = after.astimezone(UTC) + timedelta(minutes=poll.interval_min)
    start = _next_start(after, poll, zone)
    if start is None or (by_interval < start and is_working(by_interval, poll, zone)):
        return by_interval
    return start


def next_working(at: datetime, poll: PollSettings, zone: tzinfo) -> datetime:
    """Return the first instant, from this one on, at which Xero may be checked (aware UTC)."""
    start = _next_start(at, poll, zone)
    return at.astimezone(UTC) if start is None or is_working(at, poll, zone) else start


def due_between(first_at: datetime, until: datetime, poll: PollSettings, zone: tzinfo) -> Due | None:
    """Return the checks that are due from `first_at`, which is one, up to and with `until`; None where none is."""
    interval = timedelta(minutes=poll.interval_min)
    at, due = first_at.astimezone(UTC), None
    while at <= until:
        # Whole stretches of working hours at once: a month of sleep is a month of days, not of minutes.
        steps = max(0, (min(until, _end_of_work(at, poll, zone) - _MOMENT) - at) // interval)
        last_at = at + steps * interval
        before_at = last_at - interval if steps else due.last_at if due else None
        due = Due(
            count=steps + 1 + (due.count if due else 0),
            first_at=due.first_at if due else at,
            before_last_at=before_at,
            last_at=last_at,
        )
        at = next_check(last_at, poll, zone)
    return due


def retry_delay(failures: int) -> timedelta | None:
    """Return how long to wait after so many failures in a row (from 1); None: until the next regular check."""
    return _BACKOFF[failures - 1] if failures <= len(_BACKOFF) else None


def tomorrow_morning(now: datetime, zone: tzinfo) -> datetime:
    """Return eight o'clock of the next local day (aware UTC), also where clocks are changed in the night."""
    return _instant(now.astimezone(zone).date() + timedelta(days=1), _MORNING, zone)


def is_full_due(last_full_at: datetime | None, poll: PollSettings, now: datetime, zone: tzinfo) -> bool:
    """Say whether everything is to be compared: once after each `full_at` of this computer's local time.

    A last time that lies ahead of `now` was told by a wrong clock, and counts for nothing.
    """
    if poll.full_at is Never.OFF:
        return False
    if last_full_at is None or last_full_at > now:
        return True
    return last_full_at < _latest(poll.full_at, now, zone)


def _latest(at: time_of_day, now: datetime, zone: tzinfo) -> datetime:
    """Return the newest instant that is not after `now` and at which local clocks showed `at`."""
    day = now.astimezone(zone).date()
    today = _instant(day, at, zone)
    return today if today <= now else _instant(day - timedelta(days=1), at, zone)


def _instant(day: date, at: time_of_day, zone: tzinfo) -> datetime:
    """Return when local clocks show a time (aware UTC): the first of two, and past an hour that is left out."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _next_start(after: datetime, poll: PollSettings, zone: tzinfo) -> datetime | None:
    """Return when working hours begin next after an instant; None where they never end."""
    today = after.astimezone(zone).date()
    for ahead in range(_DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        if _begins_on(day, poll):
            start = _instant(day, poll.working_hours.start if poll.working_hours else _MIDNIGHT, zone)
            if start > after and is_working(start, poll, zone):
                return start
    return None


def _begins_on(day: date, poll: PollSettings) -> bool:
    """Say whether working hours begin on a day: not where the night before belongs to them too."""
    if poll.working_hours is None and (day - timedelta(days=1)).weekday() in poll.working_days:
        return False
    return day.weekday() in poll.working_days


def _end_of_work(at: datetime, poll: PollSettings, zone: tzinfo) -> datetime:
    """Return an instant up to which working hours last at least, seen from one within them."""
    day = at.astimezone(zone).date()
    if poll.working_hours is not None:
        return _instant(day, poll.working_hours.end, zone)
    return _instant(day + timedelta(days=1), _MIDNIGHT, zone)
