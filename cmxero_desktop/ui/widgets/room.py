"""How much of a screen a window may take, and how little that may be."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

# What the system draws around a window, where nobody can ask for it before it is shown.
_FRAME, _TITLE_BAR = 16, 40
# A laptop of 1440 x 900 has 450 points at 200 %, one of 1366 x 768 has 384, and the system's panel takes some of them.
_TIGHT = 460


def room_of(window: QWidget) -> QSize:
    """Return how large a window may be on its screen, within what the system draws around it."""
    return window.screen().availableSize() - QSize(_FRAME, _TITLE_BAR)


def is_tight(widget: QWidget) -> bool:
    """Say whether the screen is so low that all that can be folded has to make way for rows."""
    return widget.window().screen().availableSize().height() < _TIGHT


def move_inside(window: QWidget) -> None:
    """Move a window that has grown so that all of it is on its screen again."""
    free, taken = window.screen().availableGeometry(), window.frameGeometry()
    place = QRect(free.topLeft(), free.size() - taken.size() + QSize(1, 1))
    x, y = max(place.left(), min(taken.x(), place.right())), max(place.top(), min(taken.y(), place.bottom()))
    if (x, y) != (taken.x(), taken.y()):
        window.move(QPoint(x, y))
