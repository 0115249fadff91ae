"""Unmatched is one ledger: an invoice's payments stand together, each side in its own column, no sum mixes sides."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.domain.records import Side
from cmxero_desktop.ui.payments.columns import why_in_short
from cmxero_desktop.ui.payments.unmatched_page import UnmatchedPage
from cmxero_desktop.ui.theme.words import FLAG_WORD
from cmxero_desktop.ui.widgets.arranged import TheseRows
from cmxero_desktop.ui.widgets.row_delegate import MARGIN
from cmxero_desktop.ui.widgets.two_lines import TwoLineTable
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import C, X, day, firm_view, results_of, snapshot, stored_of, view_of

TWO = (
    snapshot(
        "CM-9",
        "Acme",
        "1 Lee",
        "2000.00",
        [X(name="a", amount="400.00", on=day(10)), X(name="b", amount="70.00", on=day(20))],
        [C(number=1, amount="397.50", on=day(10)), C(number=2, amount="71.50", on=day(21))],
        xero_total="2005.00",
    ),
    snapshot("CM-10", "QBE", "2 Ito", "500.00", [X(name="c", amount="50.00", on=day(2))]),
)


@pytest.fixture
def page(make_stage: MakeStage) -> UnmatchedPage:
    results = results_of(TWO)
    stage = make_stage(view_of(results, stored_of(results)))
    stage.window.wishes.go_to_page(2)
    return stage.window.tabs.unmatched


def lines(page: UnmatchedPage) -> list[tuple[str, str, str, str]]:
    keys = ("invoice", "paid_on", "amount_xero", "amount_case_manager")
    columns = [next(column for column in page.model.columns if column.key == key) for key in keys]
    found = [tuple(column.text(row) for column in columns) for row in page.model.shown_rows()]
    return [(number, paid_on, xero, case) for number, paid_on, xero, case in found]


def test_the_payments_of_an_invoice_stand_together_by_date_each_side_in_its_own_column(page: UnmatchedPage) -> None:
    assert lines(page) == [
        ("CM-9", "10 Nov 2026", "400.00", ""),
        ("CM-9", "10 Nov 2026", "", "397.50"),
        ("CM-9", "20 Nov 2026", "70.00", ""),
        ("CM-9", "21 Nov 2026", "", "71.50"),
        ("CM-10", "2 Nov 2026", "50.00", ""),
    ]
    assert page.total_label.text() == "Only in Xero: 3 payments, 520.00   |   Only in Case Manager: 2 payments, 469.00"


@pytest.mark.parametrize(
    ("words", "number", "total"),
    [
        ("Only in Xero", 3, "Only in Xero: 3 payments, 520.00"),
        ("Only in Case Manager", 2, "Only in Case Manager: 2 payments, 469.00"),
    ],
)
def test_one_side_alone_is_shown(page: UnmatchedPage, words: str, number: int, total: str) -> None:
    page.side_box.setCurrentText(words)
    assert (len(lines(page)), page.total_label.text()) == (number, total)


def test_sums_say_by_how_much_case_manager_is_below_xero(page: UnmatchedPage) -> None:
    assert page.model.shown_sums() == [Money.of("-51.00", "AUD")]


def test_selected_rows_are_added_up_each_side_by_itself(make_stage: MakeStage) -> None:
    results = results_of(TWO)
    window = make_stage(view_of(results, stored_of(results))).window
    window.wishes.go_to_page(2)
    window.tabs.unmatched.table.selectAll()
    QApplication.processEvents()
    assert window.tabs.selection_text() == ("5 selected: 3 only in Xero, 520.00; 2 only in Case Manager, 469.00")


def test_every_unmatched_payment_is_there_once(stage: Stage) -> None:
    view = firm_view()
    shown = stage.window.tabs.unmatched.model.shown_rows()
    assert sorted(row.row_id for row in shown) == sorted(row.row_id for row in view.unmatched)
    assert {row.placement.side for row in shown} == set(Side)


def test_these_very_rows_are_shown_whatever_side_was_chosen(page: UnmatchedPage) -> None:
    row_id = next(row.row_id for row in page.model.shown_rows() if row.placement.side is Side.CASE_MANAGER)
    page.side_box.setCurrentText("Only in Xero")
    page.show_named(TheseRows(frozenset({row_id}), "what stands in the way"))
    assert [row.row_id for row in page.model.shown_rows()] == [row_id]


def test_what_hides_every_row_is_taken_away_by_one_button(make_stage: MakeStage) -> None:
    results = results_of(TWO[1:])
    stage = make_stage(replace(view_of(results, stored_of(results))))
    stage.window.wishes.go_to_page(2)
    page = stage.window.tabs.unmatched
    page.side_box.setCurrentText("Only in Case Manager")
    assert page.body.is_empty
    clear = next(b for b in page.body.findChildren(QPushButton) if b.text().replace("&", "") == "Clear filters")
    clear.click()
    assert len(lines(page)) == 1


def test_what_is_proposed_for_a_payment_and_its_flag_are_filters(stage: Stage) -> None:
    page, view = stage.window.tabs.unmatched, firm_view()
    proposed = [row for row in view.unmatched if row.proposal is not None]
    additions = {row.row_id for row in proposed if row.proposal and row.proposal.proposal.kind is ProposalKind.ADD}
    page.filters.kind_box.setCurrentText("Add")
    assert {row.row_id for row in page.model.shown_rows()} == additions
    page.filters.flag_box.setCurrentText(FLAG_WORD[Flag.TWIN])
    twins = {row.row_id for row in proposed if row.proposal and Flag.TWIN in row.proposal.proposal.flags}
    assert twins
    assert {row.row_id for row in page.model.shown_rows()} == twins
    page.filters.flag_box.setCurrentText("No flag")
    plain = {row.row_id for row in proposed if row.proposal and not row.proposal.proposal.flags} & additions
    assert {row.row_id for row in page.model.shown_rows()} == plain
    page.filters.clear()
    assert page.model.rowCount() == len(view.unmatched)


@pytest.mark.parametrize("width", [1366, 1440])
def test_why_a_payment_is_on_one_side_is_not_cut_on_a_laptop(stage: Stage, width: int) -> None:
    stage.window.resize(width, 768)
    stage.window.tabs.setCurrentWidget(stage.window.tabs.unmatched)
    for _ in range(3):
        QApplication.processEvents()
    table = stage.window.tabs.unmatched.table
    assert isinstance(table, TwoLineTable)
    metrics = QFontMetrics(table.font())
    room = table.room_below(0)[1] - 2 * MARGIN
    said = {row.placement.invoice_number: why_in_short(row) for row in table.rows.shown_rows()}
    assert [text for text in said.values() if metrics.horizontalAdvance(text) > room] == []
    assert all(said.values())
    assert said["CM-10160"] == "Xero has another payment like this one on the invoice: it may have been entered twice."
    assert said["CM-10115"] == "Entered by hand: 120.00 on 3 Nov 2026. Xero has no equal payment on this invoice."
    assert said["CM-10234"] == "Xero has 1,500.00 on 24 Nov 2026; Case Manager has no payment of that amount and date."


def test_what_is_proposed_says_where_no_yes_can_be_given(stage: Stage) -> None:
    """A row of Unmatched that says *to approve* sends a person to Review in vain, where it cannot be."""
    shown = {
        (row.placement.invoice_number, column.text(row))
        for column in stage.window.tabs.unmatched.model.columns
        if column.key == "proposal"
        for row in firm_view().unmatched
    }
    assert ("CM-10166", "Add - cannot be approved") in shown
    assert ("CM-10234", "Add - to approve") in shown
