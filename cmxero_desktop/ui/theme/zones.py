"""Say where this computer's clock and the firm's days differ: times are of the one, last safe days of the other."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cmxero_desktop.ui.theme.formatting import plural

_MINUTES_OF_HOUR = 60


def offset_here(now: datetime) -> timedelta:
    """Return how far this computer's clock is ahead of UTC at an instant."""
    return now.astimezone().utcoffset() or timedelta()


def zone_difference(time_zone: str, now: datetime) -> str:
    """Return how the firm's time of day stands to this computer's, as `2 hours behind`; nothing where they are one."""
    try:
        firm = now.astimezone(ZoneInfo(time_zone)).utcoffset() if time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    if firm is None or firm == offset_here(now):
        return ""
    apart = firm - offset_here(now)
    hours, minutes = divmod(int(abs(apart).total_seconds()) // 60, _MINUTES_OF_HOUR)
    parts = (plural(hours, "hour") if hours else "", plural(minutes, "minute") if minutes else "")
    return f"{' '.join(part for part in parts if part)} {'ahead of' if apart > timedelta() else 'behind'}"


def zone_note(time_zone: str, now: datetime) -> str:
    """Say whose the times and whose the days are, where that is not the same; else nothing."""
    difference = zone_difference(time_zone, now)
    if not difference:
        return ""
    return (
        "Times of day are this computer's; days that count, such as the last safe day and Ready on, are the firm's in "
        f"Xero ({time_zone}, {difference} this computer)."
    )
