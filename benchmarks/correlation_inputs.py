"""Invent both sides of many invoices as flat columns, the same for every tool that is measured."""

from array import array
from dataclasses import dataclass
from pathlib import Path
from random import Random

_SEED = 20261122
_LINKED, _EQUAL, _TWINS = 0.90, 0.06, 0.05
_COLUMNS = ("xero_invoice", "xero_cents", "xero_day", "case_cents", "case_day", "case_is_linked")


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry for each payment, in the order of invoices; both sides have equally many on each invoice."""

    xero_invoice: "array[int]"
    xero_cents: "array[int]"
    xero_day: "array[int]"
    case_cents: "array[int]"
    case_day: "array[int]"
    case_is_linked: "array[int]"


def write_columns(folder: Path, payments: int) -> None:
    """Write two or three payments for each invoice: 90 % of invoices linked, 6 % equal by hand, 4 % a dollar off."""
    source = Random(_SEED)
    columns = Columns(*(array("q") for _ in _COLUMNS))
    invoice = 0
    while len(columns.xero_cents) < payments:
        invoice += 1
        kind = source.random()
        first = source.randrange(1_000, 500_000)
        for number in range(min(2 + invoice % 2, payments - len(columns.xero_cents))):
            # One payment in twenty is the twin of the one before it.
            cents = first if number and source.random() < _TWINS else first + 10_000 * number
            columns.xero_invoice.append(invoice)
            columns.xero_cents.append(cents)
            columns.xero_day.append(invoice % 300)
            columns.case_cents.append(cents + 100 if kind > _LINKED + _EQUAL and not number else cents)
            columns.case_day.append(invoice % 300)
            columns.case_is_linked.append(int(kind < _LINKED))
    for name in _COLUMNS:
        with (folder / name).open("wb") as file:
            getattr(columns, name).tofile(file)


def read_columns(folder: Path) -> Columns:
    """Read what `write_columns` wrote."""
    return Columns(*(_read(folder / name) for name in _COLUMNS))


def _read(path: Path) -> "array[int]":
    column = array("q")
    column.frombytes(path.read_bytes())
    return column
