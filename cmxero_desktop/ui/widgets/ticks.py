"""Boxes to tick and choices of which one holds: what is ticked is seen as well as what is not, on any ground."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QStyle, QStyleOptionButton, QStylePainter
from typing_extensions import override

from cmxero_desktop.ui.theme.colours import tones_of
from cmxero_desktop.ui.theme.icons import paint_tick_box
from cmxero_desktop.ui.theme.strangers import on_button

# From the ring of a choice to the dot in it.
_TO_DOT = (3.5, 3.5, -3.5, -3.5)


class TickBox(QCheckBox):
    """A box that looks as those of the tables do when it is ticked; the style's own has no frame on a dark ground."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box of the style sheet, and ours above it."""
        del event
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        box = _empty(self, painter, option, QStyle.ControlElement.CE_CheckBox, QStyle.SubElement.SE_CheckBoxIndicator)
        if self.isChecked():
            border, ink = _inks(self)
            paint_tick_box(painter, QRectF(box), is_ticked=True, ground=border, border=border, ink=ink)
        painter.end()


class RadioChoice(QRadioButton):
    """One choice of several, whose ring is seen when it is the chosen one, too."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring of the style sheet, and a dot into it."""
        del event
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        element, part = QStyle.ControlElement.CE_RadioButton, QStyle.SubElement.SE_RadioButtonIndicator
        box = _empty(self, painter, option, element, part)
        if self.isChecked():
            _paint_dot(painter, QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), _inks(self)[0])
        painter.end()


def _empty(
    button: QAbstractButton,
    painter: QStylePainter,
    option: QStyleOptionButton,
    element: QStyle.ControlElement,
    part: QStyle.SubElement,
) -> QRect:
    """Paint a button as the style sheet knows it, which is one that is not ticked, and return where its box is."""
    state = option.state & ~QStyle.StateFlag.State_On
    option.state = state | QStyle.StateFlag.State_Off
    painter.drawControl(element, option)
    return button.style().subElementRect(part, option, button)


def _inks(button: QAbstractButton) -> tuple[str, str]:
    """Return what a ticked box is filled with, and what its tick is drawn with."""
    tones = tones_of(button.palette())
    return (tones.accent, tones.on_accent) if button.isEnabled() else (tones.muted, tones.window)


def _paint_dot(painter: QPainter, ring: QRectF, ink: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(ink), 1.3))
    painter.drawEllipse(ring)
    painter.setBrush(QColor(ink))
    painter.drawEllipse(ring.adjusted(*_TO_DOT))


def tick_box(text: str) -> TickBox:
    """Return a box to be ticked, of what somebody typed."""
    return TickBox(on_button(text))


def radio_button(text: str) -> RadioChoice:
    """Return one choice of several, of what somebody typed."""
    return RadioChoice(on_button(text))
