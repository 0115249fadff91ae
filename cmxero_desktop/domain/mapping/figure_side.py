"""Finds what is added to an invoice's total: adjustments and refunds, by a column of balances where there is one."""

from cmxero_desktop.domain.mapping.agreement import amounts_by_key, numbers_by_key
from cmxero_desktop.domain.mapping.balances import Balances, signed_by_key
from cmxero_desktop.domain.mapping.figures import ADJUSTMENTS, REFUNDS, FigureQuestion, FoundFigure, found_figure
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.ground import Ground
from cmxero_desktop.domain.mapping.pairs import money_columns


def figures_of(it: Ground, total: str, amount: str, number: str, taken: frozenset[str]) -> tuple[FoundFigure, ...]:
    """Ask where adjustments and refunds stand; `number` is the column of what persons call the invoices, if any."""
    key = it.pair.reference.to
    question = FigureQuestion(
        invoices=it.invoices.counted,
        key=key,
        taken=taken | {total},
        payments=it.pair.payments.place,
        tables=it.schema.tables,
        names=it.names,
        balances=_balances(it, key, total, amount, number),
    )
    return tuple(found_figure(name, question, it.answers) for name in (ADJUSTMENTS, REFUNDS))


def _balances(it: Ground, key: str, total: str, amount: str, number: str) -> Balances:
    invoices = it.invoices.counted
    columns = [c.name for c in money_columns(invoices) if Word.BALANCE in c.meaning and c.name != total]
    if not columns or not total or not amount:
        return Balances(invoices=invoices, key=key)
    return Balances(
        invoices=invoices,
        key=key,
        column=columns[0],
        numbers=numbers_by_key(invoices, key, number) if number else {},
        owed=signed_by_key(invoices, key, columns[0]),
        totals=signed_by_key(invoices, key, total),
        paid=amounts_by_key(it.payments.counted, it.pair.reference.column, amount),
    )
