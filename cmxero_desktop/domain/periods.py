"""Spans of days by the names that accountants give them, as they are on a given day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# In Australia; New Zealand's ends in March.
_YEAR_BEGINS = 7
_QUARTER = 3


class Period(StrEnum):
    """A name of a span of days that moves with the calendar."""

    ALL = "All dates"
    THIS_MONTH = "This month"
    LAST_MONTH = "Last month"
    THIS_QUARTER = "This quarter"
    LAST_QUARTER = "Last quarter"
    THIS_YEAR = "This financial year"
    LAST_YEAR = "Last financial year"
    LAST_7_DAYS = "Last 7 days"
    LAST_30_DAYS = "Last 30 days"


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days from the first to the last one, both among them."""

    first: date
    last: date


def days_of(period: Period, today: date, *, year_begins: int = _YEAR_BEGINS) -> Days | None:
    """Return the days of a period; all dates have none. `year_begins` is the financial year's first month, 1 to 12."""
    span = _SPANS.get(period)
    return span(today, year_begins) if span is not None else None


def _months(begin: date, number: int) -> Days:
    return Days(begin, _moved(begin, number) - timedelta(days=1))


def _moved(first_of_month: date, months: int) -> date:
    """Return the first day of the month so many months later, or earlier."""
    since = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(since // 12, since % 12 + 1, 1)


def _month(today: date) -> date:
    return today.replace(day=1)


def _quarter(today: date, year_begins: int) -> date:
    return _moved(_month(today), -((today.month - year_begins) % _QUARTER))


def _year(today: date, year_begins: int) -> date:
    return _moved(_month(today), -((today.month - year_begins) % 12))


def _last(today: date, number: int) -> Days:
    return Days(today - timedelta(days=number - 1), today)


_SPANS: dict[Period, Callable[[date, int], Days]] = {
    Period.THIS_MONTH: lambda today, _: _months(_month(today), 1),
    Period.LAST_MONTH: lambda today, _: _months(_moved(_month(today), -1), 1),
    Period.THIS_QUARTER: lambda today, begins: _months(_quarter(today, begins), _QUARTER),
    Period.LAST_QUARTER: lambda today, begins: _months(_moved(_quarter(today, begins), -_QUARTER), _QUARTER),
    Period.THIS_YEAR: lambda today, begins: _months(_year(today, begins), 12),
    Period.LAST_YEAR: lambda today, begins: _months(_moved(_year(today, begins), -12), 12),
    Period.LAST_7_DAYS: lambda today, _: _last(today, 7),
    Period.LAST_30_DAYS: lambda today, _: _last(today, 30),
}
