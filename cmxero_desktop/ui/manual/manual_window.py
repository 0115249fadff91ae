"""The window of the manual: places at the left, the text beside them, and a search; one works on while it is open."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QSplitter, QVBoxLayout, QWidget

from cmxero_desktop.ui.manual.reader import ManualReader
from cmxero_desktop.ui.widgets.parts import button, label
from cmxero_desktop.ui.widgets.room import room_of

_SIZE = (1_060, 720)
_PLACES_WIDTH = 250
_NOT_FOUND = "Not found"


class ManualWindow(QWidget):
    """Shows the manual; closing it keeps the place for the next time."""

    def __init__(self, file: Path) -> None:
        """Read the manual; nothing is shown yet."""
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle("Manual - CM-Xero Desk")
        self.setAccessibleName("Manual")
        self.reader = ManualReader(file)
        self.places = QListWidget()
        self.places.setAccessibleName("Chapters")
        self.places.setWordWrap(True)
        self.places.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.places.addItems(self.reader.headings)
        self.places.currentTextChanged.connect(self.reader.go_to)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in the manual  (Ctrl+F)")
        self.search.setAccessibleName("Find in the manual")
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self._find)
        self.search.textChanged.connect(self._forget)
        self.previous = button("&Previous", lambda: self._find(is_back=True))
        self.next = button("&Next", self._find)
        self.said = label(role="muted")
        for key, run in (
            (QKeySequence(QKeySequence.StandardKey.Find), self.search.setFocus),
            (QKeySequence(Qt.Key.Key_F3), self._find),
            (QKeySequence("Shift+F3"), lambda: self._find(is_back=True)),
            (QKeySequence(Qt.Key.Key_Escape), self.close),
        ):
            QShortcut(key, self, run)
        self._lay_out()
        self.resize(QSize(*_SIZE).boundedTo(room_of(self)))

    def open_at(self, heading: str) -> None:
        """Come to the front with a chapter at the top; where there is none of that name, where it was left."""
        self.show()
        self.raise_()
        self.activateWindow()
        for found in self.places.findItems(heading, Qt.MatchFlag.MatchExactly):
            self.places.setCurrentItem(found)
            # Where a place lies is known once the window has its size, and the text its lines.
            QTimer.singleShot(0, self.reader, lambda: self.reader.go_to(heading))
        self.reader.setFocus()

    def _find(self, *, is_back: bool = False) -> None:
        words = self.search.text()
        is_there = not words or self.reader.find_next(words, is_back=is_back)
        self.said.setText("" if is_there else _NOT_FOUND)

    def _forget(self) -> None:
        self.said.setText("")

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        for part in (self.said, self.previous, self.next):
            line.addWidget(part)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.places)
        parts.addWidget(self.reader)
        parts.setStretchFactor(1, 1)
        parts.setSizes([_PLACES_WIDTH, _SIZE[0] - _PLACES_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addLayout(line)
        layout.addWidget(parts, 1)
