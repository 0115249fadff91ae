"""Which columns of a table are shown: those that a person wants, as far as there is room for them."""

from collections.abc import Sequence
from typing import Generic

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QTableView

from cmxero_desktop.ui.widgets.column import Column, R

_PADDING = 16
_LEAST_STRETCHED = 20


class ShownColumns(Generic[R]):
    """Shows and hides the columns of one table."""

    def __init__(self, table: QTableView, columns: Sequence[Column[R]]) -> None:
        """Keep the table, whose model has these columns."""
        self._table = table
        self._columns = columns
        self._chosen: dict[int, bool] = {}

    def wanted(self) -> list[int]:
        """Return the positions of the columns that a person wants to see, whether there is room or not."""
        return [p for p, column in enumerate(self._columns) if self._chosen.get(p, column.is_default)]

    def set_widths(self) -> None:
        """Make each column as wide as it wants to be."""
        for position, column in enumerate(self._columns):
            self._table.setColumnWidth(position, self._width_of(column.width))

    def choose(self, at: QPoint) -> QMenu:
        """Open the menu that shows and hides columns at a place on the screen."""
        menu = QMenu("Columns", self._table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for position, column in enumerate(self._columns):
            if not column.is_tick:
                action = menu.addAction(column.title)
                action.setCheckable(True)
                action.setChecked(not self._table.isColumnHidden(position))
                action.toggled.connect(lambda on, p=position: self._take_choice(p, is_shown=on))
        menu.popup(at)
        return menu

    def make_room(self) -> None:
        """Leave out columns that give way, the last ones first, until the others fit; what a person chose stays."""
        shown = self.wanted()
        needed = sum(self._room_for(position) for position in shown)
        for position in reversed(shown):
            if not self._columns[position].gives_way or position in self._chosen:
                continue
            is_left_out = needed > self._table.viewport().width()
            if is_left_out:
                needed -= self._room_for(position)
            self._table.setColumnHidden(position, is_left_out)

    def _take_choice(self, position: int, *, is_shown: bool) -> None:
        self._chosen[position] = is_shown
        self._table.setColumnHidden(position, not is_shown)
        self.make_room()

    def _room_for(self, position: int) -> int:
        column = self._columns[position]
        if column.is_stretched:
            return self._width_of(_LEAST_STRETCHED)
        # A hidden column has no width.
        return self._table.columnWidth(position) or self._width_of(column.width)

    def _width_of(self, characters: int) -> int:
        return characters * self._table.fontMetrics().averageCharWidth() + _PADDING
