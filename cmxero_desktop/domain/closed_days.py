"""The days on which an office is closed: the public holidays of its state or territory, and days of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

CLOSED = "office closed"
"""What a day of the firm's own is called."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of one state, territory or province, each day with its name; `region` empty knows none."""

    region: str = ""
    names: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))


NO_HOLIDAYS = PublicHolidays()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSpan:
    """Days from `first` to `last`, both with them, on which the office is closed.

    With `is_yearly` the years of both do not count, and a `last` before `first` lies in the next year.
    """

    first: date
    last: date
    is_yearly: bool = False

    def covers(self, day: date) -> bool:
        """Say whether the office is closed on a day because of this."""
        if not self.is_yearly:
            return self.first <= day <= self.last
        begin, end, asked = ((each.month, each.day) for each in (self.first, self.last, day))
        return begin <= asked <= end if begin <= end else asked >= begin or asked <= end


def closed_because(day: date, holidays: PublicHolidays, spans: tuple[ClosedSpan, ...]) -> str:
    """Return what keeps the office closed on a day, in words; empty where nothing does."""
    if name := holidays.names.get(day):
        return name
    return CLOSED if any(span.covers(day) for span in spans) else ""
