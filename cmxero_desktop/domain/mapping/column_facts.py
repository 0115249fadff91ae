"""What the values of a column say of it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cached_property

from cmxero_desktop.domain.strangers import one_line, shortened

Value = str | int | Decimal | bool | date | None
"""What was read of a column; a datetime is a date with a time."""

_SAMPLES, _SAMPLE_LENGTH = 4, 24
_FEW = 12
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?", re.ASCII)
_OTHER_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?: .*)?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:19|20)\d{2}[./]\d{1,2}[./]\d{1,2}(?: .*)?|\d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4}",
    re.ASCII,
)
_MONEY_TEXT = re.compile(r"[-+]?(?:[$€£] ?)?\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}-?", re.ASCII)
_MIDNIGHTS = frozenset({"", "00:00", "00:00:00", "00:00:00.000", "00:00:00.000000"})


@dataclass(frozen=True)
class ColumnFacts:
    """What was counted of a column's values; an empty text counts as blank."""

    counts: Mapping[Value, int]
    rows: int
    blank: int

    @property
    def filled(self) -> int:
        """How many values there are."""
        return self.rows - self.blank

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(self.counts)

    @property
    def is_unique(self) -> bool:
        """Whether each value stands there once."""
        return self.filled > 0 and self.distinct == self.filled

    @cached_property
    def usual(self) -> tuple[tuple[Value, int], ...]:
        """The most frequent values and how often each stands there, in an order that is always the same."""
        return tuple(sorted(self.counts.items(), key=lambda one: (-one[1], str(one[0])))[:_FEW])

    @property
    def is_few(self) -> bool:
        """Whether there are so few different values that each may be a mark."""
        return 0 < self.distinct <= _FEW and (self.distinct * 2 <= self.filled or self.distinct == 1)

    @cached_property
    def samples(self) -> tuple[str, ...]:
        """A few values as they may be shown: short, and every character that a screen would obey as its number."""
        return tuple(shown(value) for value in list(self.counts)[:_SAMPLES])

    @cached_property
    def keys(self) -> frozenset[Value]:
        """The values as keys are compared."""
        return frozenset(folded(value) for value in self.counts)

    @cached_property
    def numbers(self) -> Mapping[Decimal, int]:
        """How often each number stands there."""
        return {number: n for v, n in self.counts.items() if (number := number_of(v)) is not None}

    @property
    def above(self) -> int:
        """How many numbers are above zero."""
        return sum(count for number, count in self.numbers.items() if number > 0)

    @property
    def below(self) -> int:
        """How many numbers are below zero."""
        return sum(count for number, count in self.numbers.items() if number < 0)

    @cached_property
    def days(self) -> int:
        """How many values are dates, or texts that begin as ISO writes them."""
        return sum(count for value, count in self.counts.items() if day_of(value) is not None)

    @cached_property
    def timed(self) -> int:
        """How many of these have a time other than midnight."""
        return sum(count for value, count in self.counts.items() if _has_time(value))

    @cached_property
    def odd_days(self) -> int:
        """How many values are dates as people write them, which no program can be sure of."""
        return self._texts(_OTHER_DATE)

    @cached_property
    def odd_money(self) -> int:
        """How many values are amounts written as text."""
        return self._texts(_MONEY_TEXT)

    def _texts(self, pattern: re.Pattern[str]) -> int:
        return sum(n for v, n in self.counts.items() if isinstance(v, str) and pattern.fullmatch(v.strip()))


def facts_of(values: Iterable[Value]) -> ColumnFacts:
    """Count the values of a column."""
    found = Counter(values)
    rows = found.total()
    counts = {value: count for value, count in found.items() if not is_blank(value)}
    return ColumnFacts(counts=counts, rows=rows, blank=rows - sum(counts.values()))


def is_blank(value: Value) -> bool:
    """Say whether nothing stands there; an empty text is nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_number(value: Value) -> bool:
    """Say whether a value is a number."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def day_of(value: Value) -> date | None:
    """Return the calendar date of a value, None where it has none that is sure."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def number_of(value: Value) -> Decimal | None:
    """Return a number, None for what is none; true and false are none."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def amount_of(value: Value) -> Decimal | None:
    """Return a number without its sign, None for what is none."""
    number = number_of(value)
    return None if number is None else abs(number)


def folded(value: Value) -> Value:
    """Return a value as keys are compared: blanks at the end and capitals make no difference."""
    return value.strip().casefold() if isinstance(value, str) else value


def number_text(value: Value) -> str:
    """Return an invoice's number as text, without blanks around it; empty for what is none."""
    if isinstance(value, str):
        return value.strip()
    try:
        is_whole = is_number(value) and Decimal(str(value)) == int(str(value))
    except (ValueError, InvalidOperation):
        return ""
    return str(value) if is_whole else ""


def shown(value: Value) -> str:
    """Return a value as it may be shown on a line."""
    if value is None:
        return "(empty)"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return one_line(shortened(text, _SAMPLE_LENGTH)) or '""'


def _has_time(value: Value) -> bool:
    if isinstance(value, datetime):
        return value.time() != time()
    found = _ISO.fullmatch(value) if isinstance(value, str) else None
    return bool(found) and (found[4] or "") not in _MIDNIGHTS if found else False
