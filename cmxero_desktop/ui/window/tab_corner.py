"""The corner beside the tabs: what has keys and a menu, too, leaves it to the tabs where there is no room for both."""

from PySide6.QtWidgets import QWidget

from cmxero_desktop.ui.widgets.parts import GAP, row

# At the right in line with the tables below, and above their edge.
_RIGHT, _BELOW = 12, 6


class TabCorner(QWidget):
    """Holds buttons, of which one is kept in any width while it is offered."""

    def __init__(self, kept: QWidget) -> None:
        """Hold the button that is kept, at the right."""
        super().__init__()
        self._kept, self._others = kept, QWidget()
        self._line = row()
        self._others.setLayout(self._line)
        self.setLayout(row(self._others, kept, margins=(0, 0, _RIGHT, _BELOW)))

    def add(self, *buttons: QWidget) -> None:
        """Add buttons that are left out where there is no room."""
        for one in buttons:
            self._line.addWidget(one)

    def least(self) -> int:
        """Return the width that the tabs have to leave."""
        return 0 if self._kept.isHidden() else self._kept.sizeHint().width() + _RIGHT

    def fit(self, room: int) -> None:
        """Show what has room."""
        beside = self.least() + GAP if self.least() else _RIGHT
        have_room = self._others.sizeHint().width() + beside <= room
        self._others.setVisible(have_room)
        self.setVisible(have_room or not self._kept.isHidden())
