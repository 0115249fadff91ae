"""The frame of every dialog: a title, a sentence, a body, and buttons at the right; never shown by blocking."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cmxero_desktop.ui.theme.strangers import as_said, in_title
from cmxero_desktop.ui.widgets.closed_words import ClosedWords
from cmxero_desktop.ui.widgets.help_key import give_help_key
from cmxero_desktop.ui.widgets.long_text import words
from cmxero_desktop.ui.widgets.mnemonics import give_letters
from cmxero_desktop.ui.widgets.parts import button, label
from cmxero_desktop.ui.widgets.room import move_inside, room_of
from cmxero_desktop.ui.widgets.shown_whole import ShownWhole

_MARGINS = (22, 20, 22, 18)
_BESIDE = _MARGINS[0] + _MARGINS[2]
_SPACING, _ABOVE_FOOT = 12, 4


class Sheet(QDialog):
    """A window-modal dialog that goes away completely when it is closed.

    Where the screen is too small for all of it, what stands between the title and the buttons is scrolled.
    """

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        """Show title and sentence; the body is added by `add`."""
        super().__init__(parent)
        self._last_size = self.size()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(in_title(title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleName(as_said(title))
        self.setAccessibleDescription(as_said(text))
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.foot = QHBoxLayout()
        # How many buttons stand at the left, before what is free.
        self._left = 0
        self.foot.setSpacing(8)
        self._title = label(title, "title", size=1.3)
        self._area = ShownWhole(self._most)
        self._area.lines.setSpacing(_SPACING)
        if text:
            self._area.lines.addWidget(words(text, "muted"))
        self._area.lines.addLayout(self.body, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS)
        layout.setSpacing(_SPACING)
        layout.addWidget(self._title)
        layout.addWidget(self._area, 1)
        layout.addSpacing(_ABOVE_FOOT)
        layout.addLayout(self.foot)
        self.foot.addStretch(1)
        self._closed = ClosedWords(self, self.foot)
        self.setMinimumWidth(460)
        give_help_key(self)

    def add_button(self, text: str, on_click: Callable[[], object], role: str = "") -> QPushButton:
        """Add a button at the right."""
        made = button(text, on_click, role)
        self._closed.watch(made)
        self.foot.addWidget(made)
        return made

    def add_left_button(self, text: str, on_click: Callable[[], object]) -> QPushButton:
        """Add a button at the left, for what is beside the question."""
        made = button(text, on_click)
        self._closed.watch(made)
        self.foot.insertWidget(self._left, made)
        self._left += 1
        return made

    def choose(self, default: QPushButton) -> None:
        """Make a button the one that Enter presses, and stand on it."""
        default.setAutoDefault(True)
        default.setDefault(True)
        default.setFocus()

    @override
    def event(self, event: QEvent) -> bool:
        """Keep a letter on every button, whatever is shown, hidden or called otherwise, and all of it on the screen."""
        if event.type() is QEvent.Type.LayoutRequest:
            give_letters(self)
            if self.isVisible() and self.size() != self._last_size:
                move_inside(self)
            self._last_size = self.size()
        return super().event(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Be wide enough for every word on the buttons: a least width that a sheet sets itself counts before theirs."""
        give_letters(self)
        room = room_of(self)
        self._title.setWordWrap(self._title.sizeHint().width() > room.width() - _BESIDE)
        needed = self.foot.sizeHint().width() + _BESIDE
        self.setMinimumWidth(min(max(self.minimumWidth(), needed), room.width()))
        self._fit(room)
        super().showEvent(event)

    def _fit(self, room: QSize) -> None:
        """Be as large as what is in it needs, and no larger than the screen: the buttons are at the bottom."""
        layout = self.layout()
        if layout is not None:
            # Qt gives a window two thirds of a screen at most, and asks no more once its least width was set by hand.
            self.resize(max(self.width(), layout.minimumSize().width()), self.height())
            if layout.hasHeightForWidth():
                self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
        self.resize(self.size().boundedTo(room))

    def _most(self) -> QSize:
        """Return how large what stands between the title and the buttons may be on this screen."""
        width = room_of(self).width() - _BESIDE
        title = self._title.heightForWidth(width) if self._title.wordWrap() else self._title.sizeHint().height()
        foot = self.foot.heightForWidth(width) if self.foot.hasHeightForWidth() else self.foot.sizeHint().height()
        around = _MARGINS[1] + title + 2 * _SPACING + _ABOVE_FOOT + foot + _MARGINS[3]
        return QSize(width, room_of(self).height() - around)
