"""A table whose rows lie in groups, each below a head of its own; the rows of one group have two lines."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget

from cmxero_desktop.ui.theme.colours import Tone, Tones, tones_of
from cmxero_desktop.ui.theme.strangers import in_cell
from cmxero_desktop.ui.widgets.column import R
from cmxero_desktop.ui.widgets.density import Density, row_height
from cmxero_desktop.ui.widgets.parts import cut
from cmxero_desktop.ui.widgets.row_delegate import RowDelegate, inner_of
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

# Each row of two lines is made higher by itself: of more than these nobody would wait for the list.
MOST_TALL = 1_000
_BETWEEN_LINES = 2
_AROUND_HEAD = 10
_Index = QModelIndex | QPersistentModelIndex


class GroupedTable(DeskTable[R]):
    """Keeps room above the first row of each group for that group's head, which is a widget and no row."""

    def __init__(
        self,
        model: RowsModel[R],
        name: str,
        description: str,
        heads: Sequence[QWidget],
        *,
        tall_group: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """Show the model; `heads` are the heads of the groups by their number."""
        self._heads = tuple(heads)
        self._tall_group = tall_group
        self._tall = range(0)
        self._leads: dict[int, int] = {}
        self._high: set[int] = set()
        self._density = Density.NORMAL
        super().__init__(model, name, description, parent)
        for head in self._heads:
            head.setParent(self.viewport())
        self.setItemDelegate(_GroupedDelegate(self))
        self._size_rows()

    def lead_of(self, position: int) -> int:
        """Return how much room, in pixels, is kept above what a row says."""
        return self._leads.get(position, 0)

    def is_tall(self, position: int) -> bool:
        """Say whether a row has two lines."""
        return position in self._tall

    def set_density(self, density: Density) -> None:
        """Give all rows the height of a choice."""
        self._density = density
        self._size_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the heads as wide as the table."""
        super().resizeEvent(event)
        self._place_heads()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Keep the heads above their rows."""
        super().scrollContentsBy(dx, dy)
        self._place_heads()

    def _restore_place(self) -> None:
        # The heights come first: standing on a row scrolls to it.
        self._size_rows()
        super()._restore_place()

    def _size_rows(self) -> None:
        blocks = self.rows.blocks
        plain, head = row_height(self.fontMetrics(), self._density), self.fontMetrics().height() + _AROUND_HEAD
        tall = next((b for b in blocks if b.group == self._tall_group and b.size <= MOST_TALL), None)
        self._tall = range(tall.first, tall.first + tall.size) if tall is not None else range(0)
        self._leads = {block.first: head for block in blocks}
        second = self.fontMetrics().height() + _BETWEEN_LINES
        self.verticalHeader().setDefaultSectionSize(plain)
        high = {*self._tall, *self._leads}
        # Qt gives rows that had a height of their own no other one with the default, nor with a reset.
        for position in self._high - high:
            self.setRowHeight(position, plain)
        self._high = high
        for position in high:
            self.setRowHeight(position, plain + self.lead_of(position) + (second if position in self._tall else 0))
        self._place_heads()

    def _place_heads(self) -> None:
        shown = {block.group: block.first for block in self.rows.blocks}
        for group, head in enumerate(self._heads):
            if group in shown:
                first = shown[group]
                head.setGeometry(0, self.rowViewportPosition(first), self.viewport().width(), self.lead_of(first))
            head.setVisible(group in shown)


class _GroupedDelegate(RowDelegate):
    """Paints rows below their head, and the second line of those that have two."""

    def __init__(self, table: GroupedTable[Any]) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a cell in what the head leaves of it."""
        placed = QStyleOptionViewItem(option)
        placed.rect = option.rect.adjusted(0, self._table.lead_of(index.row()), 0, 0)
        if self._table.is_tall(index.row()):
            self._paint_both_lines(painter, placed, index)
        else:
            super().paint(painter, placed, index)

    def _paint_both_lines(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tones = tones_of(QApplication.palette())
        self.paint_ground(painter, option, index, tones)
        upper, lower = QStyleOptionViewItem(option), QStyleOptionViewItem(option)
        middle = option.rect.top() + option.rect.height() // 2
        upper.rect = QRect(
            option.rect.left(), option.rect.top() + 2, option.rect.width(), middle - option.rect.top() - 2
        )
        lower.rect = QRect(option.rect.left(), middle, option.rect.width(), option.rect.bottom() - middle - 2)
        row, column = self._table.rows.row_at(index.row()), self._table.rows.columns[index.column()]
        below = column.below(row) if column.below is not None and row is not None else None
        if below is not None and below.is_different:
            _tint(painter, upper, column.text(row), tones, is_right=column.is_right)
            _tint(painter, lower, below.text, tones, is_right=column.is_right)
        self.paint_content(painter, option if column.is_tick else upper, index, tones)
        if below is not None and not column.is_stretched:
            _paint_line(painter, lower, inner_of(lower), below.text, tones, is_right=column.is_right)
        else:
            self._paint_running_on(painter, lower, index, tones)

    def _paint_running_on(self, painter: QPainter, lower: QStyleOptionViewItem, index: _Index, tones: Tones) -> None:
        """Paint this cell's part of what the stretched column says, which goes on below the columns after it."""
        columns = self._table.rows.columns
        first = next((p for p, column in enumerate(columns) if column.is_stretched), len(columns))
        row = self._table.rows.row_at(index.row())
        below = columns[first].below if first <= index.column() else None
        if below is None or row is None:
            return
        left = self._table.columnViewportPosition(first)
        room = QRect(left, lower.rect.top(), self._table.viewport().width() - left, lower.rect.height())
        painter.save()
        painter.setClipRect(lower.rect)
        whole = QStyleOptionViewItem(lower)
        whole.rect = room
        _paint_line(painter, whole, inner_of(whole), below(row).text, tones)
        painter.restore()


def _paint_line(
    painter: QPainter, option: QStyleOptionViewItem, inner: QRect, text: str, tones: Tones, *, is_right: bool = False
) -> None:
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(option.font)
    painter.setPen(QColor(tones.muted))
    shown = cut(option.fontMetrics, in_cell(text), inner.width())
    painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _tint(painter: QPainter, option: QStyleOptionViewItem, text: str, tones: Tones, *, is_right: bool) -> None:
    """Paint the ground of a text that differs from the one on the other side; of nothing there is none."""
    if not text:
        return
    inner, metrics = inner_of(option), option.fontMetrics
    width = min(metrics.horizontalAdvance(in_cell(text)), inner.width()) + 6
    left = inner.right() - width + 4 if is_right else inner.left() - 3
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tones.tint(Tone.CAUTION)))
    painter.drawRoundedRect(QRectF(left, inner.center().y() - metrics.height() / 2, width, metrics.height()), 3, 3)
    painter.restore()
