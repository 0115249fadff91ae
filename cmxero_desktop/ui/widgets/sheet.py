"""The frame of every dialog: a title, a sentence, a body, and buttons at the right; never shown by blocking."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain, in_title
from cmxero_desktop.ui.widgets.closed_words import ClosedWords
from cmxero_desktop.ui.widgets.density import Density
from cmxero_desktop.ui.widgets.help_key import give_help_key
from cmxero_desktop.ui.widgets.long_text import words
from cmxero_desktop.ui.widgets.mnemonics import give_letters
from cmxero_desktop.ui.widgets.parts import button, label, row
from cmxero_desktop.ui.widgets.room import is_small, move_inside, room_of
from cmxero_desktop.ui.widgets.shown_whole import ShownWhole
from cmxero_desktop.ui.widgets.table_view import DeskTable

_MARGINS, _SMALL_MARGINS = (22, 20, 22, 18), (12, 8, 12, 8)
_SPACING, _SMALL_SPACING = 12, 6
_ABOVE_FOOT = 4
_MORE, _LESS = "More", "Less"
_IN_BODY, _SMALL_IN_BODY = 10, 6


class Sheet(QDialog):
    """A window-modal dialog that goes away completely when it is closed.

    Where the screen is too small for all of it, what stands between the title and the buttons is scrolled. Before
    that margins and rows are lower there, and a text that only explains is put behind a button beside the title.
    """

    is_explained: bool = False
    """Whether the text only explains what is seen without it: on a small screen it gives way."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        """Show title and sentence; the body is added by `add`."""
        super().__init__(parent)
        self._last_size = self.size()
        self.is_low = is_small(self)
        self._margins = _SMALL_MARGINS if self.is_low else _MARGINS
        self._spacing = _SMALL_SPACING if self.is_low else _SPACING
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(in_title(title))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleName(as_said(title))
        self.setAccessibleDescription(as_said(text))
        self.body = QVBoxLayout()
        self.body.setSpacing(_SMALL_IN_BODY if self.is_low else _IN_BODY)
        self.foot = QHBoxLayout()
        self.more: QPushButton | None = None
        # How many buttons stand at the left, before what is free.
        self._left = 0
        self.foot.setSpacing(8)
        self._title = label(title, "title", size=1.3)
        self._area = ShownWhole(self._most)
        self._area.lines.setSpacing(self._spacing)
        self._text = text
        self._explanations: list[tuple[QWidget, str]] = []
        self._lead = words(text, "muted")
        self._in_sight = label("", "muted", is_wrapped=True)
        self._in_sight.hide()
        self._area.lines.addWidget(self._in_sight)
        if not text:
            self._lead.hide()
        self._area.lines.addWidget(self._lead)
        self._area.lines.addLayout(self.body, 1)
        self._head = row(self._title)
        self._head.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*self._margins)
        layout.setSpacing(self._spacing)
        layout.addLayout(self._head)
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

    def keep_in_sight(self, text: str) -> None:
        """Say what of an explaining text is seen on a small screen, too."""
        self._in_sight.setText(text)

    def explain(self, text: str, role: str = "") -> QWidget:
        """Return a text for the body that only explains: on a small screen it stands behind the button, too."""
        said = label(text, role, is_wrapped=True)
        self._explanations.append((said, text))
        return said

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
        if self.is_low:
            self._make_low()
        give_letters(self)
        room = room_of(self)
        self._title.setWordWrap(self._title.sizeHint().width() > room.width() - self._beside)
        needed = self.foot.sizeHint().width() + self._beside
        self.setMinimumWidth(min(max(self.minimumWidth(), needed), room.width()))
        self._fit(room)
        super().showEvent(event)

    def _make_low(self) -> None:
        """Leave the room to what is decided about: more rows in the same height, and no text that only explains."""
        for table in self.findChildren(DeskTable):
            table.set_density(Density.COMPACT)
            table.in_sight.keep_few()
        if self.is_explained:
            self._explanations.insert(0, (self._lead, self._text))
            self.is_explained = False
        if self._explanations and self.more is None:
            tip = "\n".join(text for _, text in self._explanations)
            self.more = button(_MORE, self._show_more, "small", tip=guessed_plain(tip))
            self._head.addWidget(self.more)
            self._show_explanations(are_shown=False)

    def _show_more(self) -> None:
        if self.more is not None:
            are_shown = self._explanations[0][0].isHidden()
            self._show_explanations(are_shown=are_shown)
            self.more.setText(_LESS if are_shown else _MORE)

    def _show_explanations(self, *, are_shown: bool) -> None:
        for said, _ in self._explanations:
            said.setVisible(are_shown)
        self._in_sight.setVisible(bool(self._in_sight.text()) and not are_shown)

    def _fit(self, room: QSize) -> None:
        """Be as large as what is in it needs, and no larger than the screen: the buttons are at the bottom."""
        layout = self.layout()
        if layout is not None:
            # Qt gives a window two thirds of a screen at most, and asks no more once its least width was set by hand.
            self.resize(max(self.width(), layout.minimumSize().width()), self.height())
            if self.is_low and self._area.is_more_than(self.width() - self._beside, self._most().height()):
                # Words take fewer lines.
                self.resize(room.width(), self.height())
            if layout.hasHeightForWidth():
                self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))
        self.resize(self.size().boundedTo(room))

    @property
    def _beside(self) -> int:
        return self._margins[0] + self._margins[2]

    def _most(self) -> QSize:
        """Return how large what stands between the title and the buttons may be on this screen."""
        width = room_of(self).width() - self._beside
        title = self._title.heightForWidth(width) if self._title.wordWrap() else self._title.sizeHint().height()
        foot = self.foot.heightForWidth(width) if self.foot.hasHeightForWidth() else self.foot.sizeHint().height()
        title = max(title, self.more.sizeHint().height() if self.more is not None else 0)
        around = self._margins[1] + title + 2 * self._spacing + _ABOVE_FOOT + foot + self._margins[3]
        return QSize(width, room_of(self).height() - around)
