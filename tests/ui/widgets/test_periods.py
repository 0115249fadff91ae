"""One choice of a period shows, on every page, the payments that are dated in it, and nothing else."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.periods import Days, Period
from cmxero_desktop.ui.widgets.period_box import DaysSheet
from tests.ui.conftest import Stage
from tests.ui.views import NOW


def choose(stage: Stage, text: str) -> None:
    box = stage.window.header.period
    at = box.findText(text)
    box.setCurrentIndex(at)
    box.activated.emit(at)
    QApplication.processEvents()


def dates(stage: Stage) -> list[date]:
    pages = stage.window.tabs
    found = [row.stored.proposal.paid_on for row in pages.review.model.shown_rows()]
    payments = (pages.matched.model, pages.skipped.model, pages.unmatched.model)
    found += [row.paid_on for model in payments for row in model.shown_rows() if row.paid_on]
    return found


def test_a_month_by_name_shows_its_payments_and_the_days_that_events_happened_on(stage: Stage) -> None:
    everything = dates(stage)
    in_month = [d for d in everything if (d.year, d.month) == (2026, 10)]
    assert 0 < len(in_month) < len(everything)
    choose(stage, Period.LAST_MONTH)
    assert dates(stage) == in_month
    assert stage.window.history.model.rowCount() == 0, "nothing happened in October"
    choose(stage, Period.ALL)
    assert dates(stage) == everything
    assert stage.window.history.model.rowCount() > 0


def test_days_are_chosen_by_hand_and_named_in_the_box(stage: Stage) -> None:
    choose(stage, "Choose days…")
    sheet = stage.sheet()
    assert isinstance(sheet, DaysSheet)
    sheet.first.setDate(QDate(2026, 11, 9))
    sheet.last.setDate(QDate(2026, 11, 12))
    stage.press("Show")
    assert set(dates(stage)) <= {date(2026, 11, number) for number in (9, 10, 11, 12)}
    assert stage.window.header.period.currentText() == "9 Nov 2026 - 12 Nov 2026"
    assert stage.window.tabs.matched.total_label.text().startswith("3 of 42 shown")


def test_leaving_the_sheet_leaves_all_dates(stage: Stage) -> None:
    choose(stage, "Choose days…")
    stage.press("Cancel")
    assert stage.window.header.period.days is None
    assert stage.window.header.period.currentText() == "All dates"


def test_other_days_are_taken_where_days_were_chosen_before(stage: Stage) -> None:
    box = stage.window.header.period
    box.use(Days(date(2026, 1, 1), date(2026, 1, 2)))
    assert dates(stage) == []
    box.use(Days(date(2026, 11, 9), date(2026, 11, 9)))
    assert dates(stage)
    choose(stage, Period.THIS_YEAR)
    assert box.itemText(box.count() - 1) == "Choose days…"


@pytest.mark.parametrize("page", [1, 3])
def test_a_table_that_a_period_empties_says_so_and_brings_everything_back(stage: Stage, page: int) -> None:
    stage.window.tabs.setCurrentIndex(page)
    stage.window.header.period.use(Days(date(2020, 1, 1), date(2020, 1, 2)))
    body = stage.window.tabs.matched.body if page == 1 else stage.window.tabs.skipped.body
    assert body.empty.text.startswith("0 of ")
    body.empty.findChildren(type(stage.window.header.check_button))[0].click()
    assert not body.is_empty
    assert stage.window.header.period.days is None


def test_when_a_night_has_passed_this_month_is_another_one(stage: Stage) -> None:
    choose(stage, Period.THIS_MONTH)
    assert dates(stage)
    stage.window.now = lambda: NOW + timedelta(days=100)
    stage.window.desk.refresh()
    stage.settle()
    assert dates(stage) == []


def test_the_period_is_reached_by_keys_alone(stage: Stage) -> None:
    box = stage.window.header.period
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == "This month"
    assert all((d.year, d.month) == (2026, 11) for d in dates(stage))
