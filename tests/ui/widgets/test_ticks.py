"""What is ticked is seen on a light and on a dark ground, and no box of the system's own is used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QStyle, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop import ui
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.theme.colours import DARK, LIGHT, Tones, use_look
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import RadioChoice, TickBox, radio_button, tick_box
from tests.ui.colours import contrast
from tests.ui.cut_texts import cut_texts
from tests.ui.screens import a_screen


@pytest.fixture(autouse=True)
def light_again() -> Iterator[None]:
    yield
    use_look(application(), is_dark=False)


@pytest.mark.parametrize("kind", [TickBox, RadioChoice])
@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("is_ticked", [True, False])
def test_the_edge_of_a_box_is_seen_whether_it_is_ticked_or_not(
    qtbot: QtBot, kind: type[QAbstractButton], tones: Tones, *, is_ticked: bool
) -> None:
    use_look(application(), is_dark=tones.is_dark)
    made = kind()
    made.setText("Copy them")
    made.setChecked(is_ticked)
    sheet = on_a_sheet(qtbot, made)
    image = sheet.grab(QRect(made.mapTo(sheet, QPoint(0, 0)), made.size())).toImage()
    assert max(contrast(colour, tones.window) for colour in colours_of_edge(made, image)) >= 3


@pytest.mark.parametrize("kind", [TickBox, RadioChoice])
def test_one_that_is_ticked_and_grey_is_told_from_one_that_is_not_ticked(
    qtbot: QtBot, kind: type[QAbstractButton]
) -> None:
    use_look(application(), is_dark=True)
    pictures = []
    for is_ticked in (True, False):
        made = kind()
        made.setChecked(is_ticked)
        made.setEnabled(False)
        pictures.append(on_a_sheet(qtbot, made).grab().toImage())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("kind", [TickBox, RadioChoice])
@pytest.mark.parametrize("tones", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("is_ticked", [True, False])
def test_where_the_keys_go_is_seen(qtbot: QtBot, kind: type[QAbstractButton], tones: Tones, *, is_ticked: bool) -> None:
    use_look(application(), is_dark=tones.is_dark)
    pictures = {}
    for has_focus in (True, False):
        made = kind()
        made.setText("Copy them")
        made.setChecked(is_ticked)
        sheet = on_a_sheet(qtbot, made)
        if has_focus:
            with qtbot.waitActive(sheet):
                sheet.activateWindow()
            made.setFocus()
        else:
            made.clearFocus()
        assert made.hasFocus() is has_focus
        pictures[has_focus] = sheet.grab(QRect(made.mapTo(sheet, QPoint(0, 0)), made.size())).toImage()
        sheet.hide()
    focused, other = pictures[True], pictures[False]
    middle = focused.height() // 2
    ring = [
        QColor(focused.pixel(x, middle)).name()
        for x in range(focused.width())
        if focused.pixel(x, middle) != other.pixel(x, middle)
    ]
    # Two pixels at each side, in a colour that is seen.
    assert len(ring) >= 4
    assert sum(contrast(colour, tones.window) >= 3 for colour in ring) >= 4


def test_a_choice_of_many_words_is_broken_into_lines_and_pressed_on_each_of_them(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QWidget, "screen", lambda _: a_screen(683, 364))
    words = "These two are not the same money: never paired again, a link that waits is dropped, each is judged alone"
    made = radio_button(words)
    sheet = on_a_sheet(qtbot, made)
    assert sheet.width() <= 667
    assert cut_texts(sheet) == []
    one_line = made.sizeHint().height()
    assert made.height() > one_line
    assert made.width() < made.sizeHint().width()
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=QPoint(made.width() // 3, made.height() - 4))
    assert made.isChecked()


def test_a_choice_has_one_line_where_there_is_room(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QWidget, "screen", lambda _: a_screen(1_366, 728))
    made = radio_button("These two are not the same money: never paired again, a link that waits is dropped")
    on_a_sheet(qtbot, made)
    assert made.heightForWidth(made.width()) == made.sizeHint().height()
    assert made.width() >= made.sizeHint().width()


def test_what_somebody_typed_names_no_letter_of_a_box(qtbot: QtBot) -> None:
    for made in (tick_box("Smith & Sons"), radio_button("Smith & Sons")):
        qtbot.addWidget(made)
        assert made.text() == "Smith && Sons"


def test_every_box_and_choice_of_the_window_is_one_of_ours() -> None:
    root = Path(ui.__path__[0])
    found = [
        f"{path.relative_to(root)}: {word}"
        for path in root.rglob("*.py")
        for word in re.findall(r"\bQ(?:CheckBox|RadioButton)\(\S", path.read_text("utf-8"))
        if path.name != "ticks.py"
    ]
    assert found == []


def on_a_sheet(qtbot: QtBot, made: QAbstractButton) -> Sheet:
    """Show a box on a sheet's ground."""
    sheet = Sheet("Box", "")
    qtbot.addWidget(sheet)
    sheet.body.addWidget(made)
    sheet.show()
    return sheet


def colours_of_edge(made: QAbstractButton, image: QImage) -> list[str]:
    """Return the colours at the middle of the left edge of what is ticked."""
    option = QStyleOptionButton()
    option.initFrom(made)
    part = QStyle.SubElement.SE_CheckBoxIndicator if isinstance(made, TickBox) else None
    box = made.style().subElementRect(part or QStyle.SubElement.SE_RadioButtonIndicator, option, made)
    middle = box.center().y()
    return [QColor(image.pixel(x, middle)).name() for x in range(max(box.left(), 0), box.left() + 3)]
