"""How dates, times, amounts and counts are written on screen and copied out."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.strangers import is_formula
from cmxero_desktop.domain.wording import day
from cmxero_desktop.ui.theme.strangers import as_said

__all__ = [
    "age",
    "clock_time",
    "count",
    "day",
    "day_or_blank",
    "for_spreadsheet",
    "moment",
    "money",
    "short_day",
    "signed_sums",
    "sums",
    "weekday",
]

_DAYS_SHOWN_AS_DAYS = 99
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_or_blank(value: date | None) -> str:
    """Write a date as `5 Mar 2026`, or nothing."""
    return day(value) if value else ""


def short_day(value: date) -> str:
    """Write a date as `5 Mar`, where the year is plain from what stands beside it."""
    return day(value).rsplit(" ", 1)[0]


def weekday(value: date) -> str:
    """Write the day of the week as `Mon`, in every locale."""
    return _WEEKDAYS[value.weekday()]


def clock_time(instant: datetime) -> str:
    """Write an instant as local time of day, `10:42`."""
    return f"{instant.astimezone():%H:%M}"


def moment(instant: datetime) -> str:
    """Write an instant as local date and time, `24 Nov 2026 16:10`."""
    local = instant.astimezone()
    return f"{day(local.date())} {local:%H:%M}"


def since(instant: datetime, now: datetime) -> str:
    """Write an instant of today as `10:42`, an earlier one with its date."""
    is_today = instant.astimezone().date() == now.astimezone().date()
    return clock_time(instant) if is_today else moment(instant)


def money(amount: Money | None) -> str:
    """Write an amount as `1,500.00`, or nothing."""
    return str(amount) if amount is not None else ""


def count(number: int) -> str:
    """Write a count as `1,208`."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Write `1 removal`, `3 removals`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def sums(amounts: Iterable[Money]) -> str:
    """Add up amounts and write the sum; several currencies give several sums, each with its name."""
    return _added_up(amounts, str)


def signed_sums(amounts: Iterable[Money]) -> str:
    """Write the same sums with their signs, as what is added to something or taken from it: `+1,500.00`."""
    return _added_up(amounts, lambda amount: f"{amount.amount:+,.2f}" if amount.minor else str(amount))


def _added_up(amounts: Iterable[Money], written: Callable[[Money], str]) -> str:
    by_currency: dict[str, list[Money]] = {}
    for amount in amounts:
        by_currency.setdefault(amount.currency, []).append(amount)
    totals = [total(found, currency) for currency, found in sorted(by_currency.items())]
    if len(totals) == 1:
        return written(totals[0])
    return " and ".join(f"{written(sum_)} {sum_.currency}" for sum_ in totals) or "0.00"


def age(instant: datetime, now: datetime) -> str:
    """Write how old something is: `now`, `3h`, `2d`."""
    passed = max(now - instant, timedelta())
    if passed.days > _DAYS_SHOWN_AS_DAYS:
        return f"{_DAYS_SHOWN_AS_DAYS}d+"
    if passed.days:
        return f"{passed.days}d"
    hours = passed.seconds // 3600
    return f"{hours}h" if hours else "now"


def for_spreadsheet(text: str) -> str:
    """Return a cell that a spreadsheet takes as text: no formula, no line break, no tab."""
    flat = as_said(" ".join(text.split()))
    return f"'{flat}" if is_formula(flat) else flat


def utc_now() -> datetime:
    """Return now as aware UTC."""
    return datetime.now(UTC)
