"""Matched by how and by change, Skipped by reason and by side: count, sum and what is exported follow."""

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton

from cmxero_desktop.domain.placements import MatchedHow, Reason
from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.ui.payments.columns import Stands, stands
from cmxero_desktop.ui.payments.pages import PaymentPage
from cmxero_desktop.ui.payments.placed_filters import MatchedFilters, SkippedFilters
from cmxero_desktop.ui.theme.formatting import sums
from cmxero_desktop.ui.theme.words import SKIP_CHIP
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.widgets.shown_list import as_list
from tests.ui.conftest import Stage


def shown(page: PaymentPage) -> list[PaymentRow]:
    return page.model.shown_rows()


def test_matched_is_filtered_by_how_it_was_matched(stage: Stage) -> None:
    page = stage.window.tabs.matched
    everything = shown(page)
    assert len({row.placement.matched_how for row in everything}) > 1
    for how in MatchedHow:
        page.filters.why_box.setCurrentText(how.value)
        assert shown(page) == [row for row in everything if row.placement.matched_how is how]
        if shown(page):
            expected = sums(row.amount for row in shown(page) if row.amount is not None)
            assert page.total_label.text() == (
                f"{len(shown(page))} of {len(everything)} shown on both sides, {expected} in all"
            ).replace(" on both sides", "")


def test_matched_is_filtered_by_the_change_that_is_proposed(stage: Stage) -> None:
    page = stage.window.tabs.matched
    assert isinstance(page.filters, MatchedFilters)
    everything = shown(page)
    page.filters.proposed.kind_box.setCurrentText("Link")
    linked = [row for row in everything if row.proposal is not None]
    assert 0 < len(linked) < len(everything)
    assert shown(page) == linked


def test_skipped_is_filtered_by_its_reason(stage: Stage) -> None:
    page = stage.window.tabs.skipped
    everything = shown(page)
    assert len({row.placement.reason for row in everything}) > 1
    for reason in Reason:
        page.filters.why_box.setCurrentText(SKIP_CHIP[reason])
        assert shown(page) == [row for row in everything if row.placement.reason is reason]


@pytest.mark.parametrize("side", list(Stands))
def test_skipped_is_filtered_by_where_the_money_stands(stage: Stage, side: Stands) -> None:
    page = stage.window.tabs.skipped
    assert isinstance(page.filters, SkippedFilters)
    everything = shown(page)
    page.filters.stands_box.setCurrentText(side.value)
    assert shown(page) == [row for row in everything if stands(row) is side]


def test_what_is_exported_is_what_the_filters_leave(stage: Stage) -> None:
    page = stage.window.tabs.skipped
    page.filters.why_box.setCurrentText(SKIP_CHIP[Reason.FUTURE_DATED])
    written = as_list("Skipped", page.table.columns_in_sight(), shown(page))
    assert len(written.rows) == len(shown(page)) < page.model.total_rows


@pytest.mark.parametrize("number", [1, 3])
def test_one_button_takes_all_filters_of_the_page_away(stage: Stage, number: int) -> None:
    page = stage.window.tabs.widget(number)
    assert isinstance(page, PaymentPage)
    stage.window.tabs.setCurrentIndex(number)
    everything = shown(page)
    page.filters.why_box.setCurrentIndex(1)
    stage.window.header.search.setText("no such word")
    clear = next(b for b in page.body.findChildren(QPushButton) if b.text().replace("&", "") == "Clear filters")
    clear.click()
    assert shown(page) == everything
    assert page.boxes.chosen() == {}


def test_very_rows_that_are_asked_for_are_shown_whatever_was_filtered(stage: Stage) -> None:
    page = stage.window.tabs.skipped
    row = shown(page)[0]
    other = next(reason for reason in Reason if reason is not row.placement.reason)
    page.filters.why_box.setCurrentText(SKIP_CHIP[other])
    page.show_named(TheseRows(frozenset({row.row_id}), "one row"))
    assert shown(page) == [row]


@pytest.mark.parametrize(("width", "has_proposed"), [(1366, True), (960, False)])
def test_how_a_payment_was_matched_is_not_cut_and_what_is_proposed_gives_way_last(
    stage: Stage, width: int, *, has_proposed: bool
) -> None:
    stage.window.resize(width, 490 if width < 1000 else 768)
    stage.window.tabs.setCurrentWidget(stage.window.tabs.matched)
    for _ in range(3):
        QApplication.processEvents()
    table = stage.window.tabs.matched.table
    keys = [column.key for column in table.rows.columns]
    words = QFontMetrics(table.font()).horizontalAdvance("Exact, entered by hand")
    assert table.columnWidth(keys.index("how")) >= words
    assert table.isColumnHidden(keys.index("proposal")) is not has_proposed
