"""A table whose rows have two lines: what a row says itself above, and below it what goes with that."""

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyleOptionViewItem, QWidget

from cmxero_desktop.ui.theme.colours import Tone, Tones, tones_of
from cmxero_desktop.ui.theme.strangers import in_cell
from cmxero_desktop.ui.widgets.column import Column, R
from cmxero_desktop.ui.widgets.density import Density, row_height
from cmxero_desktop.ui.widgets.parts import cut
from cmxero_desktop.ui.widgets.row_delegate import MARGIN, RowDelegate, inner_of, paint_badges
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_BETWEEN_LINES = 2
# Each row with a height of its own costs Qt time.
_FEW_LINES = 1_000
_Index = QModelIndex | QPersistentModelIndex


class TwoLineTable(DeskTable[R]):
    """Gives every row the height of two lines, and says where the second line of each column stands."""

    def __init__(self, model: RowsModel[R], name: str, description: str, parent: QWidget | None = None) -> None:
        """Show the model; `name` and `description` are for screen readers."""
        self._density = Density.NORMAL
        # The rows that have a height of their own, and the lines of groups that have one.
        self._sized: set[int] = set()
        self._sized_lines: set[int] = set()
        super().__init__(model, name, description, parent)
        self.setItemDelegate(_TwoLineDelegate(self))
        self.size_rows()

    def lead_of(self, position: int) -> int:
        """Return how much room, in pixels, is kept above what a row says."""
        del position
        return 0

    def is_tall(self, position: int) -> bool:
        """Say whether a row has two lines."""
        del position
        return True

    def set_density(self, density: Density) -> None:
        """Give all rows the height of a choice."""
        self._density = density
        self.fit_rows()

    def size_rows(self) -> None:
        """Give all rows their height."""
        self.verticalHeader().setDefaultSectionSize(self.height_of_two())

    def fit_rows(self) -> None:
        """Give all rows their height, and the lines of groups that of one line, unless they are very many."""
        self.size_rows()
        lines, header = set(self._line_positions()), self.verticalHeader()
        header.setUpdatesEnabled(False)
        usual, one = header.defaultSectionSize(), self.height_of_one()
        for position in self._sized_lines - lines - self._sized:
            self.give_height(position, usual)
        for position in lines:
            self.give_height(position, one)
        header.setUpdatesEnabled(True)
        self._sized_lines = lines

    def give_height(self, position: int, height: int) -> None:
        """Give a row its height, unless it has it: Qt takes forty times as long to give one as to tell it."""
        if self.rowHeight(position) != height:
            self.setRowHeight(position, height)

    def _line_positions(self) -> Iterator[int]:
        lines, position = self.rows.lines, 0
        for line in lines if len(lines) <= _FEW_LINES else ():
            yield position
            position += 1 if line.is_folded else 1 + line.size

    def _restore_place(self) -> None:
        # The heights come first: standing on a row scrolls to it.
        self.fit_rows()
        super()._restore_place()

    def height_of_one(self) -> int:
        """Return the height of a row of one line."""
        return row_height(self.fontMetrics(), self._density)

    def height_of_two(self) -> int:
        """Return the height of a row of two lines."""
        return self.height_of_one() + self.fontMetrics().height() + _BETWEEN_LINES

    def speaker_below(self, section: int) -> int:
        """Return the column whose second line stands below a column, itself or one that runs on so far, or -1."""
        header = self.horizontalHeader()
        for at in range(header.visualIndex(section), -1, -1):
            found = header.logicalIndex(at)
            if not self.isColumnHidden(found) and (column := self.rows.columns[found]).has_second_line:
                return found if found == section or column.runs_on else -1
        return -1

    def room_below(self, speaker: int) -> tuple[int, int]:
        """Return where the second line of a column begins, and how wide it may be, in pixels of the viewport."""
        left, columns = self.columnViewportPosition(speaker), self.rows.columns
        if not columns[speaker].runs_on:
            return left, self.columnWidth(speaker)
        header = self.horizontalHeader()
        after = [header.logicalIndex(at) for at in range(header.visualIndex(speaker), header.count())]
        shown = [section for section in after if not self.isColumnHidden(section)]
        following = next((section for section in shown[1:] if columns[section].has_second_line), None)
        if following is not None:
            return left, self.columnViewportPosition(following) - left
        return left, self.columnViewportPosition(shown[-1]) + self.columnWidth(shown[-1]) - left


