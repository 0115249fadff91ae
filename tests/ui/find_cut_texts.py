"""Print what is cut of all that can be seen on the screen there is: `run_on_screen` starts it on another."""

import sys
from collections.abc import Iterator

from PySide6.QtGui import QGuiApplication

from cmxero_desktop.ui.application.application import application
from tests.ui.cut_texts import cut_texts
from tests.ui.gallery import everything

# What the panel of the system takes of a screen, and the title of a window, in points of one that is not scaled.
_PANEL, _TITLE = 40, 30


def lines() -> Iterator[str]:
    """Yield a line for each text that is cut, and for what is larger than the screen."""
    application()
    screen = QGuiApplication.primaryScreen()
    room, scale = screen.availableSize(), screen.devicePixelRatio()
    size = (room.width(), room.height() - round(_PANEL / scale))
    for name, shown in everything(size):
        if not name.startswith("menu_") and (shown.width() > room.width() or shown.height() > size[1]):
            yield f"{name}: {shown.width()} x {shown.height()} is larger than the screen"
        yield from dict.fromkeys(f"{name}: {line}" for line in cut_texts(shown))


if __name__ == "__main__":
    for found in lines():
        sys.stdout.buffer.write(f"{found}\n".encode())
        sys.stdout.buffer.flush()
