"""Make many frozen records at once, column by column, where one by one is what reading a page of Xero's costs most.

Each column is checked as a whole: what differs is looked at once, and nothing in it is made that the reading of a
single value in `values` would not make. Whatever is out of the ordinary is a RowError, and read row by row instead.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from typing import TypeVar

import msgspec

from cmxero_desktop.adapters.xero.values import RowError, is_id, number_of, payment_day_of
from cmxero_desktop.domain.money import CENT, Money

T = TypeVar("T")
# An amount as Xero writes it. What has an exponent, a third decimal or nought with a sign is read by itself.
_AMOUNTS = re.compile(r"(?:-?[1-9]\d{0,12}(?:\.\d{1,2})?\n|0(?:\.\d{1,2})?\n)*", re.ASCII)
_STAMPS = re.compile(r"(?:/Date\((?:\d{12}|[1-3]\d{12})(?:[+-]\d{4})?\)/\n)*", re.ASCII)
_MILLISECONDS = re.compile(r"\((\d+)", re.ASCII)
# What ids are nearly always: then one look at all of them says so.
_GUIDS = re.compile(r"(?:[0-9A-Za-z-]{36}\n)*", re.ASCII)
# Exact to the millisecond until the year 2096.
_instant = datetime.fromtimestamp
_FIRST_STAMP = datetime(1990, 1, 1, tzinfo=UTC)
_UNUSUAL = "Something in the page is unusual."


def made(kind: type[T], columns: Mapping[str, Iterable[object]], count: int) -> list[T]:
    """Return `count` records of a frozen class with slots, which must need nothing but its fields set.

    Its own constructor sets them one after the other, at four to eight times the cost.
    """
    slots: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined] # only records with slots are made
    if columns.keys() != set(slots):
        message = f"{kind.__name__} has other fields: {columns.keys() ^ set(slots)}"
        raise TypeError(message)
    records = list(map(object.__new__, repeat(kind, count)))
    for name, column in columns.items():
        deque(map(getattr(kind, name).__set__, records, column), maxlen=0)
    return records


def texts(raws: Sequence[msgspec.Raw]) -> list[str]:
    """Return values as they were written, bytes that are no text as no value could be.

    Raises RowError where one of them stands on several lines.
    """
    found = b"\n".join(raws).decode("utf-8", "replace").split("\n") if raws else []
    if len(found) != len(raws):
        raise RowError(_UNUSUAL)
    return found


def ids(column: Sequence[str | None]) -> list[str]:
    """Return ids that must be there, and that Xero can be asked for. Raises RowError."""
    known = [each or "" for each in column]
    if not _is_lines_of(_GUIDS, known) and not all(map(is_id, known)):
        raise RowError(_UNUSUAL)
    return known


def numbers(column: Sequence[str | None], field: str) -> list[str]:
    """Return the numbers of invoices, which may be missing. Raises RowError."""
    known = [each or "" for each in column]
    number_of(max(known, key=len, default=""), field)
    return known


def days(column: Sequence[str | None], field: str, now: datetime) -> list[date]:
    """Return calendar dates that can be those of payments; each that comes again is read once. Raises RowError."""
    read = {text: payment_day_of(text, field, now) for text in set(column)}
    return [read[text] for text in column]


def stamps(column: Sequence[str | None], latest: datetime) -> list[datetime]:
    """Return when Xero says that things changed: since 1990, and not after `latest` (aware UTC). Raises RowError."""
    written = [each or "" for each in column]
    if not _is_lines_of(_STAMPS, written):
        raise RowError(_UNUSUAL)
    found = [_instant(int(ms) / 1000, UTC) for ms in _MILLISECONDS.findall("\n".join(written))]
    if found and not _FIRST_STAMP <= min(found) <= max(found) <= latest:
        raise RowError(_UNUSUAL)
    return found


def amounts(raws: Sequence[msgspec.Raw], currencies: Iterable[str]) -> list[Money]:
    """Return amounts exactly as their digits are written. Raises RowError."""
    written = texts(raws)
    if not _is_lines_of(_AMOUNTS, written):
        raise RowError(_UNUSUAL)
    exact = [number.quantize(CENT) for number in map(Decimal, written)]
    return made(Money, {"amount": exact, "currency": currencies}, len(exact))


def looked_up(column: Sequence[str | None], look: Callable[[str | None], T]) -> list[T]:
    """Return what each value is, by a look at those that differ. Raises what the look does."""
    found = {each: look(each) for each in set(column)}
    return [found[each] for each in column]


def _is_lines_of(pattern: re.Pattern[str], column: Sequence[str]) -> bool:
    """Say whether each value is what the pattern is of one line; a value of several lines is none."""
    lines = "\n".join([*column, ""])
    return lines.count("\n") == len(column) and pattern.fullmatch(lines) is not None
