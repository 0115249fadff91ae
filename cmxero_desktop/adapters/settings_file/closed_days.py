"""Read from the settings which days an office is closed: a state or territory by its name, and spans of days."""

from collections import defaultdict
from datetime import date
from functools import cache
from types import MappingProxyType

from cmxero_desktop.domain.closed_days import NO_HOLIDAYS, ClosedSpan, PublicHolidays
from cmxero_desktop.domain.reading_days import read_day
from cmxero_desktop.domain.wording import day as day_text
from cmxero_desktop.shipped import shipped

_TO = " to "
# A leap year, so that there is a 29 February in it.
_ANY_YEAR = 2000


def regions() -> tuple[str, ...]:
    """Return the states, territories and provinces whose public holidays are known."""
    return tuple(sorted(_table()))


def holidays_of(region: str) -> PublicHolidays:
    """Return the public holidays of a region of `regions`, none for an empty name."""
    if not region:
        return NO_HOLIDAYS
    country = _table()[region.partition(" ")[0]]
    return PublicHolidays(region, MappingProxyType({**country, **_table()[region]}))


def span_of(text: str) -> ClosedSpan | None:
    """Read `5 Mar 2027`, `24 Dec 2026 to 3 Jan 2027`, or without years `24 Dec to 3 Jan`; None where it is none."""
    begin, to, end = text.strip().partition(_TO)
    first, last = read_day(begin), read_day(end if to else begin)
    if first is not None and last is not None:
        return ClosedSpan(first=first, last=last) if first <= last else None
    first, last = _yearly(begin), _yearly(end if to else begin)
    if first is not None and last is not None:
        return ClosedSpan(first=first, last=last, is_yearly=True)
    return None


def span_text(span: ClosedSpan) -> str:
    """Write a span as `span_of` reads it."""
    ends = (span.first,) if span.first == span.last else (span.first, span.last)
    texts = [day_text(each) for each in ends]
    return _TO.join(text.rpartition(" ")[0] if span.is_yearly else text for text in texts)


@cache
def _table() -> dict[str, dict[date, str]]:
    """Return each region's days, read once and only where one is asked for."""
    table: dict[str, dict[date, str]] = defaultdict(dict)
    for line in shipped("public_holidays.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            day, name, where = line.split("\t")
            for region in where.split(", "):
                table[region][date.fromisoformat(day)] = name
    return dict(table)


def _yearly(text: str) -> date | None:
    return read_day(f"{text.strip()} {_ANY_YEAR}")
