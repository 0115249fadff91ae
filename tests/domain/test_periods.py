"""Periods by name: the days that an accountant means by them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.periods import Days, Period, days_of

DAYS = st.dates(date(2001, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.THIS_MONTH, date(2026, 2, 14), date(2026, 2, 1), date(2026, 2, 28)),
        (Period.THIS_MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (Period.LAST_MONTH, date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        (Period.LAST_MONTH, date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        (Period.THIS_QUARTER, date(2026, 11, 28), date(2026, 10, 1), date(2026, 12, 31)),
        (Period.LAST_QUARTER, date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (Period.THIS_YEAR, date(2026, 6, 30), date(2025, 7, 1), date(2026, 6, 30)),
        (Period.THIS_YEAR, date(2026, 7, 1), date(2026, 7, 1), date(2027, 6, 30)),
        (Period.LAST_YEAR, date(2026, 11, 28), date(2025, 7, 1), date(2026, 6, 30)),
        (Period.LAST_7_DAYS, date(2026, 3, 3), date(2026, 2, 25), date(2026, 3, 3)),
        (Period.LAST_30_DAYS, date(2026, 1, 30), date(2026, 1, 1), date(2026, 1, 30)),
    ],
)
def test_an_australian_accountant_means_these_days(period: Period, today: date, first: date, last: date) -> None:
    assert days_of(period, today) == Days(first, last)


def test_a_financial_year_begins_in_april_in_new_zealand() -> None:
    today = date(2026, 3, 31)
    assert days_of(Period.THIS_YEAR, today, year_begins=4) == Days(date(2025, 4, 1), today)
    assert days_of(Period.THIS_QUARTER, today, year_begins=4) == Days(date(2026, 1, 1), today)


@given(today=DAYS, begins=st.integers(1, 12))
def test_today_is_in_this_one_and_the_last_one_ends_the_day_before_it(today: date, begins: int) -> None:
    pairs = (
        (Period.THIS_MONTH, Period.LAST_MONTH),
        (Period.THIS_QUARTER, Period.LAST_QUARTER),
        (Period.THIS_YEAR, Period.LAST_YEAR),
    )
    for this, last in pairs:
        now, before = days_of(this, today, year_begins=begins), days_of(last, today, year_begins=begins)
        assert now is not None
        assert before is not None
        assert now.first <= today <= now.last
        assert before.last == now.first - timedelta(days=1)
        assert before.first < before.last
    assert days_of(Period.ALL, today) is None
