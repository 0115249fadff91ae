"""A list of schedules as it stands in a file, before its cells are understood, and which column holds what (S1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Cell: TypeAlias = str | Decimal | date | None
"""A cell: a text, or what a workbook knows to be a number or a date; None is empty."""


class ListColumn(StrEnum):
    """What a column of a list can hold."""

    SCHEDULE = "schedule"
    INVOICE = "invoice"
    DUE_ON = "due_on"
    AMOUNT = "amount"
    STATE = "state"
    RETRY_ON = "retry_on"
    TOTAL = "total"
    DISBURSED = "disbursed"
    PAYER = "payer"


NEEDED = (ListColumn.INVOICE, ListColumn.DUE_ON, ListColumn.AMOUNT)
"""Without these nothing can be read; without a schedule's name each invoice is a schedule of its own."""

COLUMN_WORDS: Mapping[ListColumn, str] = {
    ListColumn.SCHEDULE: "Schedule",
    ListColumn.INVOICE: "Invoice number",
    ListColumn.DUE_ON: "Due date",
    ListColumn.AMOUNT: "Instalment amount",
    ListColumn.STATE: "State",
    ListColumn.RETRY_ON: "Retry date",
    ListColumn.TOTAL: "Schedule total",
    ListColumn.DISBURSED: "Disbursed",
    ListColumn.PAYER: "Payer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One line of a file; `line` is its number there. In the columns `spread` a merged cell goes on from above."""

    line: int
    cells: tuple[Cell, ...]
    spread: frozenset[int] = frozenset()

    def at(self, place: int | None) -> Cell:
        """Return a cell; a line that is too short goes on with empty ones."""
        return self.cells[place] if place is not None and place < len(self.cells) else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTable:
    """A file's lines, and what is to be known of how it was read, such as the sheet of a workbook."""

    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The line with the headings: where it stands among the rows, and its texts."""

    place: int
    headings: tuple[str, ...]
