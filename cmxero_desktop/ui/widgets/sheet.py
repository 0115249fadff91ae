"""The frame of every dialog: a title, a sentence, a body, and buttons at the right; never shown by blocking."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cmxero_desktop.ui.theme.strangers import as_said, in_title
from cmxero_desktop.ui.widgets.closed_words import ClosedWords
from cmxero_desktop.ui.widgets.long_text import words
from cmxero_desktop.ui.widgets.mnemonics import give_letters
from cmxero_desktop.ui.widgets.parts import button, label

_MARGINS = (22, 20, 22, 18)
# What the system draws around a window.
_FRAME, _TITLE_BAR = 16, 40


class Sheet(QDialog):
    """A window-modal dialog that goes away completely when it is closed."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        """Show title and sentence; the body is added by `add`."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(in_title(title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleName(as_said(title))
        self.setAccessibleDescription(as_said(text))
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*_MARGINS)
        layout.setSpacing(12)
        layout.addWidget(label(title, "title", size=1.3))
        if text:
            layout.addWidget(words(text, "muted"))
        layout.addLayout(self.body, 1)
        layout.addSpacing(4)
        layout.addLayout(self.foot)
        self.foot.addStretch(1)
        self._closed = ClosedWords(self, self.foot)
        self.setMinimumWidth(460)

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
        self.foot.insertWidget(self.foot.count() and self._stretch_at(), made)
        return made

    def choose(self, default: QPushButton) -> None:
        """Make a button the one that Enter presses, and stand on it."""
        default.setAutoDefault(True)
        default.setDefault(True)
        default.setFocus()

    @override
    def event(self, event: QEvent) -> bool:
        """Keep a letter on every button, whatever is shown, hidden or called otherwise."""
        if event.type() is QEvent.Type.LayoutRequest:
            give_letters(self)
        return super().event(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Be wide enough for every word on the buttons: a least width that a sheet sets itself counts before theirs."""
        give_letters(self)
        needed = self.foot.sizeHint().width() + _MARGINS[0] + _MARGINS[2]
        self.setMinimumWidth(min(max(self.minimumWidth(), needed), self._room().width()))
        self._fit()
        super().showEvent(event)

    def _fit(self) -> None:
        """Be as large as what is in it needs, and no larger than the screen: the buttons are at the bottom."""
        layout = self.layout()
        if layout is not None:
            # Qt gives a window two thirds of a screen at most, and asks no more once its least width was set by hand.
            self.resize(max(self.width(), layout.minimumSize().width()), self.height())
            if layout.hasHeightForWidth():
                self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
        self.resize(self.size().boundedTo(self._room()))

    def _room(self) -> QSize:
        """Return how large it may be on its screen, within what the system draws around it."""
        return self.screen().availableSize() - QSize(_FRAME, _TITLE_BAR)

    def _stretch_at(self) -> int:
        return next(
            i for i in range(self.foot.count()) if (item := self.foot.itemAt(i)) and item.spacerItem() is not None
        )
