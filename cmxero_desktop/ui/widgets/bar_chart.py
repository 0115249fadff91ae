"""A plain chart of standing bars, each a stack of parts, painted here; the table beside it has the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.formatting import count
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.parts import cut

_HEIGHT = 190
_NARROWEST = 320
_LEFT, _RIGHT, _TOP = 44, 8, 26
_WIDEST_BAR = 46
_GAP = 0.35
_LINES = 4
_SWATCH = 10
_BETWEEN_LABELS = 6


@dataclass(frozen=True, slots=True)
class BarPart:
    """What one part of each bar stands for, and its colour; every other part is hatched, so that colour is not all."""

    name: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands below it, and the height of each part."""

    label: str
    parts: tuple[int, ...]


def steps_of(most: int) -> tuple[int, ...]:
    """Return the figures at the side, from nothing to the first round one that is no less than the highest bar."""
    rough = max(most, 1) / _LINES
    size = 1
    while size * 10 <= rough:
        size *= 10
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    return tuple(range(0, step * _LINES + 1, step))


class BarChart(QWidget):
    """Paints bars in the colours of the theme; a click chooses one."""

    chosen = Signal(int)

    def __init__(self, name: str, parts: Sequence[BarPart], parent: QWidget | None = None) -> None:
        """Begin without bars; `name` is for screen readers."""
        super().__init__(parent)
        self.parts = tuple(parts)
        self.bars: tuple[Bar, ...] = ()
        self.current = -1
        self.setAccessibleName(as_said(name))
        self.setMinimumWidth(_NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Sequence[Bar], current: int) -> None:
        """Paint other bars, one of them as the current one."""
        self.bars, self.current = tuple(bars), current
        spoken = "; ".join(
            f"{bar.label}: " + ", ".join(f"{count(n)} {p.name}" for n, p in zip(bar.parts, self.parts, strict=True))
            for bar in self.bars
        )
        self.setAccessibleDescription(as_said(spoken))
        self.update()

    def set_current(self, place: int) -> None:
        """Mark one bar."""
        self.current = place
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(_NARROWEST * 2, _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, _HEIGHT)

    def area_of(self, place: int) -> QRectF:
        """Return the column of a bar, from the top to its label."""
        ground = self._ground()
        width = ground.width() / max(len(self.bars), 1)
        return QRectF(ground.left() + place * width, ground.top(), width, self.height() - ground.top())

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place in range(len(self.bars)):
            if self.area_of(place).contains(event.position()):
                self.chosen.emit(place)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tones, metrics = tones_of(self.palette()), self.fontMetrics()
        steps = steps_of(max((sum(bar.parts) for bar in self.bars), default=0))
        ground = self._ground()
        self._paint_legend(painter, metrics)
        for step in steps:
            y = ground.bottom() - ground.height() * step / steps[-1]
            painter.setPen(QPen(QColor(tones.line), 1))
            painter.drawLine(QPointF(ground.left(), y), QPointF(ground.right(), y))
            painter.setPen(QColor(tones.muted))
            box = QRectF(0, y - metrics.height() / 2, _LEFT - 6, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count(step))
        for place, bar in enumerate(self.bars):
            self._paint_bar(painter, self.area_of(place), bar, steps[-1], is_current=place == self.current)
            self._paint_label(painter, place, bar)
        painter.end()

    def _ground(self) -> QRectF:
        bottom = self.height() - self.fontMetrics().height() - 6
        return QRectF(_LEFT, _TOP, max(self.width() - _LEFT - _RIGHT, 1), max(bottom - _TOP, 1))

    def _paint_legend(self, painter: QPainter, metrics: QFontMetrics) -> None:
        x = float(_LEFT)
        for number, part in enumerate(self.parts):
            self._fill(painter, QRectF(x, 5, _SWATCH, _SWATCH), number)
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QPointF(x + _SWATCH + 5, 5 + _SWATCH), part.name)
            x += _SWATCH + 21 + metrics.horizontalAdvance(part.name)

    def _paint_bar(self, painter: QPainter, area: QRectF, bar: Bar, most: int, *, is_current: bool) -> None:
        ground, tones = self._ground(), tones_of(self.palette())
        if is_current:
            painter.fillRect(area, QColor(tones.selected))
        width = min(area.width() * (1 - _GAP), _WIDEST_BAR)
        bottom = ground.bottom()
        for number, size in ((number, size) for number, size in enumerate(bar.parts) if size):
            height = ground.height() * size / most
            self._fill(painter, QRectF(area.center().x() - width / 2, bottom - height, width, height), number)
            bottom -= height

    def _paint_label(self, painter: QPainter, place: int, bar: Bar) -> None:
        """Paint what a bar is called; where not all names have room, every second or third one, the last one always."""
        metrics, area, every = self.fontMetrics(), self.area_of(place), self.label_step()
        if (len(self.bars) - 1 - place) % every:
            return
        tones = tones_of(self.palette())
        painter.setPen(QColor(tones.text if place == self.current else tones.muted))
        room = QRectF(0, self._ground().bottom() + 4, area.width() * every, metrics.height())
        room.moveLeft(min(area.center().x() - room.width() / 2, self.width() - room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, cut(metrics, bar.label, int(room.width())))

    def label_step(self) -> int:
        """Return of how many bars one is named, so that each name is whole."""
        longest = max((self.fontMetrics().horizontalAdvance(bar.label) for bar in self.bars), default=0)
        return max(1, ceil((longest + _BETWEEN_LABELS) / max(self.area_of(0).width(), 1)))

    def _fill(self, painter: QPainter, box: QRectF, number: int) -> None:
        """Fill a box in the colour of a part; every other one is an outline with stripes."""
        colour = QColor(tones_of(self.palette()).ink(self.parts[number].tone))
        if number % 2:
            painter.fillRect(box, QColor(tones_of(self.palette()).tint(self.parts[number].tone)))
            painter.fillRect(box, _striped(colour))
            painter.setPen(QPen(colour, 1))
            painter.drawRect(box)
        else:
            painter.fillRect(box, colour)


def _striped(colour: QColor) -> QBrush:
    return QBrush(colour, Qt.BrushStyle.BDiagPattern)
