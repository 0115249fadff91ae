"""What changes at once in a part of the window is laid out once, and lies as it will when that is done."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.widgets.laying_out import laid_out_once


class CountedLayout(QVBoxLayout):
    """A layout that counts how often it lays out."""

    times = 0

    def setGeometry(self, place: QRect) -> None:  # noqa: N802 - Qt's name
        """Lay out."""
        self.times += 1
        super().setGeometry(place)


def lines_in(qtbot: QtBot) -> tuple[QWidget, CountedLayout, list[QLabel]]:
    part, lines = QWidget(), [QLabel(f"line {number}") for number in range(5)]
    qtbot.addWidget(part)
    layout = CountedLayout(part)
    for line in lines:
        layout.addWidget(line)
    layout.addStretch(1)
    part.resize(200, 400)
    part.show()
    QApplication.processEvents()
    layout.times = 0
    return part, layout, lines


def test_whatever_goes_and_comes_it_is_laid_out_once(qtbot: QtBot) -> None:
    part, layout, lines = lines_in(qtbot)
    places = [line.geometry() for line in lines]
    with laid_out_once(part):
        for line in lines[1:4]:
            line.hide()
        lines[2].show()
        assert layout.times == 0
    assert layout.times == 1
    assert [line.geometry().top() for line in (lines[2], lines[4])] == [place.top() for place in places[1:3]]


def test_what_fails_in_the_middle_leaves_it_to_be_laid_out(qtbot: QtBot) -> None:
    part, layout, lines = lines_in(qtbot)

    def fail() -> None:
        with laid_out_once(part):
            lines.pop(0).hide()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert layout.times == 1
    lines[0].hide()
    QApplication.processEvents()
    assert layout.times > 1


def test_a_part_that_lays_nothing_out_is_changed_as_it_is(qtbot: QtBot) -> None:
    alone = QWidget()
    qtbot.addWidget(alone)
    with laid_out_once(alone):
        alone.setToolTip("changed")
    assert alone.toolTip() == "changed"
