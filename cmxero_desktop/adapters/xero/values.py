"""Read single values of Xero's JSON exactly: money, calendar dates and instants; whatever is doubtful is a RowError."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

import msgspec

from cmxero_desktop.domain.money import CENT, Money

NOTHING = msgspec.Raw(b"null")
LONGEST_NUMBER = 255
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_DAY_MS = 86_400_000
# The part behind the sign is the organisation's zone; Xero's number already counts from 1970 in UTC.
_STAMP = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_WRONG_TYPE = re.compile(r"Expected `(.+?)`, got `(.+?)`(?: - at `\$\.?(.*)`)?")
_WORDS = {
    "str": "a text",
    "null": "empty",
    "array": "a list",
    "object": "a group of values",
    "int": "a number",
    "float": "a number",
}
# What a program writes where it knows no date, such as the year 1, 1900 or 1970, lies before; 9999 far ahead.
_FIRST_DAY = date(1990, 1, 1)
_FAR_AHEAD = timedelta(days=20 * 366)
_CURRENCY = re.compile(r"[A-Z]{3}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SHOWN = 40
# What needs no second look: anything with an exponent or a third decimal does, and nought with a sign.
_PLAIN_AMOUNT = re.compile(r"-?[1-9]\d{0,12}(?:\.\d{1,2})?|0(?:\.\d{1,2})?", re.ASCII)


class RowError(Exception):
    """A value that cannot be read; the text says which and why, in words."""


def in_words(error: msgspec.DecodeError) -> str:
    """Return what is wrong with a row, without the notation of the decoder."""
    if not isinstance(error, msgspec.ValidationError):
        return "The row is no JSON that can be read: something in it is nested too deeply, cut off or misspelt."
    found = _WRONG_TYPE.search(str(error))
    if found is None:
        return "The row cannot be read."
    expected, got, field = (text or "" for text in found.groups())
    wanted = " or ".join(_WORDS.get(kind, kind) for kind in expected.split(" | ") if kind != "null")
    return f"{field or 'The row'} is {_WORDS.get(got, got)} where {wanted} belongs."


def shown(text: str | None) -> str:
    """Return what Xero wrote as a sentence quotes it: the first of it, in quotation marks."""
    return repr(f"{text[:_SHOWN]}…" if text and len(text) > _SHOWN else text)


def required(text: str | None, field: str) -> str:
    """Return a text that must be there."""
    if not text:
        raise RowError(f"{field} is missing.")
    return text


def is_id(text: str) -> bool:
    """Say whether Xero can be asked for something by this id."""
    return _ID.fullmatch(text) is not None


def id_of(text: str | None, field: str) -> str:
    """Return an id that must be there, and that Xero can be asked for."""
    if not is_id(required(text, field)):
        raise RowError(f"{field} is {shown(text)}, which is not an id that Xero can be asked for.")
    return text or ""


def number_of(text: str | None, field: str) -> str:
    """Return an invoice's number, which may be missing; Xero's own are no longer than 255 characters."""
    if len(text or "") > LONGEST_NUMBER:
        raise RowError(f"{field} is longer than {LONGEST_NUMBER} characters.")
    return text or ""


def currency_of(code: str | None) -> str:
    """Check a currency code."""
    if code is None or not _CURRENCY.fullmatch(code):
        raise RowError(f"The currency is {shown(code)}, which is no currency code.")
    return code


def money_of(raw: msgspec.Raw, currency: str, field: str) -> Money:
    """Return an amount exactly as its digits are written; only whole cents are money."""
    text = bytes(raw).decode("utf-8", "replace")
    if text in {"", "null"}:
        raise RowError(f"{field} is missing.")
    if text[0] not in "-0123456789":
        raise RowError(f"{field} is {text[:_SHOWN]} where a number belongs.")
    if _PLAIN_AMOUNT.fullmatch(text):
        return Money(Decimal(text).quantize(CENT), currency)
    try:
        return Money.of(Decimal(text), currency)
    except (ValueError, ArithmeticError):
        raise RowError(f"{field} is {text[:_SHOWN]}, which is not an amount in whole cents.") from None


@lru_cache(maxsize=4096)
def day_of(text: str | None, field: str) -> date:
    """Return a calendar date: the UTC day of Xero's number, or an ISO date without a zone of its own."""
    found = _STAMP.fullmatch(required(text, field))
    try:
        if found:
            return date.fromordinal(_EPOCH_DAY + int(found[1]) // _DAY_MS)
        moment = datetime.fromisoformat(text or "")
    except (ValueError, OverflowError):
        raise _no_date(text, field) from None
    # Midnight anywhere but in UTC is another day somewhere: that is not for us to guess.
    if moment.time() != time() or moment.utcoffset():
        raise _no_date(text, field)
    return moment.date()


def lock_of(text: str | None, field: str) -> date | None:
    """Return the last day that is locked, or None: a day before 1990 locks nothing, and is written for no day."""
    day = day_of(text, field) if text else None
    return None if day is None or day < _FIRST_DAY else day


def payment_day_of(text: str | None, field: str, now: datetime) -> date:
    """Return a calendar date that can be one of a payment: since 1990, and at most twenty years ahead (R30)."""
    day = day_of(text, field)
    if not _FIRST_DAY <= day <= now.date() + _FAR_AHEAD:
        raise _absurd(day, field)
    return day


def stamp_of(text: str | None, field: str, latest: datetime) -> datetime:
    """Return when Xero says that something changed: since 1990, and not after `latest` (aware UTC)."""
    stamp = instant_of(text, field)
    if stamp.date() < _FIRST_DAY or stamp > latest:
        raise _absurd(stamp.date(), field)
    return stamp


def instant_of(text: str | None, field: str) -> datetime:
    """Return a true instant in UTC; an ISO time without a zone is UTC, as Xero writes it."""
    found = _STAMP.fullmatch(required(text, field))
    try:
        if found:
            return _EPOCH + timedelta(milliseconds=int(found[1]))
        moment = datetime.fromisoformat(text or "")
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _no_date(text, field) from None


def _absurd(day: date, field: str) -> RowError:
    return RowError(f"{field} is {day.isoformat()}, which cannot be meant.")


def _no_date(text: str | None, field: str) -> RowError:
    return RowError(f"{field} is {shown(text)}, which is no date that can be read without guessing.")
