"""Says whether a value of the mapping file can stand in its column, and turns it into what the column takes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from cmxero_desktop.adapters.casemanager.mapping import Constant
from cmxero_desktop.adapters.casemanager.schema import DatabaseColumn, encoded
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind

_DATES = frozenset({ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.ZONED})
_TRUTH = {"true": 1, "false": 0}


class UnfitError(ValueError):
    """A value cannot stand in a column; the text says why and completes "the column …"."""


def fitted(value: Constant, column: DatabaseColumn, dialect: str) -> object:
    """Return the value as this column of this database takes it; raise UnfitError."""
    kind = column.kind
    if kind in {ColumnKind.BOOLEAN, ColumnKind.UUID}:
        return _truth(value) if kind is ColumnKind.BOOLEAN else _uuid(value)
    if kind in {ColumnKind.NUMBER, ColumnKind.DECIMAL, ColumnKind.SINGLE}:
        number = _number(value, column)
        return int(number) if kind is ColumnKind.NUMBER else encoded(number, column, dialect)
    if kind is ColumnKind.TEXT:
        return _text(value, column, dialect)
    if kind in _DATES:
        return _date(value, column, dialect)
    # Of what is left nobody here knows better than the database.
    if isinstance(value, bool):
        return int(value) if kind is ColumnKind.ANY else value
    return encoded(value, column, dialect)


def fitted_ways(value: Constant, column: DatabaseColumn, dialect: str) -> Sequence[object]:
    """Return every way in which a value may be stored: a SQLite file keeps what it was given."""
    first = fitted(value, column, dialect)
    if column.is_loose and isinstance(value, date):
        return tuple(f"{value.isoformat()}{time}" for time in ("", " 00:00:00", "T00:00:00"))
    if column.kind is not ColumnKind.ANY:
        return (first,)
    if isinstance(first, int):
        return (first, str(first))
    if isinstance(first, str) and first.lower() in _TRUTH:
        return (first, _TRUTH[first.lower()])
    return (first, int(first)) if isinstance(first, str) and _is_whole(first) else (first,)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and str(int(text)) == text


def _truth(value: Constant) -> bool:
    if isinstance(value, bool) or (isinstance(value, int) and value in {0, 1}):
        return bool(value)
    hint = ", without quotes" if isinstance(value, str) else ""
    message = f"holds true or false{hint}"
    raise UnfitError(message)


def _number(value: Constant, column: DatabaseColumn) -> Decimal:
    number = _number_or_none(value)
    places = 0 if column.kind is ColumnKind.NUMBER else column.scale
    if number is None or (places == 0 and number != round(number)):
        is_truth = isinstance(value, str) and value.strip().lower() in _TRUTH
        raise UnfitError(f"holds {column.kind}{': write true or false without quotes' if is_truth else ''}")
    if places is not None and number != round(number, places):
        raise UnfitError(f"keeps {places} decimals")
    if column.smallest is not None and number < column.smallest:
        raise UnfitError(f"takes nothing below {column.smallest}")
    if column.largest is not None and number >= int(column.largest) + 1:
        raise UnfitError(f"takes nothing above {column.largest}")
    return number


def _number_or_none(value: Constant) -> Decimal | None:
    """Return a finite number, also from text; true and false count as 1 and 0, and a date is none."""
    if isinstance(value, date):
        return None
    try:
        number = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _text(value: Constant, column: DatabaseColumn, dialect: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        message = "holds text: write it in quotes, just as it stands there"
        raise UnfitError(message)
    text = str(value)
    folded = str.casefold if dialect in {"mysql", "mariadb"} else str
    if column.choices and folded(text) not in {folded(choice) for choice in column.choices}:
        raise UnfitError(f"takes only {', '.join(column.choices)}")
    if column.length is not None and len(text) > column.length:
        raise UnfitError(f"takes {column.length} characters, and it has {len(text)}")
    return text


def _date(value: Constant, column: DatabaseColumn, dialect: str) -> object:
    if not isinstance(value, date):
        message = "holds dates: write one without quotes, as 2026-11-22"
        raise UnfitError(message)
    if (column.first_day and value < column.first_day) or (column.last_day and value > column.last_day):
        raise UnfitError(f"takes dates from {column.first_day} to {column.last_day}")
    return encoded(value, column, dialect)


def _uuid(value: Constant) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        message = "holds UUIDs"
        raise UnfitError(message) from None
