"""Finds by which column a payment's row names its invoice: by foreign keys, by names, and by values that are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from cmxero_desktop.domain.mapping.column_facts import folded
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.forms import MoneyForm, money_form
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.seen import SeenColumn, SeenTable

_DECLARED, _NAMED, _NAMED_ONLY, _TEXT, _NUMBERS, _KEY = 30, 22, 12, 14, 3, 2
_FEWEST = 3
# Of ten values so many have to be there: fewer where not every row of the other table was read.
_ALL, _SOME = 9, 3
_FIRST = 20
_KINDS = {
    ColumnKind.NUMBER: "n",
    ColumnKind.DECIMAL: "n",
    ColumnKind.TEXT: "t",
    ColumnKind.UUID: "u",
    ColumnKind.ANY: "a",
}
_ANYTHING = frozenset({Word.KEY, Word.NUMBER, Word.CODE, Word.REFERENCE})
_OTHERS = frozenset({Word.CLIENT, Word.CASE, Word.USER, Word.COMPANY, Word.JOURNAL, Word.LINE, Word.PAYMENT, Word.BANK})


INVOICE = "payments.invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A column of one table that refers to a column of another, with what speaks for it."""

    column: str
    to: str
    points: int
    reason: str

    @property
    def key(self) -> str:
        """The reference as a short text."""
        return f"{self.column}:{self.to}"


def references(payments: SeenTable, invoices: SeenTable) -> Iterator[Reference]:
    """Yield every way in which rows of one table may name rows of the other; both may be one table."""
    for link in payments.links:
        if link.table == invoices.place:
            reason = f"{link.column} is a foreign key to {link.to} of {invoices.place}."
            yield Reference(column=link.column, to=link.to, points=_DECLARED, reason=reason)
    declared = {link.column for link in payments.links}
    targets = [column for column in invoices.columns if _is_target(invoices, column)]
    for column in payments.columns:
        if column.name in declared or not _may_refer(payments, column):
            continue
        for target in targets:
            found = _undeclared(payments, column, invoices, target)
            if found is not None:
                yield found
    if payments is invoices:
        yield from _own_numbers(payments)


def _is_target(table: SeenTable, column: SeenColumn) -> bool:
    return _may_be_key(table, column) and table.is_unique(column.name)


def _may_refer(table: SeenTable, column: SeenColumn) -> bool:
    return _may_be_key(table, column) and table.key != (column.name,)


def _may_be_key(table: SeenTable, column: SeenColumn) -> bool:
    is_amount = money_form(table, column) in {MoneyForm.DECIMAL, MoneyForm.SINGLE}
    return column.is_read and column.kind in _KINDS and not is_amount


def _undeclared(payments: SeenTable, column: SeenColumn, invoices: SeenTable, target: SeenColumn) -> Reference | None:
    kinds = {_KINDS[column.kind], _KINDS[target.kind]} - {"a"}
    if len(kinds) > 1:
        return None
    is_named = _is_named(column, target)
    values = payments.facts[column.name]
    if not values.filled:
        reason = f"{column.name} is named as {target.name} of {invoices.place}; there are no rows to compare."
        return Reference(column=column.name, to=target.name, points=_NAMED_ONLY, reason=reason) if is_named else None
    there, wanted = invoices.facts[target.name].keys, values.keys
    needed = _ALL if invoices.has_all_rows else _SOME
    first = list(islice(wanted, _FIRST))
    if sum(value in there for value in first) * 10 < len(first) * _SOME:
        return None
    found = len(wanted & there)
    if found < min(_FEWEST, len(wanted)) or found * 10 < len(wanted) * needed:
        return None
    is_text = any(isinstance(value, str) for value in wanted)
    points = _NAMED if is_named else _TEXT if is_text and found >= _FEWEST else _NUMBERS
    points += _KEY if invoices.key == (target.name,) else 0
    reason = f"{found:,} of {len(wanted):,} values of {column.name} stand in {target.name} of {invoices.place}."
    return Reference(column=column.name, to=target.name, points=points, reason=reason)


def _own_numbers(table: SeenTable) -> Iterator[Reference]:
    """Yield columns in which one table for everything has the invoice's number in rows of every kind."""
    for column in table.columns:
        facts = table.facts[column.name]
        is_number = Word.INVOICE in column.meaning and column.is_read and column.kind in _KINDS
        if is_number and facts.distinct < facts.filled:
            reason = f"{column.name} names the invoice in rows of every kind."
            yield Reference(column=column.name, to=column.name, points=_NAMED_ONLY, reason=reason)


def _is_named(column: SeenColumn, target: SeenColumn) -> bool:
    meaning = column.meaning
    if Word.INVOICE in meaning and not meaning & _OTHERS:
        return True
    is_same = folded(column.name) == folded(target.name)
    return is_same and not meaning & _OTHERS and (not meaning or bool(meaning - _ANYTHING))
