"""The payments that make up the statement's difference: every one of them once, and sums that are the statement's."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.tie_out import MoneyCounted
from cmxero_desktop.services.viewing.apart import rows_apart
from cmxero_desktop.ui.sheets.apart_part import BY
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet
from cmxero_desktop.ui.theme.formatting import signed_sums
from tests.ui.conftest import MakeStage, Stage
from tests.ui.story import story_view
from tests.ui.views import aud


@pytest.fixture
def stage(make_stage: MakeStage) -> Stage:
    return make_stage(story_view())


@pytest.fixture
def sheet(stage: Stage) -> TieOutSheet:
    stage.window.flows.writing.tie_out(stage.window.desk.content)
    opened = stage.sheet()
    assert isinstance(opened, TieOutSheet)
    return opened


def test_the_rows_add_up_to_the_statement_line_by_line_and_in_all() -> None:
    view = story_view()
    statement = view.tie_out
    assert statement is not None
    found = list(rows_apart(view, "AUD"))
    assert len({one.row_id for one in found}) == len(found)
    apart = [amount for one in found if (amount := one.less_xero) is not None]
    assert total(apart, "AUD") == statement.case_manager_total - statement.xero_total == aud("-1785.00")
    assert len(found) == sum(line.payments for line in statement.lines)


def test_a_row_is_listed_where_the_statement_counts_it_and_nowhere_else() -> None:
    view = story_view()
    listed = {one.row_id for one in rows_apart(view, "AUD")}
    for one in (*view.matched, *view.unmatched, *view.skipped):
        counted = MoneyCounted(Policy(currency="AUD"))
        counted.count(one.result.snapshot, Correlation(placements=(one.placement,)))
        has_amount = one.placement.xero_amount is not None or one.placement.case_amount is not None
        assert (one.row_id in listed) is (has_amount and bool(counted.statement.lines))


def test_nobody_waits_for_the_rows_before_they_are_looked_at(sheet: TieOutSheet) -> None:
    assert sheet.apart.model.total_rows == 0
    sheet.parts.setCurrentWidget(sheet.apart)
    assert sheet.apart.model.total_rows == 17


def test_the_sheet_says_the_main_figure_in_words(sheet: TieOutSheet) -> None:
    said = "Case Manager counts 1,785.00 less paid than Xero, all of it named. All invoices in scope, AUD."
    assert sheet.accessibleDescription().startswith(said)
    sheet.parts.setCurrentWidget(sheet.apart)
    assert sheet.apart.said.text() == "17 payments, Case Manager -1,785.00"


@pytest.mark.parametrize(
    ("by", "line"),
    [
        ("What it is", "Only in Case Manager   5 rows, +2,430.00"),
        ("Bill To", "WorkSafe Victoria   2 rows, +1,520.00"),
        ("Invoice", "CM-10166   2 rows, -50.00"),
    ],
)
def test_rows_are_added_up_by_what_they_are_by_bill_to_and_by_invoice(sheet: TieOutSheet, by: str, line: str) -> None:
    assert by in BY
    sheet.parts.setCurrentWidget(sheet.apart)
    sheet.apart.by.setCurrentText(by)
    model = sheet.apart.model
    lines = [model.line_text(found) for found in model.lines]
    assert line in lines
    assert sum(found.size for found in model.lines) == 17


def test_each_line_of_the_statement_opens_its_payments(stage: Stage, sheet: TieOutSheet) -> None:
    statement = stage.fake.desk_view.tie_out
    assert statement is not None
    for line in statement.lines:
        sheet.parts.setCurrentIndex(0)
        (show,) = (b for b in sheet.findChildren(QPushButton) if b.accessibleName() == f"Show {line.label}")
        show.click()
        assert sheet.parts.currentWidget() is sheet.apart
        current = sheet.apart.table.current_row()
        assert current is not None
        group = next(found for found in sheet.apart.model.lines if found.text == line.label)
        assert group.size == line.payments
        assert signed_sums([line.amount]) in sheet.apart.model.line_text(group)


def test_a_payment_leads_to_the_rows_of_its_invoice_and_can_be_copied(stage: Stage, sheet: TieOutSheet) -> None:
    sheet.apart.show_step("Only in Case Manager")
    sheet.parts.setCurrentWidget(sheet.apart)
    number = sheet.apart.number
    assert number == "CM-10101"
    stage.press("Copy")
    assert QGuiApplication.clipboard().text().startswith("What it is\tInvoice\tBill To\tDate paid\tIn Xero\tIn CM")
    assert sheet.rows_button.isEnabled()
    sheet.rows_button.click()
    stage.settle()
    shown = stage.window.tabs.viewed_table()
    assert shown is not None
    assert {row.stored.proposal.invoice_number for row in shown.rows.shown_rows()} == {number}
