"""What a table shows, for a spreadsheet: as text for the clipboard, or as cells of a workbook."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cmxero_desktop.services.records.reports import ListCell, ShownList
from cmxero_desktop.ui.theme.formatting import for_spreadsheet
from cmxero_desktop.ui.theme.strangers import as_said
from cmxero_desktop.ui.widgets.column import Column, R

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def as_text(columns: Sequence[Column[R]], rows: Iterable[R]) -> str:
    """Return rows tab-separated and with titles: amounts as numbers that can be added up, anything else as text."""
    lines = ["\t".join(column.title for column in columns)]
    lines += ["\t".join(_pasted(column, row) for column in columns) for row in rows]
    return "\n".join(lines)


def as_list(name: str, columns: Sequence[Column[R]], rows: Iterable[R]) -> ShownList:
    """Return rows as cells with titles: days as days, amounts as numbers, anything else as text; any thread may ask."""
    cells = tuple(tuple(_cell(column, row) for column in columns) for row in rows)
    return ShownList(name, tuple(column.title for column in columns), cells)


def _pasted(column: Column[R], row: R) -> str:
    number = _number(column, column.text(row))
    return number or for_spreadsheet(column.text(row))


def _cell(column: Column[R], row: R) -> ListCell:
    text = column.text(row)
    if column.day_of is not None and (on := column.day_of(row)) is not None:
        return on
    number = _number(column, text)
    return Decimal(number) if number else as_said(text)


def _number(column: Column[R], text: str) -> str:
    """Return the text as a plain number, or nothing where it is none: a reference of digits is no number."""
    plain = text.replace(",", "")
    return plain if column.is_right and _NUMBER.fullmatch(plain) else ""
