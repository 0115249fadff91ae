"""From a line of the debtors to the rows of its invoice by Enter, and back to the line by Escape."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.ui.sheets.invoice_sheet import InvoiceSheet
from cmxero_desktop.ui.sheets.tie_out_sheet import TieOutSheet
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.pages import PAGES
from tests.ui.conftest import Stage
from tests.ui.views import POLICY, firm, results_of


def debtors(stage: Stage) -> TieOutSheet:
    """Open the debtors."""
    stage.fake.debtors = compare_debtors([(r.snapshot, r.correlation) for r in results_of(firm())], (), POLICY)
    stage.window.flows.writing.tie_out(stage.window.desk.content, at="")
    stage.settle()
    return opened(stage)


def opened(stage: Stage) -> TieOutSheet:
    sheet = stage.sheet()
    assert isinstance(sheet, TieOutSheet)
    return sheet


def press_enter_on(stage: Stage, sheet: TieOutSheet, number: str) -> None:
    table = sheet.debtors.table
    table.go_to(sheet.debtors.model.position_of(number))
    sheet.activateWindow()
    table.setFocus()
    QApplication.processEvents()
    QTest.keyClick(table, Qt.Key.Key_Return)
    stage.settle()


def press_escape(stage: Stage) -> None:
    stage.window.activateWindow()
    QApplication.processEvents()
    table = stage.window.tabs.table()
    assert table is not None
    table.setFocus()
    QApplication.processEvents()
    QTest.keyClick(table, Qt.Key.Key_Escape)
    stage.settle()


@pytest.mark.parametrize(
    ("number", "page"),
    [("CM-10234", "Review"), ("CM-10236", "Review"), ("CM-10120", "Skipped"), ("CM-10115", "Unmatched")],
)
def test_enter_opens_the_rows_of_the_invoice_and_escape_comes_back(stage: Stage, number: str, page: str) -> None:
    stage.window.header.search.setText("nothing that is there")
    sheet = debtors(stage)
    everything = len(sheet.debtors.model.shown_rows())
    press_enter_on(stage, sheet, number)
    assert not stage.has_sheet()
    assert PAGES[stage.window.tabs.currentIndex()] == page
    assert stage.window.tabs.shown_invoice() == number
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    assert table.hasFocus()
    shown = table.rows.rowCount()
    assert shown == table.rows.rows_shown > 0
    press_escape(stage)
    back = opened(stage)
    line = back.debtors.table.current_row()
    assert line is not None
    assert line.invoice_number == number
    assert len(back.debtors.model.shown_rows()) == everything
    assert table.rows.rows_shown > shown
    back.reject()


def test_every_line_leads_to_rows_of_its_invoice_or_to_its_history(stage: Stage) -> None:
    numbers = [line.invoice_number for line in debtors(stage).debtors.model.shown_rows()]
    for number in numbers:
        press_enter_on(stage, opened(stage), number)
        if stage.has_sheet():
            history = stage.sheet()
            assert isinstance(history, InvoiceSheet)
            assert history.windowTitle() == f"History of {number}"
            history.reject()
            QApplication.processEvents()
            continue
        assert stage.window.tabs.shown_invoice() == number
        press_escape(stage)
    opened(stage).reject()


def test_an_invoice_without_rows_shows_its_history_above_the_sheet(stage: Stage) -> None:
    sheet = debtors(stage)
    sheet.rows_asked.emit("CM-00000")
    stage.settle()
    above = stage.sheet()
    assert isinstance(above, InvoiceSheet)
    above.reject()
    QApplication.processEvents()
    assert opened(stage) is sheet


def test_after_other_rows_were_asked_for_escape_does_not_go_back(stage: Stage) -> None:
    press_enter_on(stage, debtors(stage), "CM-10234")
    stage.window.review.model.show_every()
    press_escape(stage)
    assert not stage.has_sheet()
    press_escape(stage)
    assert not stage.has_sheet()


def test_what_was_decided_meanwhile_is_compared_anew(stage: Stage) -> None:
    sheet = debtors(stage)
    press_enter_on(stage, sheet, "CM-10101")
    stage.fake.desk_view = replace(stage.fake.desk_view)
    stage.window.desk.refresh()
    stage.settle()
    press_escape(stage)
    stage.settle()
    back = opened(stage)
    assert back is not sheet
    line = back.debtors.table.current_row()
    assert line is not None
    assert line.invoice_number == "CM-10101"
    back.reject()


def test_a_second_way_there_forgets_the_first_one(stage: Stage) -> None:
    press_enter_on(stage, debtors(stage), "CM-10234")
    press_enter_on(stage, debtors(stage), "CM-10120")
    press_escape(stage)
    line = opened(stage).debtors.table.current_row()
    assert line is not None
    assert line.invoice_number == "CM-10120"
    opened(stage).reject()
    QApplication.processEvents()
    assert not stage.has_sheet()


def test_the_lines_that_are_seen_are_saved_as_a_workbook(stage: Stage) -> None:
    sheet = debtors(stage)
    sheet.excel_button.click()
    QApplication.processEvents()
    dialog = next(d for d in stage.window.findChildren(QFileDialog) if d.isVisible())
    dialog.reject()
    QApplication.processEvents()


def test_what_is_of_the_debtors_alone_does_not_stand_grey_beside_the_payments(stage: Stage) -> None:
    debtors(stage).reject()
    stage.window.flows.writing.tie_out(stage.window.desk.content)
    sheet = opened(stage)
    assert not sheet.rows_button.isVisible()
    assert not sheet.excel_button.isVisible()
    assert sheet.close_button.isDefault()
    sheet.look_at_debtors()
    assert (sheet.rows_button.isVisible(), sheet.rows_button.isEnabled()) == (True, False)
    assert sheet.why.text() == "To see or save rows: there is no line here."
    stage.settle()
    sheet.debtors.table.go_to(0)
    assert sheet.rows_button.isEnabled()
    assert not sheet.why.isVisible()
    sheet.debtors.table.setCurrentIndex(QModelIndex())
    assert sheet.excel_button.isEnabled()
    assert (sheet.why.text(), sheet.rows_button.toolTip()) == (
        "To see its rows: choose a line first.",
        "Choose a line first.",
    )
    sheet.reject()


def test_in_a_low_sheet_the_lines_keep_their_room(stage: Stage) -> None:
    sheet = debtors(stage)
    part = sheet.debtors
    part.resize(900, 300)
    assert part.detail.isHidden()
    part.resize(900, 500)
    assert not part.detail.isHidden()
    sheet.reject()
