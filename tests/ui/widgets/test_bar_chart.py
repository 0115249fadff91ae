"""The chart paints each bar as high as its figures, says them to screen readers, and a click chooses one."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.widgets.bar_chart import Bar, BarChart, BarPart, steps_of

PARTS = (BarPart("typed", Tone.CAUTION), BarPart("added", Tone.GOOD))


@pytest.fixture
def chart(qtbot: QtBot) -> BarChart:
    made = BarChart("Weeks", PARTS)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show_bars([Bar("2 Nov", (40, 0)), Bar("9 Nov", (10, 20)), Bar("16 Nov", (0, 0))], 1)
    made.show()
    QApplication.processEvents()
    return made


def ink_height(chart: BarChart, place: int, tone: Tone) -> int:
    """Count the pixels of a colour in the middle of a bar, from the top to the ground line."""
    picture = chart.grab().toImage()
    area = chart.area_of(place)
    x, wanted = int(area.center().x()), QColor(tones_of(chart.palette()).ink(tone)).rgb()
    return sum(QColor(picture.pixel(x, y)).rgb() == wanted for y in range(int(area.top()), int(area.bottom()) - 20))


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, (0, 1, 2, 3, 4)),
        (4, (0, 1, 2, 3, 4)),
        (5, (0, 2, 4, 6, 8)),
        (30, (0, 10, 20, 30, 40)),
        (41, (0, 20, 40, 60, 80)),
        (1_700, (0, 500, 1_000, 1_500, 2_000)),
    ],
)
def test_the_side_has_round_figures_up_to_the_highest_bar(most: int, steps: tuple[int, ...]) -> None:
    assert steps_of(most) == steps


def test_a_bar_is_as_high_as_its_figure(chart: BarChart) -> None:
    forty, ten, nothing = (ink_height(chart, place, Tone.CAUTION) for place in range(3))
    assert abs(forty - 4 * ten) <= 4
    assert ten > 0
    assert nothing == 0
    assert ink_height(chart, 1, Tone.GOOD) > 0
    assert ink_height(chart, 0, Tone.GOOD) == 0


def test_it_says_its_figures(chart: BarChart) -> None:
    assert chart.accessibleName() == "Weeks"
    assert "9 Nov: 10 typed, 20 added" in chart.accessibleDescription()


def test_a_click_chooses_a_bar_and_one_beside_them_none(chart: BarChart) -> None:
    chosen: list[int] = []
    chart.chosen.connect(chosen.append)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.area_of(2).center().toPoint())
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert chosen == [2]


def test_the_current_bar_stands_on_another_ground(chart: BarChart) -> None:
    before = chart.grab().toImage()
    chart.set_current(0)
    assert chart.grab().toImage() != before


def test_without_bars_there_is_an_empty_ground(chart: BarChart) -> None:
    chart.show_bars((), -1)
    chart.resize(chart.minimumSizeHint())
    assert not chart.grab().isNull()
