"""A badge is seen on every ground, that of a selected row too."""

from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import DARK, LIGHT, Tone, Tones
from cmxero_desktop.ui.widgets.row_delegate import badge_width, paint_badges
from tests.ui.colours import contrast

ROOM = QRect(10, 0, 160, 30)


def painted(badge: Badge, tones: Tones, ground: str) -> tuple[QImage, int]:
    image = QImage(200, 30, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    option = QStyleOptionViewItem()
    option.font = QApplication.font()
    painter = QPainter(image)
    paint_badges(painter, option, ROOM, (badge,), tones, ())
    painter.end()
    return image, badge_width(option.fontMetrics, badge)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("tones", "tone"), list(product((LIGHT, DARK), (Tone.CALM, Tone.GOOD, Tone.CAUTION, Tone.DANGER)))
)
def test_the_edge_of_a_badge_differs_from_a_selected_row(tones: Tones, tone: Tone) -> None:
    image, width = painted(Badge("SOR", tone), tones, tones.selected)
    middle = ROOM.center().y()
    edge = image.pixelColor(ROOM.left(), middle)
    assert contrast(edge.name(), tones.selected) > 1.4
    assert image.pixelColor(ROOM.left() + width + 2, middle).name() == tones.selected
    plain = replace(Badge("SOR", tone), is_filled=False)
    assert painted(plain, tones, tones.selected)[0].pixelColor(ROOM.left(), middle - 6).name() == tones.selected
