"""Which columns of a table are shown, in which order and how wide: as a person wants, as far as there is room."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from cmxero_desktop.ui.widgets.column import Column, R
from cmxero_desktop.ui.widgets.fitted_columns import Wish, filled_up, shared_widths
from cmxero_desktop.ui.widgets.row_delegate import needed_width

_PADDING = 16
# What is further down is cut where it is longer: nobody waits for many rows to be measured.
_MEASURED_ROWS = 60
# What has more characters is cut before a table is wider than its room; in the stretched column already what has more.
_LONG, _SHORT = 24, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How a person arranged a table: by the names of columns, so that a later version with others still knows it."""

    order: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, bool] = field(default_factory=dict)
    sorted_by: str = ""
    is_down: bool = False
    grouped_by: str = ""

    def as_text(self) -> str:
        """Write it as one line."""
        return json.dumps(
            {
                "order": list(self.order),
                "widths": dict(self.widths),
                "shown": dict(self.shown),
                "sorted_by": self.sorted_by,
                "is_down": self.is_down,
                "grouped_by": self.grouped_by,
            }
        )

    @classmethod
    def from_text(cls, text: str) -> "Arrangement":
        """Read it again; of what cannot be read nothing is taken."""
        try:
            told = json.loads(text)
            return cls(
                order=tuple(map(str, told["order"])),
                widths={str(key): int(width) for key, width in told["widths"].items() if int(width) > 0},
                shown={str(key): bool(is_shown) for key, is_shown in told["shown"].items()},
                sorted_by=str(told["sorted_by"]),
                is_down=bool(told["is_down"]),
                # What was kept before there were groups has none.
                grouped_by=str(told.get("grouped_by", "")),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()


class ShownColumns(Generic[R]):
    """Shows, hides, moves and sizes the columns of one table."""

    def __init__(self, table: QTableView, columns: Sequence[Column[R]]) -> None:
        """Keep the table, whose model has these columns."""
        self._table = table
        self._columns = columns
        self._chosen: dict[int, bool] = {}
        self._also: frozenset[str] = frozenset()
        # What the words of each column needed at most since the table has this size, and the widths made from that.
        self._needs: dict[int, int] = {}
        self._fitted: dict[int, int] = {}

    def wanted(self) -> list[int]:
        """Return the positions of the columns that a person wants to see, whether there is room or not."""
        return [p for p in range(len(self._columns)) if self._chosen.get(p, self._is_usual(p))]

    def in_sight_order(self) -> list[int]:
        """Return the wanted columns from left to right, as a person moved them."""
        return sorted(self.wanted(), key=self._table.horizontalHeader().visualIndex)

    def show_also(self, keys: frozenset[str]) -> None:
        """Show these columns beside the usual ones, as what the table is about just now wants them."""
        before, self._also = self.wanted(), keys
        for position in {*before, *self.wanted()}:
            self._table.setColumnHidden(position, position not in self.wanted())
        self.make_room()

    def set_widths(self) -> None:
        """Make each column as wide as it wants to be."""
        for position, column in enumerate(self._columns):
            self._table.setColumnWidth(position, self._width_of(column.width))

    def arrangement(self) -> Arrangement:
        """Return what a person changed: the order, the widths, and which columns are shown; not the sorting."""
        header = self._table.horizontalHeader()
        order = [self._columns[header.logicalIndex(at)].key for at in range(len(self._columns))]
        widths = {
            column.key: width
            for position, column in enumerate(self._columns)
            # A hidden column has no width.
            if (width := self._table.columnWidth(position)) and self._may_be_sized(column)
            if self._is_sized(position)
        }
        shown = {self._columns[position].key: is_shown for position, is_shown in self._chosen.items()}
        is_moved = order != [column.key for column in self._columns]
        return Arrangement(order=tuple(order) if is_moved else (), widths=widths, shown=shown)

    def arrange(self, wanted: Arrangement) -> None:
        """Bring all columns into an order, to widths, and into sight or out of it, and the rest to what they are."""
        keys = [column.key for column in self._columns]
        known = [key for key in wanted.order if key in keys]
        header = self._table.horizontalHeader()
        for at, key in enumerate(known + [key for key in keys if key not in known]):
            header.moveSection(header.visualIndex(keys.index(key)), at)
        self._chosen = {keys.index(key): is_shown for key, is_shown in wanted.shown.items() if key in keys}
        for position, column in enumerate(self._columns):
            self._table.setColumnHidden(position, not self._chosen.get(position, self._is_usual(position)))
            if self._may_be_sized(column):
                self._fitted.pop(position, None)
                width = wanted.widths.get(column.key, self._width_of(column.width))
                self._table.setColumnWidth(position, width)
        self.make_room()

    @staticmethod
    def _may_be_sized(column: Column[R]) -> bool:
        return not column.is_tick and not column.is_stretched

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
        """Leave out columns that give way, of those alike the last ones first, until the others fit.

        What a person chose, or gave a width of its own, stays. What is shown beside the usual ones takes its room from
        the stretched one.
        """
        shown = self.wanted()
        needed = sum(self._room_for(position) for position in shown if self._columns[position].key not in self._also)
        for position in sorted(shown, key=lambda at: (-self._columns[at].gives_way, -at)):
            if not self._columns[position].gives_way or position in self._chosen or self._is_sized(position):
                continue
            is_left_out = needed > self._table.viewport().width()
            if is_left_out:
                needed -= self._room_for(position)
            self._table.setColumnHidden(position, is_left_out)
        self._needs.clear()
        self.fit()

    def fit(self) -> None:
        """Give what would be cut the room that other columns do not need, as far as the first rows tell."""
        shown = [position for position in self.wanted() if not self._table.isColumnHidden(position)]
        if not self._table.isVisible():
            return
        self._measure(shown)
        room = self._table.viewport().width()
        widths = shared_widths([self._wish_of(at) for at in shown], room)
        if not any(self._columns[at].is_stretched for at in shown):
            growing = [number for number, at in enumerate(shown) if not self._is_kept(at)]
            widths = filled_up(widths, room, growing)
        self._stretch(shown, is_all_in_sight=sum(widths) <= room)
        for at, width in zip(shown, widths, strict=True):
            is_qts_own = self._table.horizontalHeader().sectionResizeMode(at) is QHeaderView.ResizeMode.Stretch
            if not is_qts_own and not self._is_kept(at):
                self._fitted[at] = width
                self._table.setColumnWidth(at, width)

    def _stretch(self, shown: Sequence[int], *, is_all_in_sight: bool) -> None:
        """Let Qt give the stretched column what the others leave, which is nothing where one has to scroll sideways."""
        mode = QHeaderView.ResizeMode.Stretch if is_all_in_sight else QHeaderView.ResizeMode.Interactive
        for at in shown:
            if self._columns[at].is_stretched:
                self._table.horizontalHeader().setSectionResizeMode(at, mode)

    def _wish_of(self, at: int) -> Wish:
        """Return what a column wants; long words may be cut where there is no room, since the mouse brings them."""
        column, needed, title = self._columns[at], self._needs[at], self._title_width(at)
        long = self._width_of(_SHORT if column.is_stretched else _LONG)
        least = max(long, title) if needed > long and not column.is_right else 0
        usual, is_fixed = self._room_for(at), self._is_kept(at)
        return Wish(usual=usual, needed=needed, title=title, least=least, is_fixed=is_fixed)

    def _title_width(self, at: int) -> int:
        bold = QFont(self._table.horizontalHeader().font())
        bold.setBold(True)
        return QFontMetrics(bold).horizontalAdvance(self._columns[at].title) + _PADDING

    def _measure(self, shown: Sequence[int]) -> None:
        """Take in what the first rows need, and the titles."""
        model, metrics = self._table.model(), self._table.fontMetrics()
        least = self._table.horizontalHeader().minimumSectionSize()
        for position in shown:
            rows = range(min(model.rowCount(), _MEASURED_ROWS))
            words = (needed_width(metrics, model.index(row, position)) for row in rows)
            needed = max(self._needs.get(position, least), self._title_width(position), max(words, default=0))
            self._needs[position] = needed

    def _is_kept(self, position: int) -> bool:
        """Say whether a column keeps its width: it holds the ticks, or a person gave it one."""
        column = self._columns[position]
        return column.is_tick or (not column.is_stretched and self._is_sized(position))

    def _usual_width(self, position: int) -> int:
        """Return the width of a column before others give to it or take from it."""
        if self._is_sized(position):
            return self._table.columnWidth(position)
        return self._width_of(self._columns[position].width)

    def _is_usual(self, position: int) -> bool:
        """Say whether a column is shown where a person chose nothing."""
        return self._columns[position].is_default or self._columns[position].key in self._also

    def _is_sized(self, position: int) -> bool:
        """Say whether a person gave a column its width; a hidden column has none."""
        width, usual = self._table.columnWidth(position), self._width_of(self._columns[position].width)
        return width not in {0, usual, self._fitted.get(position, usual)}

    def _take_choice(self, position: int, *, is_shown: bool) -> None:
        self._chosen[position] = is_shown
        self._table.setColumnHidden(position, not is_shown)
        self.make_room()

    def _room_for(self, position: int) -> int:
        column = self._columns[position]
        if column.is_stretched:
            return self._width_of(column.least)
        return self._usual_width(position)

    def _width_of(self, characters: int) -> int:
        return characters * self._table.fontMetrics().averageCharWidth() + _PADDING
