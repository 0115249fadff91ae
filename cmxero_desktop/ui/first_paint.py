"""Paint a frame of the window before the rest is loaded: nothing but QtWidgets, the place as it was left, and one line.

Loading the rest takes a second. Meanwhile a person sees that the program starts, and where. The window itself is built
later in the same place, and the frame goes away behind it.
"""

import sys
from base64 import b64decode
from binascii import Error as NotBase64
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

_TITLE = "CM-Xero Desk"
_WIDTH, _HEIGHT = 1440, 900
_FRAME_WIDTH, _FRAME_HEIGHT = 16, 48
_HEAD_HEIGHT, _MARGIN, _HALF_A_LINE = 52, 16, 5
_READING = "Reading…"
# Window, head, line and quiet text, as in `ui.theme.colours`, which is not loaded yet; a test holds them together.
LIGHT_GROUND = ("#f4f6f8", "#ffffff", "#dde2e8", "#55606e")
DARK_GROUND = ("#181c21", "#20262c", "#363f48", "#a7b1bd")
_DARK_BELOW = 128
# A window system may take a few turns until it lets a window be painted; nobody waits longer for it.
_TURNS = 100


class FirstFrame(QMainWindow):
    """A window with a head and one line."""

    def __init__(self, remembered: Path) -> None:
        """Lie where the window lay when its place was `remembered`, in the file of its preferences."""
        super().__init__()
        self.is_painted = False
        self.setWindowTitle(_TITLE)
        is_dark = self.palette().window().color().lightness() < _DARK_BELOW
        self._colours = [QColor(name) for name in (DARK_GROUND if is_dark else LIGHT_GROUND)]
        self.setAccessibleName(f"{_TITLE}: {_READING}")
        screen = self.screen().availableGeometry()
        self.resize(min(_WIDTH, screen.width() - _FRAME_WIDTH), min(_HEIGHT, screen.height() - _FRAME_HEIGHT))
        self.restoreGeometry(QByteArray(_geometry_in(remembered)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and know that it was done."""
        del event
        window, head, line, quiet = self._colours
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), self.height(), window)
        painter.fillRect(0, 0, self.width(), _HEAD_HEIGHT, head)
        painter.fillRect(0, _HEAD_HEIGHT, self.width(), 1, line)
        painter.setPen(quiet)
        painter.drawText(_MARGIN, _HEAD_HEIGHT // 2 + _HALF_A_LINE, _TITLE)
        painter.drawText(_MARGIN, _HEAD_HEIGHT + 2 * _MARGIN, _READING)
        painter.end()
        self.is_painted = True


def painted_frame(remembered: Path) -> FirstFrame:
    """Show the frame and let it be painted."""
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    # The frame goes away before the program does.
    app.setQuitOnLastWindowClosed(False)
    frame = FirstFrame(remembered)
    frame.show()
    for _ in range(_TURNS):
        app.processEvents()
        if frame.is_painted:
            break
    return frame


def _geometry_in(preferences: Path) -> bytes:
    remembered = QSettings(str(preferences), QSettings.Format.IniFormat).value("window/geometry", "")
    try:
        return b64decode(str(remembered), validate=True)
    except (NotBase64, ValueError):
        return b""
