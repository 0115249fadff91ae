"""An explanation beside filters: whole, in two lines at most, or not there at all, since half of one helps nobody."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.widgets.parts import PlainLabel, in_role

_LINES = 2


class HintLabel(PlainLabel):
    """Shows its words where all of them have room; the mouse and a screen reader find them anywhere."""

    def __init__(self, text: str) -> None:
        """Explain something."""
        super().__init__(text)
        in_role(self, "muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.say(text)

    def say(self, text: str) -> None:
        """Explain something else."""
        self.setText(text)
        self.setToolTip(guessed_plain(text))

    @property
    def is_whole(self) -> bool:
        """Whether all of it has room."""
        return self.heightForWidth(self.width()) <= self.height()

    def hasHeightForWidth(self) -> bool:
        """Say that it never makes its line higher."""
        return False

    def sizeHint(self) -> QSize:
        """Return the height of its lines; it takes whatever width is left."""
        return QSize(0, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return no width: it gives way to all else."""
        return QSize(0, _LINES * self.fontMetrics().lineSpacing())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all of it, or nothing."""
        if self.is_whole:
            super().paintEvent(event)
