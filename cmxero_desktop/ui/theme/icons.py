"""Small pictures that differ by shape and not only by colour, drawn when they are needed at any scale."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

_ICON_SIZES = (16, 22, 32, 48, 64)
_GRID = 16.0
_MOST_ON_BADGE = 99


class Shape(StrEnum):
    """The shapes that we draw."""

    PLUS = "plus"
    CHAIN = "chain"
    SWAP = "swap"
    MINUS = "minus"
    TICK = "tick"
    CROSS = "cross"
    TRIANGLE = "triangle"
    PAUSE = "pause"
    DOT = "dot"
    BELL = "bell"


def paint_shape(painter: QPainter, box: QRectF, shape: Shape, colour: QColor) -> None:
    """Draw a shape in one colour into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / _GRID, box.height() / _GRID)
    pen = QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _STROKES[shape](painter)
    painter.restore()


def _plus(painter: QPainter) -> None:
    painter.drawLine(QPointF(8, 3), QPointF(8, 13))
    painter.drawLine(QPointF(3, 8), QPointF(13, 8))


def _minus(painter: QPainter) -> None:
    painter.drawLine(QPointF(3, 8), QPointF(13, 8))


def _chain(painter: QPainter) -> None:
    painter.drawRoundedRect(QRectF(1.5, 5, 7.5, 6), 3, 3)
    painter.drawRoundedRect(QRectF(7, 5, 7.5, 6), 3, 3)


def _swap(painter: QPainter) -> None:
    painter.drawLine(QPointF(2.5, 5.5), QPointF(13, 5.5))
    painter.drawPolyline(QPolygonF([QPointF(10, 2.5), QPointF(13, 5.5), QPointF(10, 8)]))
    painter.drawLine(QPointF(3, 11), QPointF(13.5, 11))
    painter.drawPolyline(QPolygonF([QPointF(6, 8.5), QPointF(3, 11), QPointF(6, 14)]))


def _tick(painter: QPainter) -> None:
    painter.drawPolyline(QPolygonF([QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4)]))


def _cross(painter: QPainter) -> None:
    painter.drawLine(QPointF(4, 4), QPointF(12, 12))
    painter.drawLine(QPointF(12, 4), QPointF(4, 12))


def _triangle(painter: QPainter) -> None:
    painter.setPen(QPen(painter.pen().color(), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(14.5, 13.5), QPointF(1.5, 13.5)]))
    painter.drawLine(QPointF(8, 6.5), QPointF(8, 9.5))
    painter.drawPoint(QPointF(8, 11.6))


def _pause(painter: QPainter) -> None:
    painter.drawLine(QPointF(5.5, 4), QPointF(5.5, 12))
    painter.drawLine(QPointF(10.5, 4), QPointF(10.5, 12))


def _bell(painter: QPainter) -> None:
    path = QPainterPath(QPointF(2.5, 12))
    path.cubicTo(QPointF(5.5, 9.5), QPointF(2.5, 2), QPointF(8, 2))
    path.cubicTo(QPointF(13.5, 2), QPointF(10.5, 9.5), QPointF(13.5, 12))
    path.closeSubpath()
    painter.drawPath(path)
    painter.drawLine(QPointF(7, 14.3), QPointF(9, 14.3))


def _dot(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(QPointF(8, 8), 2.5, 2.5)


_STROKES = {
    Shape.PLUS: _plus,
    Shape.CHAIN: _chain,
    Shape.SWAP: _swap,
    Shape.MINUS: _minus,
    Shape.TICK: _tick,
    Shape.CROSS: _cross,
    Shape.TRIANGLE: _triangle,
    Shape.PAUSE: _pause,
    Shape.DOT: _dot,
    Shape.BELL: _bell,
}


def paint_tick_box(painter: QPainter, box: QRectF, *, is_ticked: bool, ground: str, border: str, ink: str) -> None:
    """Paint a box that can be ticked; the system's own is too pale to be seen on our ground."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), 1.3))
    painter.setBrush(QColor(border if is_ticked else ground))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if is_ticked:
        paint_shape(painter, box.adjusted(2, 2, -2, -2), Shape.TICK, QColor(ink))
    painter.restore()


def shape_pixmap(shape: Shape, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return a shape on a clear ground."""
    pixmap = _blank(size, ratio)
    painter = QPainter(pixmap)
    paint_shape(painter, QRectF(0, 0, size, size), shape, QColor(colour))
    painter.end()
    return pixmap


def badge_icon(shape: Shape | None, number: int, ground: str, ink: str) -> QIcon:
    """Return an icon on a coloured ground: a shape, or a number where `shape` is None.

    The ground is a disc for a tick, a square for a number, a triangle for attention, so that each is told apart
    without colour.
    """
    icon = QIcon()
    for size in _ICON_SIZES:
        pixmap = _blank(size, 1.0)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / _GRID, size / _GRID)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawPath(_ground(shape))
        if shape is None:
            _paint_number(painter, number, QColor(ink))
        elif shape is Shape.TRIANGLE:
            _paint_exclamation(painter, QColor(ink))
        else:
            paint_shape(painter, QRectF(2.5, 2.5, 11, 11), shape, QColor(ink))
        painter.end()
        icon.addPixmap(pixmap)
    return icon


def _blank(size: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _ground(shape: Shape | None) -> QPainterPath:
    path = QPainterPath()
    if shape is Shape.TRIANGLE:
        path.addPolygon(QPolygonF([QPointF(8, 0.5), QPointF(15.8, 15), QPointF(0.2, 15)]))
        path.closeSubpath()
    elif shape in {Shape.TICK, Shape.PAUSE}:
        path.addEllipse(QRectF(0.5, 0.5, 15, 15))
    else:
        path.addRoundedRect(QRectF(0.5, 0.5, 15, 15), 3, 3)
    return path


def _paint_number(painter: QPainter, number: int, ink: QColor) -> None:
    text = str(number) if number <= _MOST_ON_BADGE else f"{_MOST_ON_BADGE}+"
    font = QFont()
    font.setPixelSize({1: 12, 2: 10}.get(len(text), 7))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(QRectF(0, 0, 16, 16), Qt.AlignmentFlag.AlignCenter, text)


def _paint_exclamation(painter: QPainter, ink: QColor) -> None:
    painter.setPen(QPen(ink, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(8, 6), QPointF(8, 9.5))
    painter.drawPoint(QPointF(8, 12.5))
