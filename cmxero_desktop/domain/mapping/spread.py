"""Finds what stands in the way of a mapping: payments in two tables, one for the day and one for the amounts."""

from collections.abc import Iterator, Sequence

from cmxero_desktop.domain.mapping.forms import day_form
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.links import references
from cmxero_desktop.domain.mapping.pairs import Pair, invoice_points, money_columns
from cmxero_desktop.domain.mapping.seen import SeenTable

_SURE = 12
_PAYING = frozenset({Word.PAYMENT, Word.TRANSACTION})


def spread_payments(tables: Sequence[SeenTable], best: Pair | None) -> str:
    """Say in which two tables payments are kept, where they are and no one table holds them; else nothing."""
    for lines, header in _spread(tables):
        if best is not None and best.payments.place in {lines.place, header.place}:
            continue
        is_named = bool((lines.meaning | header.meaning) & _PAYING) and Word.SUPPLIER not in lines.meaning
        if is_named and (best is None or not best.payments.meaning & _PAYING):
            return (
                f"The amount of a payment and its invoice stand in {lines.place}, its day in {header.place}: a mapping "
                "needs them in one row. A view that joins the two can be read, so that you can observe; nothing can be "
                "written through it."
            )
    return ""


def _spread(tables: Sequence[SeenTable]) -> Iterator[tuple[SeenTable, SeenTable]]:
    """Yield tables with amounts on invoices but no days, each with a table of days that its rows refer to."""
    for lines in tables:
        if not money_columns(lines) or any(day_form(lines, column) for column in lines.columns):
            continue
        billed = (t for t in tables if t is not lines and invoice_points(t) >= _SURE and _refers(lines, t))
        invoices = next(billed, None)
        for header in tables if invoices is not None else ():
            has_day = any(day_form(header, column) for column in header.columns)
            if header is not lines and header is not invoices and has_day and _refers(lines, header):
                yield lines, header


def _refers(lines: SeenTable, table: SeenTable) -> bool:
    return any(reference.points >= _SURE for reference in references(lines, table))