class _TwoLineDelegate(RowDelegate):
    """Paints rows below what is kept free above them, and the second line of those that have two."""

    def __init__(self, table: TwoLineTable[Any]) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a cell in the room that is its own."""
        placed = QStyleOptionViewItem(option)
        placed.rect = option.rect.adjusted(0, self._table.lead_of(index.row()), 0, 0)
        is_line = self._table.rows.line_at(index.row()) is not None
        if self._table.is_tall(index.row()) and not is_line:
            self._paint_both_lines(painter, placed, index)
        else:
            super().paint(painter, placed, index)

    def whole_text(self, view: QAbstractItemView, index: _Index) -> str:
        """Return both lines of a cell where one of them is cut, nothing where both are whole."""
        upper, lower = super().whole_text(view, index), self._cut_below(index)
        return "\n".join(filter(None, (upper, lower)))

    def _cut_below(self, index: _Index) -> str:
        """Return what the second line below a cell says where it is cut."""
        row, speaker = self._table.rows.row_at(index.row()), self._table.speaker_below(index.column())
        below = self._table.rows.columns[speaker].below if speaker >= 0 else None
        if row is None or below is None or not self._table.is_tall(index.row()):
            return ""
        text, room = below(row).text, self._table.room_below(speaker)[1] - 2 * MARGIN
        return text if self._table.fontMetrics().horizontalAdvance(text) > room else ""

    def _paint_both_lines(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        tones, rect = tones_of(QApplication.palette()), option.rect
        self.paint_ground(painter, option, index, tones)
        upper, lower = QStyleOptionViewItem(option), QStyleOptionViewItem(option)
        middle = rect.top() + rect.height() // 2
        upper.rect = QRect(rect.left(), rect.top() + 2, rect.width(), middle - rect.top() - 2)
        lower.rect = QRect(rect.left(), middle, rect.width(), rect.bottom() - middle - 2)
        column, row = self._table.rows.columns[index.column()], self._table.rows.row_at(index.row())
        below = column.below(row) if column.below is not None and row is not None else None
        if below is not None and below.is_different:
            _tint(painter, upper, column.text(row), tones, is_right=column.is_right)
            _tint(painter, lower, below.text, tones, is_right=column.is_right)
        self.paint_content(painter, option if column.is_tick else upper, index, tones)
        speaker = self._table.speaker_below(index.column())
        if row is not None and speaker >= 0:
            self._paint_below(painter, lower, self._table.rows.columns[speaker], self._room(lower, speaker), row)

    def _room(self, lower: QStyleOptionViewItem, speaker: int) -> QRect:
        left, width = self._table.room_below(speaker)
        return QRect(left + MARGIN, lower.rect.top(), width - 2 * MARGIN, lower.rect.height())

    def _paint_below(
        self, painter: QPainter, lower: QStyleOptionViewItem, speaker: Column[Any], room: QRect, row: object
    ) -> None:
        """Paint this cell's part of what a column says in the second line."""
        tones = tones_of(QApplication.palette())
        painter.save()
        painter.setClipRect(lower.rect)
        if speaker.badges_below is not None and (badges := speaker.badges_below(row)):
            paint_badges(painter, lower, room, badges, tones, self._table.rows.words)
        elif speaker.below is not None:
            side = Qt.AlignmentFlag.AlignRight if speaker.is_right else Qt.AlignmentFlag.AlignLeft
            painter.setFont(lower.font)
            painter.setPen(QColor(tones.muted))
            shown = cut(lower.fontMetrics, in_cell(speaker.below(row).text), room.width())
            painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()


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
