"""A table for many rows: fixed row height, ticks by keyboard, copying for spreadsheets, and a column chooser."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, Generic, cast

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from cmxero_desktop.ui.theme.colours import figures
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.column import Column, R
from cmxero_desktop.ui.widgets.density import Density, row_height
from cmxero_desktop.ui.widgets.folding import Folding
from cmxero_desktop.ui.widgets.grouping import Grouping, is_line
from cmxero_desktop.ui.widgets.row_delegate import RowDelegate, paint_box
from cmxero_desktop.ui.widgets.rows_in_sight import RowsInSight
from cmxero_desktop.ui.widgets.shown_columns import Arrangement, ShownColumns
from cmxero_desktop.ui.widgets.shown_list import as_text
from cmxero_desktop.ui.widgets.shown_rows import ShownOrder
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.tick_range import TickRange

_BOX = 16
_NEXT_FEW = 64
_MANY = 4_096
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ROWS_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class TickHeader(QHeaderView):
    """A header whose tick column shows a box for "all shown rows"."""

    def __init__(self, parent: QWidget) -> None:
        """Be a horizontal header."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.is_all_ticked = False
        self.tick_section = -1
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint the box above the title's ground."""
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if logicalIndex != self.tick_section:
            return
        box = QRect(0, 0, _BOX, _BOX)
        box.moveCenter(rect.center())
        paint_box(painter, box, is_ticked=self.is_all_ticked)


