"""Show all of something where there is room for it, and scroll it where there is not."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override


def scrolled(inside: QWidget) -> QScrollArea:
    """Return an area that takes whatever room it is given, and scrolls where that is too little."""
    area = QScrollArea()
    _clear(area, inside)
    return area


def _clear(area: QScrollArea, inside: QWidget) -> None:
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    # The style sheet leaves the area itself without a colour, but not what lies in it.
    inside.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)


class ShownWhole(QScrollArea):
    """Asks for all the room that its lines need, as if they were not scrolled, but for no more than there is."""

    def __init__(self, most: Callable[[], QSize]) -> None:
        """Hold no lines yet; `most` says how much room there is."""
        super().__init__()
        self._most = most
        self._held = _Held()
        self.lines = self._held.lines
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        _clear(self, self._held)

    @override
    def minimumSizeHint(self) -> QSize:
        """Return what the lines need at least, and the bar beside them, as far as there is room."""
        most, least = self._most(), self.lines.totalMinimumSize()
        bar = self.verticalScrollBar().sizeHint().width() if self._least_height(least.width()) > most.height() else 0
        return (least + QSize(bar, 0)).boundedTo(most)

    @override
    def sizeHint(self) -> QSize:
        """Return what the lines wish for, as far as there is room."""
        return self.lines.totalSizeHint().boundedTo(self._most())

    @override
    def hasHeightForWidth(self) -> bool:
        """Say whether lines are broken into more where it is narrow."""
        return self.lines.hasHeightForWidth()

    @override
    def heightForWidth(self, width: int, /) -> int:
        """Return the height of the lines in this width, as far as there is room."""
        return min(self.lines.totalHeightForWidth(width), self._most().height())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Have a bar only where it is needed in the new size."""
        self.have_bar_if_needed()
        super().resizeEvent(event)

    def have_bar_if_needed(self) -> None:
        """Take the bar away where the lines fit without it: beside one that is there they may be too high."""
        is_needed = self.is_more_than(self.width(), self.height())
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy is not self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    def is_more_than(self, width: int, height: int) -> bool:
        """Say whether the lines need more than a height in a width, however low what is scrolled by itself is."""
        return self._least_height(width) > height

    def _least_height(self, width: int) -> int:
        has_lines = self.lines.hasHeightForWidth()
        return self.lines.totalMinimumHeightForWidth(width) if has_lines else self.lines.totalMinimumSize().height()


class Pressed(QWidget):
    """Is scrolled only where not even the least height has room: what has a bar of its own gives way before."""

    @override
    def heightForWidth(self, width: int, /) -> int:
        """Return the least height."""
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout is not None else -1


class _Held(Pressed):
    """Holds the lines, and tells when they need another size."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = QVBoxLayout(self)
        self.lines.setContentsMargins(0, 0, 0, 0)

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        viewport = self.parentWidget()
        area = viewport.parentWidget() if viewport is not None else None
        if event.type() is QEvent.Type.LayoutRequest and isinstance(area, ShownWhole):
            area.updateGeometry()
            area.have_bar_if_needed()
        return done
