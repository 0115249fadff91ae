"""How many rows of a table are seen at least, and how high it is where there is room for more."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTableView


class RowsInSight:
    """Lets a table be as high as it wishes, and lower where there is less room, down to a few rows."""

    def __init__(self, table: QTableView) -> None:
        """Wish for nothing yet."""
        self._table = table
        self._wish = 0
        self._is_kept = False
        self.least = 3

    def wish(self, height: int) -> None:
        """Be so high where there is room; a few rows are seen in any case."""
        self._wish = height
        self.keep_few()

    def keep_few(self) -> None:
        """Keep a few rows in sight, or all where there are fewer, whatever their height is and whenever they come."""
        if not self._is_kept:
            self._is_kept = True
            self._table.model().modelReset.connect(self._keep)
        self._keep()

    def _keep(self) -> None:
        rows = min(max(self._table.model().rowCount(), 1), self.least)
        heads = self._table.horizontalHeader().sizeHint().height()
        height = heads + rows * self._table.verticalHeader().defaultSectionSize() + 2 * self._table.frameWidth()
        self._table.setMinimumHeight(height)

    def hint(self, usual: QSize) -> QSize:
        """Return the size that the table wishes for."""
        return QSize(usual.width(), self._wish or usual.height())
