"""Adding up a table by Bill To, invoice or reason, and writing what is seen into a workbook."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from cmxero_desktop.adapters.workbook import write_list
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.records.reports import ShownList
from cmxero_desktop.ui.sheets.subtotals_sheet import SubtotalsSheet
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.subtotals import subtotals
from tests.ui.conftest import Stage

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
NAME: Column[tuple[str, Money | None]] = Column(key="name", title="Name", text=lambda row: row[0], width=9)
AMOUNTS = st.one_of(
    st.none(), st.builds(Money.from_minor, st.integers(-(10**6), 10**6), st.sampled_from(["AUD", "NZD"]))
)


@given(rows=st.lists(st.tuples(st.sampled_from(["Acme", "acme", "", "QBE"]), AMOUNTS), max_size=30))
def test_every_row_and_every_cent_is_in_exactly_one_line(rows: list[tuple[str, Money | None]]) -> None:
    lines = subtotals(rows, NAME, lambda row: row[1])
    assert sum(line.rows for line in lines) == len(rows)
    assert {line.text for line in lines} == {name for name, _ in rows}
    assert sum(line.left_out for line in lines) == sum(amount is None for _, amount in rows)
    for name in {name for name, _ in rows}:
        # What is in no sum stands in the line of the same name, where there is one.
        assert sum(line.text == name for line in lines) == max(1, len({m.currency for n, m in rows if n == name and m}))
        for currency in ("AUD", "NZD"):
            apart = sum(m.minor for n, m in rows if n == name and m is not None and m.currency == currency)
            found = [
                line.amount.minor
                for line in lines
                if line.text == name and line.amount is not None and line.amount.currency == currency
            ]
            assert sum(found) == apart
            assert len(found) <= 1


def press(stage: Stage, key: Qt.Key) -> None:
    # Keys of the menus reach a window that is active, which takes the platform a moment.
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(stage.window, key, CTRL_SHIFT)
    QApplication.processEvents()


def add_up(stage: Stage, page: int) -> SubtotalsSheet:
    stage.window.tabs.setCurrentIndex(page)
    press(stage, Qt.Key.Key_G)
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, SubtotalsSheet)
    return sheet


def test_keys_alone_add_up_by_payer_and_show_the_rows_of_one(stage: Stage) -> None:
    matched = stage.window.tabs.matched
    sheet = add_up(stage, 1)
    apart = Counter(row.bill_to for row in matched.model.shown_rows())
    assert {line.text: line.rows for line in sheet.model.shown_rows()} == apart
    assert sheet.total.text() == f"{len(apart)} lines, 42 rows, 40,699.00"
    assert sheet.lines.hasFocus()
    QTest.keyClick(sheet.lines, Qt.Key.Key_Down)
    line = sheet.lines.current_row()
    assert line is not None
    QTest.keyClick(sheet.lines, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert not stage.has_sheet()
    assert {row.bill_to for row in matched.model.shown_rows()} == {line.text}
    assert str(line.amount) in matched.total_label.text()
    only = [child.text() for child in matched.body.findChildren(type(matched.total_label)) if child.isVisible()]
    assert f"Only Bill To: {line.text}" in only
    stage.window.tabs.filters_cleared.emit()
    assert matched.model.rowCount() == 42


def test_another_column_adds_up_anew_and_all_lines_can_be_copied(stage: Stage) -> None:
    sheet = add_up(stage, 3)
    sheet.by.setCurrentText("Reason")
    stage.settle()
    apart = Counter(row.placement.reason for row in stage.window.tabs.skipped.model.shown_rows())
    assert sorted(line.rows for line in sheet.model.shown_rows()) == sorted(apart.values())
    stage.press("Copy all")
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "Line\tRows\tCase Manager less Xero"
    assert sheet.total.text() == "4 lines, 4 rows, +850.00"
    assert sorted(line.split("\t")[-1] for line in copied[1:]) == ["+640.00", "+770.00", "-150.00", "-410.00"]
    assert len(copied) == 1 + len(apart)
    stage.press("Close")


@pytest.mark.parametrize("page", [4, 5])
def test_what_has_no_amounts_is_counted_and_not_said_to_come_to_nothing(stage: Stage, page: int) -> None:
    sheet = add_up(stage, page)
    assert "0.00" not in sheet.total.text()
    assert [column.title for column in sheet.model.columns] == ["Line", "Rows"]


def test_sums_of_review_say_what_approving_would_do_and_name_the_rest_apart(stage: Stage) -> None:
    """450.00 on CM-10166 and 330.00 on CM-10240 would overpay their invoices: no yes to them is possible."""
    sheet = add_up(stage, 0)
    assert sheet.model.columns[-1].title == "Effect on Case Manager if approved"
    assert sheet.total.text() == "5 lines, 6 rows, +845.00; 2 cannot be approved"
    cells = {row.text: sheet.model.columns[-1].text(row) for row in sheet.model.shown_rows() if row.left_out}
    assert cells == {"QBE": "cannot be approved", "Acme Insurance": "+1,500.00; 1 cannot be approved"}
    stage.press("Close")
    table = stage.window.review.table
    QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(5):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    said = stage.window.strip.selection.text()
    assert said == "6 selected, Effect on Case Manager if approved +845.00; 2 cannot be approved"


def test_a_sheet_that_was_closed_is_not_told_what_the_worker_found(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(1)
    press(stage, Qt.Key.Key_G)
    stage.press("Close")
    stage.settle()
    assert not stage.has_sheet()


def test_of_nothing_there_is_nothing_to_show(stage: Stage) -> None:
    stage.window.header.search.setText("nothing like it")
    sheet = add_up(stage, 1)
    assert not sheet.show_button.isEnabled()
    assert sheet.show_button.toolTip() == "Choose a line first."
    assert sheet.total.text() == "0 lines, 0 rows, 0.00"


def test_selected_rows_are_added_up_at_the_foot_as_in_a_spreadsheet(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(1)
    table = stage.window.tabs.matched.table
    table.go_to(0)
    assert stage.window.strip.selection.text() == ""
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert stage.window.strip.selection.text() == "3 selected, 2,330.00 in all"
    stage.window.tabs.setCurrentIndex(6)
    assert stage.window.strip.selection.text() == ""
    stage.window.tabs.setCurrentIndex(5)
    history = stage.window.history.table
    history.selectionModel().select(
        history.rows.index(0, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    )
    history.selectAll()
    assert stage.window.strip.selection.text() == f"{history.rows.rowCount()} selected"


def test_a_list_is_saved_as_it_is_seen(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Matched.xlsx"
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.fileSelected.emit(str(path)))
    stage.window.tabs.setCurrentIndex(1)
    table = stage.window.tabs.matched.table
    header = table.horizontalHeader()
    header.moveSection(header.visualIndex(3), 0)
    table.sort_by(3, Qt.SortOrder.DescendingOrder)
    stage.window.header.search.setText("allianz")
    press(stage, Qt.Key.Key_E)
    stage.settle()
    ((_, shown, asked),) = [call for call in stage.fake.calls if call[0] == "export_list"]
    assert asked == path
    assert isinstance(shown, ShownList)
    assert shown.titles[:2] == ("Amount", "Invoice")
    assert [row[0] for row in shown.rows] == [r.amount.amount for r in table.rows.shown_rows() if r.amount]
    assert all(isinstance(row[3], date) for row in shown.rows)
    assert stage.window.strip.busy.text() == f"Saved {path}"
    book = openpyxl.load_workbook(write_list(shown, path))["Matched"]
    cells = list(book.iter_rows(min_row=2, values_only=True))
    assert [Decimal(str(row[0])) for row in cells] == [row[0] for row in shown.rows]


def test_what_somebody_typed_is_text_in_a_list_too(tmp_path: Path) -> None:
    shown = ShownList(
        "Items", ("Name", "Size"), (("=HYPERLINK(1)", Decimal("1500.10")), ("007", Decimal(5)), ("", None))
    )
    sheet = openpyxl.load_workbook(write_list(shown, tmp_path / "list.xlsx"))["Items"]
    rows = list(sheet.iter_rows(min_row=2))
    assert (rows[0][0].value, rows[0][0].data_type, rows[0][0].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert (rows[0][1].value, rows[0][1].number_format) == (1500.1, "#,##0.00;-#,##0.00")
    assert (rows[1][0].value, rows[1][0].data_type) == ("007", "s")
    assert rows[1][1].value == 5
