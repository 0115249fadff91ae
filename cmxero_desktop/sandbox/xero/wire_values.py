"""Dates and amounts as Xero writes them into JSON."""

from datetime import UTC, date, datetime, time

from cmxero_desktop.sandbox.ledger.entries import CENTS


def milliseconds(moment: datetime) -> int:
    """Return milliseconds since 1970, counted in integers so that none is lost."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def instant(moment: datetime) -> str:
    """Write an instant in the form of Xero's stamps."""
    return f"/Date({milliseconds(moment)}+0000)/"


def calendar_date(day: date) -> str:
    """Write a calendar date: midnight UTC of that day, whatever zone the organisation is in."""
    return instant(datetime.combine(day, time(), UTC))


def number(cents: int) -> int | float:
    """Write cents as Xero does: whole amounts as integers, and no trailing zero behind a decimal point.

    The shortest text of a float with two decimals is exactly those decimals, up to fifteen digits; and
    text is all that comes of it.
    """
    return cents // CENTS if cents % CENTS == 0 else cents / CENTS
