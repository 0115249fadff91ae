"""The sheet of all keys, made from the menus so that it cannot be wrong."""

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from cmxero_desktop.ui.widgets.parts import frame, label
from cmxero_desktop.ui.widgets.sheet import Sheet

_TABLE_KEYS = (
    ("Space", "Tick the row"),
    ("Shift+Space", "Tick all selected rows"),
    ("Ctrl+A", "Tick all shown rows"),
    ("Ctrl+C", "Copy rows with titles"),
    ("Esc", "Leave the search, or close a sheet"),
)
_ROWS_IN_COLUMN = 16


class ShortcutSheet(Sheet):
    """Lists what every key does."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        """List the keys of the actions, and those of the tables."""
        super().__init__("Keys", "No single letter changes anything, and nothing is applied without its sheet.", parent)
        keys = [
            (action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), action.text().replace("&", ""))
            for action in actions
            if not action.shortcut().isEmpty()
        ]
        self.lines = (*keys, *_TABLE_KEYS)
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(18, 14, 18, 14)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        for position, (key, does) in enumerate(self.lines):
            column, line = divmod(position, _ROWS_IN_COLUMN)
            grid.addWidget(label(key, "title"), line, column * 2)
            grid.addWidget(label(does), line, column * 2 + 1)
        self.body.addWidget(card)
        self.choose(self.add_button("Close", self.accept, "primary"))
        self.setMinimumWidth(720)
