"""The sheet that adds up a table: a line for each Bill To, invoice or reason, with its rows behind it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.theme.formatting import count, money, plural, signed_sums, sums
from cmxero_desktop.ui.widgets.column import Column
from cmxero_desktop.ui.widgets.parts import Choice, allow, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.subtotals import Subtotal, columns_worth_sums, subtotals
from cmxero_desktop.ui.widgets.table_model import RowsModel
from cmxero_desktop.ui.widgets.table_view import DeskTable

_SIZE = (620, 520)
_NONE = "none"


class SubtotalsSheet(Sheet):
    """Adds up what a table shows, by a column of its own that the person chooses."""

    manual_chapter = "Finding, adding up and taking along"

    def __init__(self, table: DeskTable[Any], desk: WindowDesk, parent: QWidget | None = None) -> None:
        """Add up by the first column that makes sense. The table must have one: `may_add_up` says it."""
        name = table.accessibleName()
        super().__init__(
            f"Add up: {name}",
            f"{plural(table.rows.rows_shown, 'row')} as {name} shows them now. Enter on a line shows its rows alone.",
            parent,
        )
        self._table, self._desk = table, desk
        self._has_sums, self._signed = table.rows.amount_of is not None, bool(table.rows.sum_title)
        self._uncounted = table.rows.uncounted
        self._ways = columns_worth_sums(table.rows.columns)
        self.by = Choice("Add up by", [title for _, title in self._ways])
        self.model: RowsModel[Subtotal] = RowsModel(
            _columns(table.rows.sum_title, self._uncounted) if self._has_sums else _columns("", "")[:-1],
            lambda s: f"{s.text}\0{s.amount.currency if s.amount else ''}",
            _sentence,
            self,
            amount_of=_amount,
        )
        self.lines: DeskTable[Subtotal] = DeskTable(self.model, "Subtotals", "What the rows of each line come to")
        self.total = label(role="title")
        self.body.addLayout(row(label("By", "muted"), self.by, 1, self.total))
        self.body.addWidget(self.lines, 1)
        self.add_left_button("&Copy all", self._copy)
        self.add_button("Close", self.reject)
        self.show_button = self.add_button("&Show these rows", self._show_rows, "primary")
        self.by.currentIndexChanged.connect(self._add_up)
        self.lines.activated.connect(lambda _: self._show_rows())
        self.lines.current_changed.connect(self._allow_showing)
        self._asked = 0
        self._add_up()
        self.resize(*_SIZE)
        self.lines.setFocus()

    def _add_up(self) -> None:
        """Have the worker add up: of many rows that takes longer than a person should wait for."""
        self._asked += 1
        asked, rows = self._asked, self._table.rows
        shown, amount_of = rows.shown_rows(), rows.amount_of
        column = rows.columns[self._ways[self.by.currentIndex()][0]]

        def show(made: list[Subtotal]) -> None:
            if asked == self._asked:
                self._show(made)

        self._desk.work_out(lambda: subtotals(shown, column, amount_of), _while_open(self, show))

    def _show(self, made: list[Subtotal]) -> None:
        self.model.set_rows(made)
        number = sum(line.rows for line in made)
        added = (signed_sums if self._signed else sums)(line.amount for line in made if line.amount is not None)
        said = f"{plural(len(made), 'line')}, {plural(number, 'row')}"
        left_out = sum(line.left_out for line in made)
        rest = f"; {count(left_out)} {self._uncounted}" if left_out and self._uncounted else ""
        self.total.setText(f"{said}, {added}{rest}" if self._has_sums else said)
        if made:
            self.lines.go_to(0)
        self._allow_showing()

    def _allow_showing(self) -> None:
        why_not = "" if self.lines.current_row() is not None else "Choose a line first."
        allow(self.show_button, why_not, "Show in the table the rows of this line alone (Enter)")

    def _show_rows(self) -> None:
        line = self.lines.current_row()
        if line is not None:
            self._table.rows.set_only((self._ways[self.by.currentIndex()][0], line.text))
            self.accept()

    def _copy(self) -> None:
        self.lines.clearSelection()
        self.lines.copy_rows()


def may_add_up(table: DeskTable[Any]) -> bool:
    """Say whether a table has a column by which sums make sense."""
    return bool(columns_worth_sums(table.rows.columns))


def _while_open(sheet: Sheet, then: Callable[[list[Subtotal]], object]) -> Callable[[list[Subtotal]], object]:
    """Return what does nothing once the sheet is closed, before it is gone."""
    is_open = [True]
    sheet.finished.connect(lambda _: is_open.clear())
    return lambda made: then(made) if is_open else None


def _amount(line: Subtotal) -> Money | None:
    return line.amount


def _columns(sum_title: str, uncounted: str) -> tuple[Column[Subtotal], ...]:
    """Return the columns; a sum with a title of its own has its sign, and `uncounted` stands for none."""

    def summed(line: Subtotal) -> str:
        if line.amount is None:
            return uncounted
        said = signed_sums([line.amount]) if sum_title else money(line.amount)
        return f"{said}; {count(line.left_out)} {uncounted}" if line.left_out and uncounted else said

    return (
        Column(
            key="text",
            title="Line",
            text=lambda line: line.text or _NONE,
            sort_key=lambda line: line.key,
            width=34,
            is_stretched=True,
        ),
        Column(
            key="rows",
            title="Rows",
            text=lambda line: count(line.rows),
            sort_key=lambda line: (line.rows, ""),
            width=9,
            is_right=True,
        ),
        Column(
            key="sum",
            title=sum_title or "Sum",
            text=summed,
            sort_key=lambda line: (line.amount.minor if line.amount else 0, ""),
            width=max(16, len(sum_title) + 7),
            is_right=True,
        ),
    )


def _sentence(line: Subtotal) -> str:
    return f"{line.text or _NONE}: {plural(line.rows, 'row')}, {money(line.amount) or 'no amount'}."
