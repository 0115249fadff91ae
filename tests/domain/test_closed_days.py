"""On which days an office is closed: holidays by their names, days of its own once or every year (UX C8)."""

from datetime import date
from types import MappingProxyType

import pytest

from cmxero_desktop.domain.closed_days import CLOSED, NO_HOLIDAYS, ClosedSpan, PublicHolidays, closed_because

CHRISTMAS = ClosedSpan(first=date(2000, 12, 24), last=date(2000, 1, 3), is_yearly=True)
MOVING = ClosedSpan(first=date(2027, 8, 11), last=date(2027, 8, 12))
LEAP = ClosedSpan(first=date(2000, 2, 29), last=date(2000, 2, 29), is_yearly=True)


@pytest.mark.parametrize(
    ("day", "spans", "is_closed"),
    [
        (date(2026, 12, 23), (CHRISTMAS,), False),
        (date(2026, 12, 24), (CHRISTMAS,), True),
        (date(2026, 12, 31), (CHRISTMAS,), True),
        (date(2027, 1, 3), (CHRISTMAS,), True),
        (date(2027, 1, 4), (CHRISTMAS,), False),
        (date(2031, 1, 1), (CHRISTMAS,), True),
        (date(2027, 8, 10), (MOVING,), False),
        (date(2027, 8, 11), (MOVING,), True),
        (date(2027, 8, 12), (MOVING,), True),
        (date(2028, 8, 11), (MOVING,), False),
        (date(2028, 2, 29), (LEAP,), True),
        (date(2027, 2, 28), (LEAP,), False),
        (date(2027, 3, 1), (LEAP,), False),
        (date(2027, 8, 11), (CHRISTMAS, MOVING), True),
        (date(2027, 8, 11), (), False),
    ],
)
def test_an_office_is_closed_on_days_of_its_own(day: date, spans: tuple[ClosedSpan, ...], *, is_closed: bool) -> None:
    assert closed_because(day, NO_HOLIDAYS, spans) == (CLOSED if is_closed else "")


def test_a_span_within_a_year_is_so_every_year() -> None:
    winter = ClosedSpan(first=date(2000, 7, 1), last=date(2000, 7, 14), is_yearly=True)
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2031, 7, 14), date(2031, 7, 15))
    assert [winter.covers(day) for day in days] == [False, True, True, False]


def test_a_public_holiday_is_called_by_its_name() -> None:
    holidays = PublicHolidays("VIC", MappingProxyType({date(2026, 11, 3): "Melbourne Cup Day"}))
    assert closed_because(date(2026, 11, 3), holidays, (MOVING,)) == "Melbourne Cup Day"
    assert closed_because(date(2026, 11, 4), holidays, ()) == ""
