"""Turns raw values into keys, text, dates and amounts, and refuses what is none of these, with the reason."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from cmxero_desktop.domain.money import CENT

_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?", re.ASCII)
# A float on disk is off by far less; a third decimal that a person entered is off by far more.
_FLOAT_NOISE = Decimal("0.000001")
HIGHEST = Decimal(10) ** 13
"""No amount is as large as this."""
_CACHED = 65_536
# How bytes that are no UTF-8 come out of a SQLite file (see engine), or of PostgreSQL (see strange_values).
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Finds what is no text, though it stands in one."""


class ForeignValueError(ValueError):
    """A value that another program left there and that is not what the column is for."""


def key_of(value: object, what: str = "key") -> int | str:
    """Return a key as a whole number or text; raise ForeignValueError."""
    if type(value) is int:
        return value
    if isinstance(value, str) and value and "\0" not in value:
        return text_of(value, what)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    is_empty = value is None or value == ""
    message = f"The {what} is empty" if is_empty else f"The {what} {value!r} is no whole number and no text"
    raise ForeignValueError(message)


def text_of(value: object, what: str) -> str:
    """Return text, empty for NULL; a whole number counts as text. Raise ForeignValueError."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isascii() or not HALF_CHARACTER.search(value):
            return value
        value = value.encode(errors="surrogateescape")
    if isinstance(value, int | Decimal | UUID) and not isinstance(value, bool):
        return str(value)
    message = f"The {what} holds {value!r}, which is no text"
    raise ForeignValueError(message)


def date_of(value: object, what: str) -> date:
    """Return a calendar date, also from the ISO text in which SQLite keeps dates; raise ForeignValueError."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.date()
    elif isinstance(value, date):
        return value
    elif isinstance(value, str):
        return _date_of_text(value, what)
    message = f"The {what} is empty" if value is None else f"The {what} {value!r} is no date"
    raise ForeignValueError(message)


@lru_cache(maxsize=_CACHED)
def _date_of_text(value: str, what: str) -> date:
    iso = _ISO_DATE.fullmatch(value)
    try:
        if iso:
            return date.fromisoformat(iso[1])
    except ValueError:
        pass
    message = f"The {what} '{value}' is no date"
    raise ForeignValueError(message)


@lru_cache(maxsize=_CACHED, typed=True)
def amount_of(value: object, what: str) -> Decimal:
    """Return an amount in whole cents; only the noise of a float below a millionth is rounded away.

    Raises ForeignValueError for NULL, text, a third decimal, and what is no number.
    """
    if isinstance(value, float):
        return _cents(Decimal(repr(value)), what, _FLOAT_NOISE)
    if isinstance(value, int) and not isinstance(value, bool):
        return _cents(Decimal(value), what, Decimal(0))
    if isinstance(value, Decimal):
        return _cents(value, what, Decimal(0))
    message = f"The {what} is empty" if value is None else f"The {what} {value!r} is no number"
    raise ForeignValueError(message)


def _cents(value: Decimal, what: str, noise: Decimal) -> Decimal:
    if not value.is_finite() or abs(value) >= HIGHEST:
        message = f"The {what} {value} is no amount of money"
        raise ForeignValueError(message)
    cents = value.quantize(CENT)
    if abs(cents - value) > noise:
        message = f"The {what} {value} has more than two decimals"
        raise ForeignValueError(message)
    return cents + 0
