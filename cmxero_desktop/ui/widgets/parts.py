"""Small widgets that many pages share: labels, buttons, bars and empty states."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QShortcutEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import as_said, breakable, guessed_plain

SPACE = 12
GAP = 8
_EMPTY_HEIGHT = 90
_EMPTY_WIDTH = 460
# A window may be as narrow as this and its frame.
_WIDEST = 600
_FEW_LETTERS = 12
# Letters are measured in parts of a pixel.
_SLACK = 2
_ARROW = "  →  "
_BETWEEN_PARTS = re.compile("; | - ")

L = TypeVar("L", bound=QLabel)


class PlainLabel(QLabel):
    """A label that shows what it is given and obeys none of it; no word in it makes a window wider than a screen."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Show a text."""
        super().__init__(parent)
        self._said = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        self._said = as_said(text)
        is_copied = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        # What is copied out of it has to be what was said.
        super().setText(self._said if is_copied else breakable(self._said))

    def text(self) -> str:
        """Return what is shown."""
        return self._said

    def setTextInteractionFlags(self, flags: Qt.TextInteractionFlag) -> None:
        """Let the text be copied, as it was said."""
        super().setTextInteractionFlags(flags)
        self.setText(self._said)

    def minimumSizeHint(self) -> QSize:
        """Return the least size, in which a long text is cut."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), _WIDEST), least.height())


class CutLabel(PlainLabel):
    """A label of one line that says so where its room cuts the text; the whole text belongs into its tool tip."""

    def minimumSizeHint(self) -> QSize:
        """Return the size of a few letters: it gives way before its neighbours do."""
        return QSize(_FEW_LETTERS * self.fontMetrics().averageCharWidth(), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as much of the text as there is room for."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self.seen())

    def seen(self) -> str:
        """Return the text as it is painted."""
        return cut(self.fontMetrics(), self.text(), self.width())


class NamesLabel(CutLabel):
    """One of two names with an arrow from the first to the second, which stays whatever has to be cut of them."""

    _names: tuple[str, str] | None = None

    def setText(self, text: str) -> None:
        """Show a text without an arrow."""
        self._names = None
        super().setText(text)

    def say(self, first: str, second: str) -> None:
        """Show two names."""
        self.setText(f"{first}{_ARROW}{second}")
        self._names = as_said(first), as_said(second)

    def minimumSizeHint(self) -> QSize:
        """Return the size of a few letters of each name and the arrow."""
        least = super().minimumSizeHint()
        return QSize(least.width() + self.fontMetrics().horizontalAdvance(_ARROW), least.height())

    def seen(self) -> str:
        """Return as much of each name as there is room for: of the first its beginning, of the second both ends."""
        metrics, room = self.fontMetrics(), self.width()
        if self._names is None or metrics.horizontalAdvance(self.text()) <= room:
            return super().seen()
        room -= metrics.horizontalAdvance(_ARROW)
        first, second = map(metrics.horizontalAdvance, self._names)
        # What a short name does not need is the other one's.
        of_first = max(min(first, room // 2), room - second)
        names = (
            cut(metrics, self._names[0], of_first),
            metrics.elidedText(self._names[1], Qt.TextElideMode.ElideMiddle, room - min(first, of_first)),
        )
        return _ARROW.join(names)


class PartsLabel(CutLabel):
    """One whose text has parts, the most important first: it leaves out whole ones as long as the first has room."""

    def seen(self) -> str:
        """Return as many parts as there is room for."""
        text, metrics = self.text(), self.fontMetrics()
        ends = [found.start() for found in _BETWEEN_PARTS.finditer(text)]
        briefer = (text, *(f"{text[:end]}…" for end in reversed(ends)))
        return next((said for said in briefer if metrics.horizontalAdvance(said) <= self.width()), super().seen())


def cut(metrics: QFontMetrics, text: str, room: int) -> str:
    """Return a text as it fits into so many pixels; one that is cut says so.

    Qt measures in parts of a pixel where it cuts, and in whole ones where it is asked: what fits by these is whole.
    """
    if metrics.horizontalAdvance(text) <= room:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)


def label(text: str = "", role: str = "", *, is_wrapped: bool = False, size: float = 1.0) -> PlainLabel:
    """Return a plain-text label; `size` is relative to the system font."""
    made = in_role(PlainLabel(text), role, size=size)
    made.setWordWrap(is_wrapped)
    return made


def in_role(made: L, role: str, *, size: float = 1.0) -> L:
    """Return a label as the style sheet knows it by its role; `size` is relative to the system font."""
    if role:
        made.setProperty("role", role)
    if size != 1.0:
        font = made.font()
        font.setPointSizeF(font.pointSizeF() * size)
        made.setFont(font)
    return made


class PromptButton(QPushButton):
    """A button that its key presses at once.

    Qt's own is pressed a tenth of a second later, and acts by then on whatever row a quick hand has gone on to.
    """

    def event(self, event: QEvent) -> bool:
        """Press it by its key, unless the key means something else as well."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)


