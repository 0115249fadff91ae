"""What was written, in the window: all of it, or of a period, a person and a kind; the workbook holds what is shown."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from cmxero_desktop.domain.periods import Days
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.changes import ChangesWanted
from cmxero_desktop.ui.sheets.changes_sheet import ChangesSheet
from tests.ui.changes import CHANGES, NOVEMBER, OCTOBER
from tests.ui.conftest import Stage


def opened(stage: Stage) -> ChangesSheet:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    # No key finds a window that is not active.
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(stage.window, Qt.Key.Key_R, keys)
    sheet = stage.sheet()
    assert isinstance(sheet, ChangesSheet)
    return sheet


@pytest.fixture
def sheet(stage: Stage) -> ChangesSheet:
    stage.fake.changes = CHANGES
    made = opened(stage)
    assert made.sentence.text() == "Reading what was written…"
    assert not made.save.isEnabled()
    stage.settle()
    return made


def numbers(sheet: ChangesSheet) -> list[int]:
    return [one.sequence for one in sheet.model.shown_rows()]


def test_the_newest_comes_first_with_both_sides_and_the_sums_by_person_and_kind(sheet: ChangesSheet) -> None:
    assert numbers(sheet) == [3, 2, 1]
    cells = [column.text(sheet.model.shown_rows()[2]) for column in sheet.model.columns]
    assert cells[1:6] == ["Ann", "Ann", "Add", "", "CM-101"]
    assert cells[6] == "-"
    assert "400.00" in cells[7]
    assert cells[8] == "+400.00"
    assert sheet.model.columns[7].text(sheet.model.shown_rows()[0]) == "deleted"
    assert sheet.sentence.text() == "3 written. In Case Manager: paid 0.00"
    assert sheet.sums.text().splitlines() == ["Ann: 1 addition +400.00", "Bea: 1 link 0.00, 1 addition undone -400.00"]
    spoken = sheet.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Bea: Add undone on CM-103" in spoken
    assert spoken.endswith("became nothing")


def test_it_is_narrowed_by_person_kind_and_period(sheet: ChangesSheet) -> None:
    sheet.person.setCurrentText("Bea")
    assert numbers(sheet) == [3, 2]
    sheet.kind.setCurrentText("Add")
    assert numbers(sheet) == [3]
    assert sheet.sentence.text() == "1 of 3 written. In Case Manager: paid -400.00"
    sheet.period.use(Days(OCTOBER, OCTOBER))
    assert numbers(sheet) == []
    assert sheet.sentence.text() == "None of 3 changes is shown."
    assert not sheet.save.isEnabled()
    sheet.person.setCurrentIndex(0)
    assert numbers(sheet) == [1]
    for at in (0, 5, 8):
        sheet.table.sort_by(at, Qt.SortOrder.AscendingOrder)


def test_the_workbook_is_of_what_is_shown(stage: Stage, sheet: ChangesSheet, tmp_path: Path) -> None:
    sheet.person.setCurrentText("Bea")
    sheet.kind.setCurrentText("Link")
    sheet.period.use(Days(NOVEMBER, NOVEMBER))
    stage.press("Save as Excel")
    dialog = sheet.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "written.xlsx"))
    dialog.reject()
    stage.settle()
    wanted = ChangesWanted(days=Days(NOVEMBER, NOVEMBER), by="Bea", kind=ProposalKind.LINK)
    assert stage.fake.calls == [("write_changes", tmp_path / "written.xlsx", wanted)]


def test_where_nothing_was_written_it_says_so_and_a_late_answer_is_let_go(stage: Stage) -> None:
    sheet = opened(stage)
    stage.settle()
    assert sheet.sentence.text() == "Nothing was written yet."
    sheet.close()
    opened(stage).close()
    stage.settle()
    assert not stage.has_sheet()
