"""How much of a screen a window may take, and how little that may be."""

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QWidget

# What the system draws around a window, where nobody can ask for it before it is shown.
_FRAME, _TITLE_BAR = 16, 40
# A laptop has 720 x 450 or 683 x 384 points at 200 %, and the system's panel takes some of them; Full HD has 960 x 540.
_SMALL = QSize(876, 600)


def room_of(window: QWidget) -> QSize:
    """Return how large a window may be on its screen, within what the system draws around it."""
    return window.screen().availableSize() - QSize(_FRAME, _TITLE_BAR)


def is_small(widget: QWidget) -> bool:
    """Say whether a screen is so small that all that can be folded has to make way for rows."""
    free = widget.window().screen().availableSize()
    return free.width() < _SMALL.width() and free.height() < _SMALL.height()


def large(window: QWidget, usual: tuple[int, int]) -> QSize:
    """Return how large a sheet of many rows opens: as usual, and on a large screen three quarters of it."""
    room = room_of(window)
    return QSize(*usual).expandedTo(QSize(room.width() * 3 // 4, room.height() * 3 // 4)).boundedTo(room)


def move_inside(window: QWidget) -> None:
    """Move a window that has grown so that all of it is on its screen again."""
    free, taken = window.screen().availableGeometry(), window.frameGeometry()
    place = QRect(free.topLeft(), free.size() - taken.size() + QSize(1, 1))
    x, y = max(place.left(), min(taken.x(), place.right())), max(place.top(), min(taken.y(), place.bottom()))
    if (x, y) != (taken.x(), taken.y()):
        window.move(QPoint(x, y))
