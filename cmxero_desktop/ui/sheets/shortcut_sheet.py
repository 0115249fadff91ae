"""The sheet of all keys, made from the menus so that it cannot be wrong."""

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from cmxero_desktop.ui.widgets.parts import frame, label
from cmxero_desktop.ui.widgets.sheet import Sheet

# These stand on no menu.
_OTHER_KEYS = (
    ("F7", "Show what the band says"),
    ("F8", "Notices: what waits"),
    ("F9", "Pause checking"),
    ("Space", "Tick the row"),
    ("Shift+Space", "Tick from the last tick to here"),
    ("Ctrl+A", "Tick all shown rows"),
    ("Left, Right", "Fold, unfold the group"),
    ("Ctrl+C", "Copy rows with titles"),
    ("Esc", "Leave search, close sheet"),
)
_COLUMNS = 2
_MARGIN = 14
# Title, sentence and buttons above and below the keys.
_AROUND = 170


class ShortcutSheet(Sheet):
    """Lists what every key does."""

    manual_chapter = "Finding, adding up and taking along"

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        """List the keys of the actions, and those of tables and buttons."""
        super().__init__("Keys", "No single letter changes anything, and nothing is applied without its sheet.", parent)
        keys = [
            (action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), action.text().replace("&", ""))
            for action in actions
            if not action.shortcut().isEmpty()
        ]
        self.lines = (*keys, *_OTHER_KEYS)
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        grid.setHorizontalSpacing(_MARGIN - 3)
        grid.setVerticalSpacing(5)
        in_column = -(-len(self.lines) // _COLUMNS)
        for position, (key, does) in enumerate(self.lines):
            column, line = divmod(position, in_column)
            grid.addWidget(_whole(label(key, "title")), line, column * 2)
            grid.addWidget(_whole(label(does)), line, column * 2 + 1)
        # On a low screen the last keys are scrolled to.
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(card)
        self.body.addWidget(area)
        self.choose(self.add_button("Close", self.accept, "primary"))
        bar = area.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(card.minimumSizeHint().width() + bar + 4 * _MARGIN)
        self.resize(self.minimumWidth(), card.minimumSizeHint().height() + _AROUND)


def _whole(made: QLabel) -> QLabel:
    """Keep a label as wide as its words: half a key, or half of what it does, is no help."""
    made.ensurePolished()
    made.setMinimumWidth(made.sizeHint().width())
    return made