def button(text: str, on_click: Callable[[], object], role: str = "", *, tip: str = "") -> QPushButton:
    """Return a push button."""
    made = PromptButton(text)
    made.setAutoDefault(False)
    made.setToolTip(guessed_plain(tip))
    if role:
        made.setProperty("role", role)
    made.clicked.connect(lambda _checked=False: on_click())
    return made


def allow(control: QWidget, why_not: str, tip: str = "") -> None:
    """Enable a control, or disable it and say why in its tooltip and to screen readers."""
    control.setEnabled(not why_not)
    control.setToolTip(guessed_plain(why_not or tip))
    control.setAccessibleDescription(as_said(why_not or tip))


def row(*widgets: QWidget | int, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Return widgets beside each other; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(*margins)
    layout.setSpacing(GAP)
    for widget in widgets:
        if isinstance(widget, int):
            layout.addStretch(widget)
        else:
            layout.addWidget(widget)
    return layout


def frame(role: str) -> QFrame:
    """Return a frame that the style sheet knows by its role."""
    made = QFrame()
    made.setProperty("role", role)
    return made


class Choice(QComboBox):
    """A list of words to choose from, with an arrow that the style sheet cannot draw."""

    def __init__(self, name: str, words: Sequence[str], parent: QWidget | None = None) -> None:
        """Offer the words; `name` is for screen readers."""
        super().__init__(parent)
        self.addItems(list(words))
        self.setAccessibleName(as_said(name))

    def minimumSizeHint(self) -> QSize:
        """Return the size in which what is chosen is whole: the other lines need their room in the list alone."""
        usual, option = super().minimumSizeHint(), QStyleOptionComboBox()
        self.initStyleOption(option)
        words = QSize(self.fontMetrics().horizontalAdvance(self.currentText()), usual.height())
        needed = self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, words, self)
        return QSize(min(needed.width() + _SLACK, usual.width()), usual.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the arrow above the frame."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tones_of(self.palette()).muted), 1.6))
        middle, right = self.height() / 2, self.width() - 12.0
        arrow = [QPointF(right - 4, middle - 2), QPointF(right, middle + 2), QPointF(right + 4, middle - 2)]
        painter.drawPolyline(QPolygonF(arrow))
        painter.end()


class EmptyState(QWidget):
    """What stands in a page's place when it has nothing to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Be empty and hidden."""
        super().__init__(parent)
        # Without a limit of its own this would keep the evidence small on a laptop, even while it is hidden.
        self.setMinimumHeight(_EMPTY_HEIGHT)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(role="title", size=1.25)
        self._text = label(role="muted", is_wrapped=True)
        self._button = button("", self._press, tip="")
        self._action: Callable[[], object] | None = None
        for centred in (self._title, self._text):
            centred.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # Of one width, so that its height is that of the lines into which it is broken.
        self._text.setFixedWidth(_EMPTY_WIDTH)
        self._text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._title)
        layout.addLayout(row(1, self._text, 1))
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)

    @property
    def text(self) -> str:
        """What is said."""
        return f"{self._title.text()} {self._text.text()}".strip()

    def say(
        self,
        title: str,
        text: str = "",
        shape: Shape | None = None,
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Say something; `action` adds a button."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        tone = Tone.GOOD if shape is Shape.TICK else Tone.MUTED
        colour = tones_of(self.palette()).ink(tone)
        picture = shape_pixmap(shape, colour, 40, self.devicePixelRatioF()) if shape else QPixmap()
        self._picture.setPixmap(picture)
        self._picture.setVisible(shape is not None)
        self._button.setVisible(action is not None)
        if action is not None:
            self._button.setText(action[0])
            self._action = action[1]
        self.setAccessibleName(as_said(self.text))

    def _press(self) -> None:
        if self._action is not None:
            self._action()
