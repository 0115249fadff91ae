"""The organisation's local date from Xero's clock, so that a wrong clock on this computer moves no payment."""

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_date(at: datetime, time_zone: str) -> date:
    """Return the calendar date at `at` (aware) in an IANA time zone; an unknown zone counts as UTC."""
    return at.astimezone(_zone(time_zone)).date()


def start_of(day: date, time_zone: str) -> datetime:
    """Return the instant (aware UTC) at which a calendar date begins in an IANA time zone; an unknown one is UTC."""
    return datetime.combine(day, time.min, _zone(time_zone)).astimezone(UTC)


def _zone(time_zone: str) -> tzinfo:
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
