"""Every key and every mnemonic means one thing, on every page and for every row; the palette reaches all verbs."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu, QWidget

from cmxero_desktop.domain.records import Side
from cmxero_desktop.ui.sheets.palette_sheet import PaletteSheet
from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.pages import PAGES
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import keys_of, mnemonic
from tests.ui.sor_boards import sor_board
from tests.ui.views import firm_view

CTRL = Qt.KeyboardModifier.ControlModifier


def meanings(stage: Stage) -> dict[str, set[str]]:
    """Return what each key would do now, menus included."""
    found = keys_of(stage.window)
    for action in stage.window.menuBar().actions():
        if key := mnemonic(action.text()):
            found.setdefault(key, set()).add(f"menu {action.text()}")
    return found


@pytest.mark.parametrize("page", range(len(PAGES)))
def test_no_key_means_two_things_on_any_page_beside_any_row(make_stage: MakeStage, page: int) -> None:
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    stage.window.tabs.setCurrentIndex(page)
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    if page == 0:
        stage.window.review.view_box.setCurrentText("All")
    for at in range(min(table.rows.rowCount(), 20)):
        table.go_to(at)
        QApplication.processEvents()
        double = {key: sorted(what) for key, what in meanings(stage).items() if len(what) > 1}
        assert double == {}, f"row {at}"


def test_no_letter_stands_for_two_entries_of_one_menu(stage: Stage) -> None:
    menus = stage.window.menuBar().findChildren(QMenu)
    assert len(menus) >= 6
    for menu in menus:
        titles = [action.text() for action in menu.actions() if mnemonic(action.text())]
        letters = [mnemonic(title) for title in titles]
        assert len(letters) == len(set(letters)), titles


def test_every_verb_of_the_menus_has_a_key_but_for_the_look_and_the_demo(stage: Stage) -> None:
    bare = [a.text() for a in stage.window.actions() if a.shortcut().isEmpty() and "rows" not in a.text()]
    assert bare == ["Payment deleted", "&Start over"]


def test_no_letter_by_itself_is_a_key(stage: Stage) -> None:
    keys = [shortcut.toString() for action in stage.window.actions() for shortcut in action.shortcuts()]
    assert not [key for key in keys if re.fullmatch(r"(Shift\+)?\w", key)]


def test_every_thing_that_takes_the_focus_has_a_name(make_stage: MakeStage) -> None:
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    for page in range(len(PAGES)):
        stage.window.tabs.setCurrentIndex(page)
        QApplication.processEvents()
        for widget in stage.window.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, QAbstractButton | QComboBox | QLineEdit | DeskTable):
                said = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
                is_qts_own = widget.objectName().startswith("qt_") or type(widget).__name__ in {
                    "QTableCornerButton",
                    "QLineEditIconButton",
                    "QAbstractButton",
                    "QToolButton",
                }
                assert said or is_qts_own, (PAGES[page], type(widget), widget.objectName())


def palette(stage: Stage) -> PaletteSheet:
    # Keys of the menus reach a window that is active, which takes the platform a moment.
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(stage.window, Qt.Key.Key_K, CTRL)
    QApplication.processEvents()
    sheet = stage.sheet()
    assert isinstance(sheet, PaletteSheet)
    return sheet


def test_the_palette_has_every_verb_of_menus_and_page_with_its_key(stage: Stage) -> None:
    stage.go_to("CM-10234")
    sheet = palette(stage)
    listed = {verb.title: verb for verb in sheet.model.shown_rows()}
    menus = [action.text().replace("&", "") for action in stage.window.actions()]
    assert set(menus) <= set(listed)
    assert listed["Hold…"].key == "Ctrl+H"
    assert "Copy" in listed, "a button of the pane that no menu has"
    assert not listed["Hold…"].why_not
    assert listed["Put back to Review"].why_not == "This row was neither approved, held nor rejected."
    assert listed["Put back to Review"].place == "Decide"


def test_typing_and_enter_do_what_was_found(stage: Stage) -> None:
    sheet = palette(stage)
    assert sheet.field.hasFocus()
    QTest.keyClicks(sheet.field, "skipped")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert not stage.has_sheet()
    assert PAGES[stage.window.tabs.currentIndex()] == "Skipped"


def test_what_cannot_be_done_says_why_and_is_not_done(stage: Stage) -> None:
    stage.go_to("CM-10234")
    before = list(stage.fake.calls)
    sheet = palette(stage)
    QTest.keyClicks(sheet.field, "put back")
    assert sheet.answer.text() == "This row was neither approved, held nor rejected."
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert stage.has_sheet()
    QTest.keyClicks(sheet.field, " zzz")
    assert sheet.answer.text() == "Nothing is called so."
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    QTest.keyClick(sheet.field, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert stage.fake.calls == before


def test_arrows_move_in_the_list_while_one_types(stage: Stage) -> None:
    sheet = palette(stage)
    first = sheet.table.current_row()
    QTest.keyClick(sheet.field, Qt.Key.Key_Down)
    assert sheet.table.current_row() is not first
    assert sheet.field.hasFocus()


@pytest.mark.parametrize(
    ("key", "page", "said"),
    [
        (Qt.Key.Key_L, 0, "This row has no other payment beside it that it could be the same as."),
        (Qt.Key.Key_B, 0, "This row was neither approved, held nor rejected."),
        (Qt.Key.Key_H, 6, "Choose a row of Review first."),
        (Qt.Key.Key_R, 1, "This row cannot be rejected."),
        (Qt.Key.Key_R, 6, "Choose a row of Review first."),
    ],
)
def test_a_key_that_can_do_nothing_now_says_why(stage: Stage, key: Qt.Key, page: int, said: str) -> None:
    stage.window.tabs.setCurrentIndex(page)
    if page == 0:
        stage.go_to("CM-10234")
    QTest.keyClick(stage.window, key, CTRL)
    QApplication.processEvents()
    assert stage.window.strip.busy.text() == said
    assert not stage.has_sheet()


def test_a_key_rejects_the_shown_row_and_the_view_of_the_rejected_gives_it_back(stage: Stage) -> None:
    stage.go_to("CM-10101")
    QTest.keyClick(stage.window, Qt.Key.Key_R, CTRL)
    QApplication.processEvents()
    sheet = stage.sheet()
    assert sheet.windowTitle() == "Reject: CM-10101, Remove 880.00"
    assert "Case Manager keeps 880.00 of 30 Oct 2026, which Xero does not have." in sheet.accessibleDescription()
    assert "View, Rejected" in sheet.accessibleDescription()
    stage.type_reason("the money came")
    stage.press("Reject")
    stage.settle()
    review = stage.window.review
    assert "CM-10101" not in [row.stored.proposal.invoice_number for row in review.model.shown_rows()]
    review.view_box.setCurrentText("Rejected")
    stage.go_to("CM-10101")
    pane = stage.window.evidence
    assert pane.reopen_button.isVisible()
    assert not pane.approve_button.isVisible()
    pane.reopen_button.click()
    stage.settle()
    assert review.model.rowCount() == 0
    review.view_box.setCurrentText("To approve")
    stage.go_to("CM-10101")


def test_a_key_says_what_the_shown_payment_is(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(1)
    QTest.keyClick(stage.window, Qt.Key.Key_Y, CTRL)
    stage.settle()
    assert stage.sheet().windowTitle() == "What is it?"


def test_every_sheet_that_a_menu_opens_has_a_key_on_every_button(make_stage: MakeStage) -> None:
    """Each sheet that any test opens is read so, too: `Stage.sheet` does it."""
    stage = make_stage(replace(firm_view(), sor=sor_board()))
    stage.go_to("CM-10240")
    seen = set()
    for action in stage.window.actions():
        if "Quit" in action.text() or "Excel" in action.text():
            continue
        stage.window.tabs.setCurrentWidget(stage.window.review)
        action.trigger()
        stage.settle()
        while stage.has_sheet():
            sheet = stage.sheet()
            seen.add(sheet.windowTitle().split(":")[0])
            sheet.reject()
            QApplication.processEvents()
    assert {"Settings", "Connection to Xero", "Keys", "Do…", "Add up", "Tie-out", "Put on hold", "Reject"} <= seen, seen


def test_a_letter_acts_on_the_row_that_was_seen_when_it_was_pressed(stage: Stage) -> None:
    table = stage.window.review.table
    stage.go_to("CM-10234")
    QTest.keyClick(stage.window, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(table, Qt.Key.Key_Down)
    stage.settle()
    assert ("approve", stage.ids("CM-10234")) in [call[:2] for call in stage.fake.calls]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_from_the_search_a_key_goes_to_what_was_found(stage: Stage, key: Qt.Key) -> None:
    window = stage.window
    QApplication.processEvents()
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(window.header.search, "CM-10160")
    QTest.keyClick(window.header.search, key)
    assert window.review.table.hasFocus()
    row = window.review.table.current_row()
    assert row is not None
    assert row.stored.proposal.invoice_number == "CM-10160"
    assert window.header.search.text() == "CM-10160"


def test_what_only_case_manager_has_is_found_and_explained_by_keys(stage: Stage) -> None:
    window, page = stage.window, stage.window.tabs.unmatched
    found = [row for row in page.model.shown_rows() if row.placement.side is Side.CASE_MANAGER]
    wanted = next(row for row in found if row.placement.invoice_number == "CM-10115")
    QApplication.processEvents()
    QTest.keyClick(window, Qt.Key.Key_3, CTRL)
    assert page.table.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    QTest.keyClicks(window.header.search, "CM-10115")
    QTest.keyClick(window.header.search, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    assert window.tabs.shown_row() == wanted
    QTest.keyClick(window, Qt.Key.Key_Y, CTRL)
    stage.settle()
    assert stage.sheet().windowTitle() == "What is it?"


def test_down_in_the_table_goes_to_the_next_row_and_in_no_other_place_to_the_table(stage: Stage) -> None:
    window, table = stage.window, stage.window.review.table
    stage.go_to("CM-10101")
    window.wishes.focus_table()
    at = table.currentIndex().row()
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == at + 1
    window.review.view_box.setFocus()
    QTest.keyClick(window.review.view_box, Qt.Key.Key_Down)
    assert window.review.view_box.currentText() == "Approved"
    assert not table.hasFocus()
