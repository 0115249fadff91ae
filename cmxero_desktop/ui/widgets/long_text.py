"""Show a text that may be of any length, so that what stands below it stays on the screen."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from cmxero_desktop.ui.widgets.parts import label

_LONG, _MANY_LINES = 600, 12
_SHARE = 0.4
_WIDTH = 440


def words(text: str, role: str = "") -> QWidget:
    """Return a wrapped label; where it would be long, it takes a part of the screen and is moved through."""
    said = label(text, role, is_wrapped=True)
    is_long = len(text) > _LONG or text.count("\n") > _MANY_LINES
    return _Scrolled(said) if is_long else said


class _Scrolled(QScrollArea):
    """A label that is as high as its text, but no higher than a part of the screen."""

    def __init__(self, said: QWidget) -> None:
        super().__init__()
        self._said = said
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setWidget(said)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size that the text needs, as far as the screen allows."""
        width = max(self.width() - self.verticalScrollBar().sizeHint().width(), _WIDTH)
        most = int(QGuiApplication.primaryScreen().availableSize().height() * _SHARE)
        return QSize(_WIDTH, min(self._said.heightForWidth(width), most))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another height at another width."""
        super().resizeEvent(event)
        self.updateGeometry()
