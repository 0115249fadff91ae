"""Boxes to tick and choices of which one holds: what is ticked is seen, what is not, and where the keys go."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)
from typing_extensions import override

from cmxero_desktop.ui.theme.colours import tones_of
from cmxero_desktop.ui.theme.icons import paint_tick_box
from cmxero_desktop.ui.theme.strangers import on_button
from cmxero_desktop.ui.widgets.room import room_of

# From the ring of a choice to the dot in it.
_TO_DOT = (3.5, 3.5, -3.5, -3.5)
# What a sheet has beside a choice: its margins, the frame, and a bar.
_BESIDE = 72
_WORDS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ANY_HEIGHT = 10_000
# How far the frame around words is from them.
_AROUND_WORDS, _ABOVE_WORDS = 4, 3


class TickBox(QCheckBox):
    """A box that looks as those of the tables do when it is ticked; the style's own has no frame on a dark ground."""

    @override
    def sizeHint(self) -> QSize:
        """Return the size of box and words, with the frame that shows where the keys go."""
        return _framed(self, super().sizeHint())

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
        words = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        needed = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text())
        _paint_focus(
            painter, self, QRect(words.left(), (self.height() - needed.height()) // 2, needed.width(), needed.height())
        )
        painter.end()


class RadioChoice(QRadioButton):
    """One choice of several, whose ring is seen when it is the chosen one, too, with its words in several lines."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Offer a choice."""
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @override
    def sizeHint(self) -> QSize:
        """Return the size of ring and words in one line, with the frame that shows where the keys go."""
        return _framed(self, super().sizeHint())

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the size of its words in one line, as far as a sheet on this screen has room for them."""
        whole = self.sizeHint()
        return QSize(min(whole.width(), room_of(self).width() - _BESIDE), whole.height())

    @override
    def hasHeightForWidth(self) -> bool:
        """Say that its words take more lines where it is narrow."""
        return True

    @override
    def heightForWidth(self, width: int, /) -> int:
        """Return the height of the lines in this width."""
        whole = self.sizeHint()
        return whole.height() + self._words_in(width).height() - self._words_in(whole.width()).height()

    @override
    def hitButton(self, pos: QPoint, /) -> bool:
        """Take a click on any of its lines."""
        return self.rect().contains(pos)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ring of the style sheet, a dot into it, and the words."""
        del event
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        # Ring and dot stand at the first line, and all lines in the middle of what is higher than they are.
        above = max((self.height() - self.heightForWidth(self.width())) // 2, 0)
        option.rect = QRect(0, above, self.width(), self.sizeHint().height())
        option.text = ""
        element, part = QStyle.ControlElement.CE_RadioButton, QStyle.SubElement.SE_RadioButtonIndicator
        box = _empty(self, painter, option, element, part)
        if self.isChecked():
            _paint_dot(painter, QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), _inks(self)[0])
        words = self._words_in(self.width()).translated(0, above)
        is_underlined = bool(self.style().styleHint(QStyle.StyleHint.SH_UnderlineShortcut, option, self))
        letter = Qt.TextFlag.TextShowMnemonic if is_underlined else Qt.TextFlag.TextHideMnemonic
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(words, _WORDS | letter, self.text())
        _paint_focus(painter, self, words)
        painter.end()

    def _words_in(self, width: int) -> QRect:
        """Return where the words stand."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        line = self.sizeHint().height()
        option.rect = QRect(0, 0, width, line)
        left = self.style().subElementRect(QStyle.SubElement.SE_RadioButtonContents, option, self).left()
        top = (line - self.fontMetrics().height()) // 2
        room = QRect(left, top, max(width - left, 1), _ANY_HEIGHT)
        return self.fontMetrics().boundingRect(room, _WORDS | Qt.TextFlag.TextShowMnemonic, self.text())


def _empty(
    button: QAbstractButton,
    painter: QStylePainter,
    option: QStyleOptionButton,
    element: QStyle.ControlElement,
    part: QStyle.SubElement,
) -> QRect:
    """Paint a button as the style sheet knows it, which is one that is not ticked, and return where its box is."""
    # Where the keys go is painted by ourselves: a style does so or does not.
    state = option.state & ~QStyle.StateFlag.State_On & ~QStyle.StateFlag.State_HasFocus
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


def _framed(button: QAbstractButton, size: QSize) -> QSize:
    needed = button.fontMetrics().height() + 2 * _ABOVE_WORDS
    return QSize(size.width() + _AROUND_WORDS, max(size.height(), needed))


def _paint_focus(painter: QPainter, button: QAbstractButton, words: QRect) -> None:
    """Paint a frame around the words where the keys go to them, in the colour of every other such frame."""
    if button.hasFocus():
        edges = QRectF(words.adjusted(-_AROUND_WORDS, -_ABOVE_WORDS, _AROUND_WORDS, _ABOVE_WORDS))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tones_of(button.palette()).accent), 2))
        painter.drawRoundedRect(edges.intersected(QRectF(button.rect())).adjusted(1, 1, -1, -1), 4, 4)


def tick_box(text: str) -> TickBox:
    """Return a box to be ticked, of what somebody typed."""
    return TickBox(on_button(text))


def radio_button(text: str) -> RadioChoice:
    """Return one choice of several, of what somebody typed."""
    return RadioChoice(on_button(text))
