"""A debit date goes into a calendar as a day, once, with reminders before it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from cmxero_desktop.adapters.calendar_file import calendar_text, write_calendar
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.sor.calendar import CalendarDay

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = CalendarDay(
    uid="a1@sor.cm-xero-desk", on=date(2026, 11, 30), title="Apxium debit: CM-102, 1,200.00", text="Look.\nSoon; now"
)


def events_of(text: str) -> list[Any]:
    """Return the events as a calendar reads them."""
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_a_day_is_a_day_with_reminders_on_the_mornings_before() -> None:
    text = calendar_text((DAY,), NOW)
    assert "DTSTART;VALUE=DATE:20261130\r\n" in text
    assert "DTEND;VALUE=DATE:20261201\r\n" in text
    assert "SUMMARY:Apxium debit: CM-102\\, 1\\,200.00\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = events_of(text)
    assert (event["UID"], event["DTSTAMP"].dt) == ("a1@sor.cm-xero-desk", NOW)
    assert str(event["DESCRIPTION"]) == "Look.\nSoon; now"
    triggers = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert triggers == [timedelta(hours=9 - 24), timedelta(hours=9 - 72)]


def test_the_same_event_moves_where_its_day_does() -> None:
    later = calendar_text((DAY,), NOW + timedelta(hours=1))
    first, second = (events_of(t)[0] for t in (calendar_text((DAY,), NOW), later))
    assert first["UID"] == second["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"]


def test_no_name_makes_a_second_event() -> None:
    evil = CalendarDay(uid="u", on=DAY.on, title="CM-1\r\nEND:VEVENT\r\nBEGIN:VEVENT", text="a\u202e\r\nEND:VCALENDAR")
    (event,) = events_of(calendar_text((evil,), NOW))
    assert event["SUMMARY"].startswith("CM-1 / END:VEVENT")


def test_a_calendar_is_written_as_it_is(tmp_path: Path) -> None:
    text = calendar_text((DAY,), NOW)
    assert write_calendar(text, tmp_path / "dates.ics").read_bytes() == text.encode()
    with pytest.raises(DeskError, match=r"does not end in \.ics"):
        write_calendar(text, tmp_path / "dates.txt")
    with pytest.raises(DeskError, match="could not be written"):
        write_calendar(text, tmp_path / "gone" / "dates.ics")