class DeskTable(QTableView, Generic[R]):
    """Shows a RowsModel, and keeps its place in it and what is selected when rows change."""

    current_changed = Signal()

    def __init__(self, model: RowsModel[R], name: str, description: str, parent: QWidget | None = None) -> None:
        """Show the model; `name` and `description` are for screen readers."""
        super().__init__(parent)
        self.rows = model
        self._place = ""
        self._at = 0
        self._order = ShownOrder((), ())
        self._selected: frozenset[str] = frozenset()
        self._tick_range = TickRange(model)
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None
        self._tick_column = next((i for i, c in enumerate(model.columns) if c.is_tick), -1)
        self.setAccessibleName(as_said(name))
        self.setAccessibleDescription(as_said(description))
        self._columns = ShownColumns(self, model.columns)
        self.folding = Folding(model, lambda: self.currentIndex().row(), self.go_to)
        self.in_sight = RowsInSight(self)
        _set_up_view(self)
        self.setModel(model)
        self._set_up_columns()
        # The model resets with every change: place and selection are kept by the rows' names, and put back afterwards.
        model.modelAboutToBeReset.connect(self._keep_place)
        model.modelReset.connect(self._restore_place)
        model.ticks_changed.connect(self._show_all_ticked)
        self.selectionModel().currentRowChanged.connect(lambda *_: self.current_changed.emit())

    def current_row(self) -> R | None:
        """Return the row that the person stands on, or None."""
        return self.rows.row_at(self.currentIndex().row())

    def selected_positions(self) -> list[int]:
        """Return the positions of all selected rows, from top to bottom; no line of a group is one."""
        found: set[int] = set()
        # The stubs of QItemSelection leave out that it is a list of ranges.
        for span in cast("list[QItemSelectionRange]", self.selectionModel().selection()):
            found.update(range(span.top(), span.bottom() + 1))
        return sorted(found if self.rows.grouping is None else (p for p in found if self.rows.line_at(p) is None))

    def selected_rows(self) -> list[R]:
        """Return the selected rows."""
        return [row for p in self.selected_positions() if (row := self.rows.row_at(p)) is not None]

    def go_to(self, position: int) -> None:
        """Stand on a row, select it alone and scroll to it."""
        if 0 <= position < self.rows.rowCount():
            # The view's own setCurrentIndex adds to the selection, or takes from it, while Ctrl or Shift is held.
            self.selectionModel().setCurrentIndex(self._cell(position), _ROWS_ALONE)

    def select_positions(self, positions: Sequence[int]) -> None:
        """Stand on the first of these rows, select all of them and no others, and scroll there."""
        if positions:
            self.go_to(positions[0])
            self.selectionModel().select(_spans(self.rows, positions), _ROWS_ALONE)

    def leave_waiting(self) -> None:
        """Stand on the next row that waits for nothing, where the one that the person stands on was decided."""
        position = self.currentIndex().row()
        if not self.rows.waits_for(self.rows.name_at(position)):
            return
        near = self.rows.shown_order().after(position)
        free = (name for name in near if not is_line(name) and not self.rows.waits_for(name))
        self.go_to(self.rows.position_of(next(free, "")))

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard, tab-separated and with titles."""
        QGuiApplication.clipboard().setText(self.rows_as_text())

    def rows_as_text(self) -> str:
        """Return the selected rows, or all shown ones where none is selected, for a spreadsheet.

        Columns for which only the window is too narrow come along.
        """
        return as_text(self.columns_in_sight(), self.selected_rows() or self.rows.shown_rows())

    def columns_in_sight(self) -> list[Column[R]]:
        """Return the columns that a person wants to see, from left to right, but for the ticks."""
        return [column for p in self._columns.in_sight_order() if not (column := self.rows.columns[p]).is_tick]

    def tick_all_shown(self) -> None:
        """Tick every shown row, or untick them where all are ticked."""
        self.rows.set_all_ticked(is_ticked=not self.rows.is_all_ticked)

    def set_density(self, density: Density) -> None:
        """Give all rows the height of a choice."""
        self.verticalHeader().setDefaultSectionSize(row_height(self.fontMetrics(), density))

    def sizeHint(self) -> QSize:
        """Return the size that is good where there is room for it."""
        return self.in_sight.hint(super().sizeHint())

    def arrangement(self) -> Arrangement:
        """Return how a person arranged the columns and what the rows are sorted by."""
        section, order = self._sorted_by or (-1, Qt.SortOrder.AscendingOrder)
        sorted_by = self.rows.columns[section].key if section >= 0 else ""
        is_down, grouping = order is Qt.SortOrder.DescendingOrder, self.rows.grouping
        grouped_by = self.rows.columns[grouping.column].key if grouping is not None else ""
        return replace(self._columns.arrangement(), sorted_by=sorted_by, is_down=is_down, grouped_by=grouped_by)

    def arrange(self, wanted: Arrangement) -> None:
        """Arrange the columns, and sort; an empty arrangement brings everything back to what it was at first."""
        self._columns.arrange(wanted)
        self.group_by(wanted.grouped_by)
        keys = [column.key for column in self.rows.columns]
        if wanted.sorted_by in keys:
            order = Qt.SortOrder.DescendingOrder if wanted.is_down else Qt.SortOrder.AscendingOrder
            self.sort_by(keys.index(wanted.sorted_by), order)
        elif self._sorted_by is not None:
            self._sorted_by = None
            self.horizontalHeader().setSortIndicatorShown(False)
            self.rows.sort(-1)

    def group_by(self, key: str) -> None:
        """Let the rows lie in groups by the column of that key, or in none where no column has it."""
        column = next((at for at, one in enumerate(self.rows.columns) if one.key == key), -1)
        self.rows.group_by(Grouping(column) if column >= 0 else None)

    def show_also(self, keys: frozenset[str]) -> None:
        """Show these columns beside the usual ones, unless a person chose otherwise."""
        self._columns.show_also(keys)

    def choose_columns(self, at: QPoint | None = None) -> QMenu:
        """Open the menu that shows and hides columns, and brings all of them back to what they were at first."""
        menu = self._columns.choose(at or self.mapToGlobal(QPoint(40, 40)))
        menu.addSeparator()
        menu.addAction("&As it was at first").triggered.connect(lambda: self.arrange(Arrangement()))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick with Space, a range with Shift+Space, all shown with Ctrl+A; letters change and search nothing."""
        if self._tick_column >= 0 and event.key() == Qt.Key.Key_Space:
            self._tick_by_key(is_range=bool(event.modifiers() & _SHIFT))
        elif event.key() == Qt.Key.Key_A and event.modifiers() & _CTRL and self._tick_column >= 0:
            self.tick_all_shown()
        elif event.key() == Qt.Key.Key_C and event.modifiers() == _CTRL:
            self.copy_rows()
        elif not self.folding.take_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave columns out, or take them in again, by the room that there is now."""
        super().resizeEvent(event)
        self._columns.make_room()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the columns their room: what is not shown is not measured."""
        super().showEvent(event)
        self._columns.fit()

    def keyboardSearch(self, search: str) -> None:
        """Ignore typed letters: they neither jump nor change anything."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick by a click anywhere in the tick column."""
        index = self.indexAt(event.position().toPoint())
        is_on_box = index.isValid() and index.column() == self._tick_column
        if not self._takes_line(event, index, is_on_box=is_on_box) and is_on_box:
            at = index.row()
            self._tick_range.tick([at], at, is_ticked=not self.rows.is_ticked(at))
        super().mouseReleaseEvent(event)

    def _takes_line(self, event: QMouseEvent, index: QModelIndex, *, is_on_box: bool) -> bool:
        is_click = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        return is_click and self.folding.take_click(index.row(), is_on_box=is_on_box)

    def _set_up_columns(self) -> None:
        header = TickHeader(self)
        header.tick_section = self._tick_column
        self.setHorizontalHeader(header)
        header.sectionClicked.connect(self._on_header)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda at: self.choose_columns(header.mapToGlobal(at)))
        header.setMinimumSectionSize(30)
        # What sums and ticks belong to stays at the left: only the others are moved.
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(self._tick_column != 0)
        _size_sections(header, self.rows.columns)
        header.setSortIndicatorShown(False)
        self._columns.set_widths()

    def _on_header(self, section: int) -> None:
        """Sort by a click on a title; the tick column's box ticks all shown rows."""
        if section == self._tick_column:
            self.tick_all_shown()
            return
        # The header has turned its own arrow already, so its state cannot be asked.
        is_down = self._sorted_by == (section, Qt.SortOrder.AscendingOrder)
        self.sort_by(section, Qt.SortOrder.DescendingOrder if is_down else Qt.SortOrder.AscendingOrder)

    def sort_by(self, section: int, order: Qt.SortOrder) -> None:
        """Sort by a column and show the arrow."""
        self._sorted_by = (section, order)
        self.horizontalHeader().setSortIndicator(section, order)
        self.horizontalHeader().setSortIndicatorShown(True)
        self.rows.sort(section, order)

    def _tick_by_key(self, *, is_range: bool) -> None:
        positions = self.selected_positions()
        if self.folding.take_space(positions):
            return
        current = self.currentIndex().row()
        if not is_range:
            self._tick_range.tick([current], current, is_ticked=not self.rows.is_ticked(current))
        else:
            meant = positions if len(positions) > 1 else self._tick_range.up_to(current)
            self._tick_range.tick(meant, current, is_ticked=True)

    def _show_all_ticked(self) -> None:
        header = cast("TickHeader", self.horizontalHeader())
        if self._tick_column >= 0 and header.is_all_ticked != (is_all := self.rows.is_all_ticked):
            header.is_all_ticked = is_all
            header.viewport().update()

    def _keep_place(self) -> None:
        position = self.currentIndex().row()
        if name := self.rows.name_at(position):
            self._place, self._at, self._order = name, position, self.rows.shown_order()
            self._selected = frozenset(map(self.rows.name_at, self.selected_positions()))

    def _restore_place(self) -> None:
        self._columns.fit()
        place = self.rows.position_of(self._place)
        positions = self.rows.positions_of(self._selected)
        if place < 0:
            place = positions[0] if positions else self._next_place()
            positions = positions or [place]
        elif self._selected and not positions:
            positions = [place]
        # Without a row the cell is nowhere.
        self.selectionModel().setCurrentIndex(self._cell(place), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(_spans(self.rows, positions), _ROWS_ALONE)
        self.current_changed.emit()

    def _next_place(self) -> int:
        """Return where the row is that stood next to the one that is gone: below it, else above it."""
        near = self._order.after(self._at)
        if (count := self.rows.rowCount()) > _MANY:
            # Nearly always one of the next few is still there.
            few = list(islice(near, _NEXT_FEW))
            near, shown = chain(few, near), self.rows.positions_of(frozenset(few)) or range(count)
        else:
            shown = range(count)
        places = {self.rows.name_at(position): position for position in shown}
        return next((places[name] for name in near if name in places), 0)

    def _cell(self, position: int) -> QModelIndex:
        return self.rows.index(position, max(self._tick_column, 0))


def _set_up_view(table: QTableView) -> None:
    table.setFont(figures(table.font()))
    table.setItemDelegate(RowDelegate(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setMinimumHeight(3 * row_height(table.fontMetrics()))
    table.setWordWrap(False)
    table.setMouseTracking(True)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    vertical = table.verticalHeader()
    vertical.hide()
    vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    # Qt's own least height would keep compact rows from being compact.
    vertical.setMinimumSectionSize(1)
    vertical.setDefaultSectionSize(row_height(table.fontMetrics()))


def _size_sections(header: QHeaderView, columns: Sequence[Column[Any]]) -> None:
    for position, column in enumerate(columns):
        header.setSectionHidden(position, not column.is_default)
        if column.is_stretched:
            header.setSectionResizeMode(position, QHeaderView.ResizeMode.Stretch)
        elif column.is_tick:
            header.setSectionResizeMode(position, QHeaderView.ResizeMode.Fixed)


def _spans(rows: RowsModel[Any], positions: Sequence[int]) -> QItemSelection:
    """Return rows as Qt selects them, those that lie together as one range: a range for each would be slow."""
    spans = QItemSelection()
    begin = 0
    for at, position in enumerate(positions, start=1):
        if at == len(positions) or positions[at] != position + 1:
            spans.select(rows.index(positions[begin], 0), rows.index(position, 0))
            begin = at
    return spans
