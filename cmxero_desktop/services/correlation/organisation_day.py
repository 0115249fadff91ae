"""The organisation's local date from Xero's clock, so that a wrong clock on this computer moves no payment."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_date(at: datetime, time_zone: str) -> date:
    """Return the calendar date at `at` (aware) in an IANA time zone; an unknown zone counts as UTC."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(UTC).date()
    return at.astimezone(zone).date()
