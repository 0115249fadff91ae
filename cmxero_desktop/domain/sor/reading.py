"""Read the lines of a list as instalments, each problem beside its line: nothing is guessed, nothing is raised (S1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.sor.cells import (
    DayOrder,
    NotUnderstoodError,
    cents_sign,
    day_order,
    read_amount,
    read_date,
    read_state,
    read_text,
)
from cmxero_desktop.domain.sor.headings import Columns
from cmxero_desktop.domain.sor.importing import ListLine
from cmxero_desktop.domain.sor.schedules import InstalmentState
from cmxero_desktop.domain.sor.tables import COLUMN_WORDS, Cell, Head, ListColumn, ListTable, TableRow

T = TypeVar("T")

_MONEY = (ListColumn.AMOUNT, ListColumn.TOTAL, ListColumn.DISBURSED)
_SUMS = ("total", "grand total", "sum", "subtotal", "sub total")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLines:
    """What the lines say; `left_out` are those that hold a sum or the headings again, by their numbers."""

    lines: tuple[ListLine, ...]
    left_out: tuple[int, ...]
    order: DayOrder


def read_lines(table: ListTable, head: Head, columns: Columns, currency: str) -> ReadLines:
    """Read every line below the headings."""
    below = [row for row in table.rows[head.place + 1 :] if not row.is_empty]
    left_out = tuple(row.line for row in below if _is_sum(row, columns) or _is_head(row, head))
    rows = [row for row in below if row.line not in left_out]
    dates = [row.at(columns.get(c)) for c in (ListColumn.DUE_ON, ListColumn.RETRY_ON) for row in rows]
    order = day_order(dates)
    written = _Written(order=order, cents=cents_sign(row.at(columns.get(c)) for c in _MONEY for row in rows))
    lines = tuple(_Reading(row, columns, written, currency).line() for row in rows)
    return ReadLines(lines=lines, left_out=left_out, order=order)


def _is_sum(row: TableRow, columns: Columns) -> bool:
    """Say whether a line adds the others up: it has no date, and the word for it stands in front."""
    first = next((read_text(cell) for cell in row.cells if isinstance(cell, str) and cell.strip()), "")
    words = first.casefold().rstrip(":").strip()
    return words in _SUMS and not read_text(row.at(columns.get(ListColumn.DUE_ON)))


def _is_head(row: TableRow, head: Head) -> bool:
    return tuple(read_text(cell) for cell in row.cells) == head.headings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """How a list writes its dates and amounts, as they tell together."""

    order: DayOrder
    cents: str


class _Reading:
    """Reads one line and gathers what is wrong with it."""

    def __init__(self, row: TableRow, columns: Columns, written: "_Written", currency: str) -> None:
        self._row = row
        self._columns = columns
        self._written = written
        self._currency = currency
        self._problems: list[str] = []

    def line(self) -> ListLine:
        invoice = read_text(self._cell(ListColumn.INVOICE))
        schedule = read_text(self._cell(ListColumn.SCHEDULE))
        return ListLine(
            line=self._row.line,
            schedule=schedule if ListColumn.SCHEDULE in self._columns else invoice,
            invoice=invoice,
            due_on=self._date(ListColumn.DUE_ON),
            amount=self._own_amount(),
            state=self._read(ListColumn.STATE, read_state) or InstalmentState.DUE,
            retry_on=self._date(ListColumn.RETRY_ON),
            total=self._amount(ListColumn.TOTAL),
            disbursed=self._amount(ListColumn.DISBURSED),
            payer=read_text(self._cell(ListColumn.PAYER)),
            problems=tuple(self._problems),
        )

    def _cell(self, column: ListColumn) -> Cell:
        return self._row.at(self._columns.get(column))

    def _read(self, column: ListColumn, read: Callable[[Cell], T]) -> T | None:
        try:
            return read(self._cell(column))
        except NotUnderstoodError as error:
            self._problems.append(f"{COLUMN_WORDS[column]}: {error}")
            return None

    def _date(self, column: ListColumn) -> date | None:
        return self._read(column, lambda cell: read_date(cell, self._written.order))

    def _amount(self, column: ListColumn) -> Money | None:
        return self._read(column, lambda cell: read_amount(cell, self._currency, self._written.cents))

    def _own_amount(self) -> Money | None:
        """Return the instalment; one that stands in a cell merged over several lines is not each line's."""
        if self._columns.get(ListColumn.AMOUNT) in self._row.spread:
            self._problems.append("Instalment amount: the cell is merged with the one above; unmerge it.")
            return None
        return self._amount(ListColumn.AMOUNT)
