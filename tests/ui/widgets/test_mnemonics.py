"""Letters of a dialogue: every button shows one, none means two things, and it presses what it stands on."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.widgets.mnemonics import letter_in
from cmxero_desktop.ui.widgets.parts import label
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import radio_button
from tests.support.patience import HUNG_MS
from tests.ui.keys import assert_every_button_has_a_key, plain

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def sheet(qtbot: QtBot) -> Sheet:
    made = Sheet("Anything", "Is it so?")
    qtbot.addWidget(made)
    return made


def shown(sheet: Sheet) -> Sheet:
    sheet.show()
    QTest.qWaitForWindowExposed(sheet)
    sheet.activateWindow()
    QTest.qWaitForWindowActive(sheet)
    return sheet


def letters(sheet: Sheet) -> dict[str, str]:
    return {plain(button.text()): letter_in(button.text()) for button in sheet.findChildren(QPushButton)}


def test_each_button_has_the_first_letter_that_is_free(sheet: Sheet) -> None:
    for text in ("Cancel", "Close", "Copy"):
        sheet.add_button(text, lambda: None)
    assert letters(shown(sheet)) == {"Cancel": "C", "Close": "L", "Copy": "O"}


def test_one_that_has_another_letter_makes_way_before_a_figure_is_added(sheet: Sheet) -> None:
    for text in ("Cancel", "Close", "Copy", "Co", "C"):
        sheet.add_button(text, lambda: None)
    assert letters(shown(sheet)) == {"Cancel": "A", "Close": "L", "Copy": "P", "Co": "O", "C": "C"}
    assert_every_button_has_a_key(sheet)


def test_words_begin_before_other_letters_and_what_its_maker_chose_stays(sheet: Sheet) -> None:
    chosen = sheet.add_button("&Put back", lambda: None)
    sheet.add_button("Put on hold", lambda: None)
    assert chosen.text() == "&Put back"
    assert letters(shown(sheet)) == {"Put back": "P", "Put on hold": "O"}


def test_two_that_are_called_the_same_have_each_a_letter_of_their_own(sheet: Sheet) -> None:
    for _ in range(2):
        sheet.add_button("Browse", lambda: None)
    texts = [button.text() for button in shown(sheet).findChildren(QPushButton)]
    assert texts == ["&Browse", "B&rowse"]


def test_a_figure_makes_way_for_another_and_never_stands_beside_it(sheet: Sheet) -> None:
    for _ in range(3):
        sheet.add_button("Go", lambda: None)
    assert letters(shown(sheet)) == {"Go 1": "1", "Go 2": "2", "Go 3": "3"}
    sheet.add_button("&1", lambda: None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert letters(sheet) == {"1": "1", "Go 2": "2", "Go 3": "3", "Go 4": "4"}


def test_a_letter_that_was_given_makes_way_for_one_that_is_chosen_later(sheet: Sheet) -> None:
    first = sheet.add_button("Save", lambda: None)
    second = sheet.add_button("Go", lambda: None)
    assert letters(shown(sheet)) == {"Save": "S", "Go": "G"}
    second.setText("&Stop")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert letters(sheet) == {"Save": "A", "Stop": "S"}
    first.setText("Save 3 of R&&D")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    assert letter_in(first.text()) in {"A", "3", "O"}
    assert "&&" in first.text()
    assert_every_button_has_a_key(sheet)


def test_names_of_fields_tabs_and_boxes_share_the_letters(sheet: Sheet) -> None:
    name, field = label("&Name"), QLineEdit()
    name.setBuddy(field)
    tabs = QTabWidget()
    tabs.addTab(QWidget(), "Notes")
    tabs.addTab(QWidget(), "Numbers")
    for part in (name, field, tabs, QCheckBox("Never"), radio_button("Now")):
        sheet.body.addWidget(part)
    sheet.add_button("Not now", lambda: None)
    assert_every_button_has_a_key(shown(sheet))
    assert name.text() == "&Name"


def test_those_that_are_called_the_same_get_figures(sheet: Sheet) -> None:
    for _ in range(11):
        sheet.add_button("Show", lambda: None)
    texts = [button.text() for button in shown(sheet).findChildren(QPushButton)]
    assert texts[:9] == [f"Show &{figure}" for figure in range(1, 10)]
    assert texts[9:] == ["&Show", "S&how"]


def test_where_nothing_is_left_the_words_stay_as_they_are(sheet: Sheet) -> None:
    for _ in range(20):
        sheet.add_button("…", lambda: None)
    texts = [button.text() for button in shown(sheet).findChildren(QPushButton)]
    assert texts.count("…") == 11


def test_alt_and_the_letter_press_the_button(sheet: Sheet, qtbot: QtBot) -> None:
    pressed: list[str] = []
    sheet.add_button("Cancel", lambda: pressed.append("cancel"))
    sheet.add_button("Reject", lambda: pressed.append("reject"))
    shown(sheet)
    QTest.keyClick(sheet, Qt.Key.Key_R, ALT)
    # Qt shows the button pressed for a moment first.
    qtbot.waitUntil(lambda: bool(pressed), timeout=HUNG_MS)
    assert pressed == ["reject"]


def test_what_somebody_typed_stays_as_it_was_typed(sheet: Sheet) -> None:
    box = radio_button("R&D: &all of it")
    sheet.body.addWidget(box)
    shown(sheet)
    assert box.text().replace("&&", "\0").replace("&", "").replace("\0", "&") == "R&D: &all of it"
    assert letter_in(box.text()) == "R"
