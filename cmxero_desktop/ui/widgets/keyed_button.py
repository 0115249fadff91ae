"""Buttons that show their key behind their words, as far as there is room: keys are learned without the manual."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyleOptionButton, QWidget
from typing_extensions import override

from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.widgets.parts import PromptButton
from cmxero_desktop.ui.widgets.wrapping import GAP, WrappingLayout


class KeyedButton(PromptButton):
    """One whose words are what it does; the key is painted behind them and is no part of its name."""

    def __init__(self, text: str, key: str, on_click: Callable[[], object], role: str = "", *, tip: str = "") -> None:
        """Say what it does, and by which key, which somebody else listens to."""
        super().__init__(text)
        self.key = key
        self._is_shown = False
        self.setAutoDefault(False)
        self.setToolTip(guessed_plain(tip))
        if role:
            self.setProperty("role", role)
        self.clicked.connect(lambda _checked=False: on_click())

    @property
    def room_of_key(self) -> int:
        """How many pixels the key takes."""
        return self.fontMetrics().horizontalAdvance(f"  {self.key}")

    @property
    def is_key_shown(self) -> bool:
        """Whether the key stands behind the words."""
        return self._is_shown

    def show_key(self, *, is_shown: bool) -> None:
        """Show the key, or the words alone."""
        if is_shown is not self._is_shown:
            self._is_shown = is_shown
            self.updateGeometry()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        """Return the size of the words, and of the key where it is shown."""
        size = super().sizeHint()
        return QSize(size.width() + (self.room_of_key if self._is_shown else 0), size.height())

    @override
    def minimumSizeHint(self) -> QSize:
        """Return the size of the words: a key makes no window wider."""
        return super().sizeHint()

    @override
    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Let the key be painted behind the words."""
        super().initStyleOption(option)
        if self._is_shown:
            option.text = f"{self.text()}  {self.key}"


class KeyedButtons(QWidget):
    """Buttons in as many lines as their words need; the keys of as many are shown as take no other line."""

    def __init__(self, buttons: Sequence[QPushButton], parent: QWidget | None = None) -> None:
        """Take the buttons in, in their order."""
        super().__init__(parent)
        self._all = tuple(buttons)
        lines = WrappingLayout()
        for one in self._all:
            if isinstance(one, KeyedButton):
                # Its words are the least that it takes, not its words and its key.
                one.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            lines.addWidget(one)
        self.setLayout(lines)

    @override
    def event(self, event: QEvent) -> bool:
        """Show other keys where other words stand there."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._share()
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many keys as there is room for."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        shown = [one for one in self._all if not one.isHidden()]
        widths = {one: _bare(one) for one in shown}
        lines = _lines(widths.values(), self.width())
        for one in shown:
            if isinstance(one, KeyedButton):
                wider = {**widths, one: widths[one] + one.room_of_key}
                has_room = _lines(wider.values(), self.width()) <= lines
                widths = wider if has_room else widths
                one.show_key(is_shown=has_room)


def _bare(button: QPushButton) -> int:
    is_wider = isinstance(button, KeyedButton) and button.is_key_shown
    return button.sizeHint().width() - (button.room_of_key if is_wider and isinstance(button, KeyedButton) else 0)


def _lines(widths: Iterable[int], room: int) -> int:
    lines, left = 1, 0
    for width in widths:
        if left and left + width > room:
            lines, left = lines + 1, 0
        left += width + GAP
    return lines
