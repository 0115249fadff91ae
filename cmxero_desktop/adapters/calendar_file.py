"""Write dates as calendar files that Outlook, Google and Apple take in: a day without an hour, with a reminder."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Alarm, Calendar, Event

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.sor.calendar import CalendarDay
from cmxero_desktop.domain.strangers import harmless, one_line

_MORNING = 9


def calendar_text(days: tuple[CalendarDay, ...], now: datetime) -> str:
    """Return a calendar with one event for each day; the same `uid` again replaces the event of before."""
    calendar = Calendar()
    calendar.add("prodid", "-//CM-Xero Desk//SOR watch//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in days:
        calendar.add_component(_event(each, now))
    written: bytes = calendar.to_ical()
    return written.decode("utf-8")


def write_calendar(text: str, path: Path) -> Path:
    """Write a calendar and return its path. Raises DeskError."""
    if path.suffix.lower() != ".ics":
        message = f"{path} does not end in .ics."
        raise DeskError(message, "Give the calendar file a name such as debit-dates.ics.")
    try:
        # As bytes: a calendar's lines end as it says, on every system.
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        message = f"{path} could not be written: {error.strerror}."
        raise DeskError(message, "Close it where it is open, or choose another folder.") from error
    return path


def _event(day: CalendarDay, now: datetime) -> Event:
    event = Event()
    event.add("uid", day.uid)
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    # Later ones win: a calendar shows the newest that it was given.
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", one_line(day.title))
    event.add("description", harmless(day.text))
    event.add("transp", "TRANSPARENT")
    for days_before in day.remind_days_before:
        event.add_component(_alarm(days_before, one_line(day.title)))
    return event


def _alarm(days_before: int, title: str) -> Alarm:
    """Remind at nine in the morning, so many days before."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=_MORNING) - timedelta(days=days_before))
    return alarm
