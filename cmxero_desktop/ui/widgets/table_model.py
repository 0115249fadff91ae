"""One table model for every page: what Qt asks of rows and of the lines of their groups, and what it is told."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.strangers import as_said, guessed_plain, in_cell
from cmxero_desktop.ui.widgets.column import Column, R
from cmxero_desktop.ui.widgets.grouping import GroupLine
from cmxero_desktop.ui.widgets.lined_rows import LinedRows

BADGES_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOWHERE = QModelIndex()


class RowsModel(LinedRows[R]):
    """Shows rows through columns: what Qt asks for each cell, and what it is told."""

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many rows are shown, and lines above them."""
        return 0 if parent.isValid() else len(self._shown.shown)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let every cell be selected, and the tick column be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if self._columns[index.column()].is_tick:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:  # noqa: ANN401, PLR0911 - Qt's own signature, one answer for each role
        """Return what a cell shows, says, or is aligned to."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            line = self.line_at(index.row()) if index.isValid() else None
            return self._of_line(line, index.column(), role) if line is not None else None
        column = self._columns[index.column()]
        if role == _Role.DisplayRole:
            return self._shown_text(row, column, index)
        if role == _Role.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        if role == BADGES_ROLE:
            return column.badges(row) if column.badges else ()
        if role == _Role.ToolTipRole:
            return guessed_plain(column.tooltip(row)) if column.tooltip else None
        if role == _Role.CheckStateRole and column.is_tick:
            return Qt.CheckState.Checked if self.is_ticked(index.row()) else Qt.CheckState.Unchecked
        if role == _Role.AccessibleTextRole:
            return self._spoken(row, column, index)
        return None

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        """Tick or untick by the box itself."""
        if role != _Role.CheckStateRole or not index.isValid():
            return False
        is_ticked, line = Qt.CheckState(value) is Qt.CheckState.Checked, self.line_at(index.row())
        if line is not None:
            self.set_line_ticked(line, index.row(), is_ticked=is_ticked)
        else:
            self.set_ticked([index.row()], is_ticked=is_ticked)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        """Return a column's title."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == _Role.DisplayRole:
            return column.title
        if role == _Role.TextAlignmentRole:
            return _RIGHT if column.is_right else _LEFT
        if role == _Role.AccessibleDescriptionRole:
            return column.meaning
        if role in {_Role.AccessibleTextRole, _Role.ToolTipRole}:
            meant = f": {column.meaning}" if column.meaning and role == _Role.ToolTipRole else ""
            return "Tick all shown rows" if column.is_tick else guessed_plain(f"{column.title}{meant}")
        return None

    def badges_at(self, index: _Index) -> tuple[Badge, ...]:
        """Return a cell's badges without a detour through Qt."""
        row = self.row_at(index.row())
        column = self._columns[index.column()]
        return column.badges(row) if row is not None and column.badges else ()

    def _of_line(self, line: GroupLine, column: int, role: int) -> object:
        """Return what a line shows or says: its text runs through all columns, and is one sentence for all of them."""
        is_first = column == next((at for at, one in enumerate(self._columns) if not one.is_tick), 0)
        if role == _Role.DisplayRole and is_first:
            return in_cell(self.line_text(line))
        if role == _Role.AccessibleTextRole:
            return self.line_sentence(line)
        if role == _Role.CheckStateRole and self._columns[column].is_tick:
            is_ticked = not line.is_folded and self.ticks_of(line) == line.size
            return Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked
        return None

    def _spoken(self, row: R, column: Column[R], index: _Index) -> str:
        """Say the whole row in the first column, and title and value in the others."""
        if index.column() == 0:
            ticked = "Ticked. " if column.is_tick and self.is_ticked(index.row()) else ""
            waiting = self.waits_for(self.name_at(index.row()))
            return as_said(f"{waiting} {ticked}{self._sentence(row)}".lstrip())
        return as_said(f"{column.title} {column.text(row)}")

    def _shown_text(self, row: R, column: Column[R], index: _Index) -> str:
        """Return a cell's text; where there is most room, what is being done with the row."""
        waiting = self.waits_for(self.name_at(index.row())) if self._waiting and column.is_stretched else ""
        return in_cell(waiting or column.text(row))
