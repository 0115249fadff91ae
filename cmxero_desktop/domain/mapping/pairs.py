"""Weighs which table holds the payments and which one the invoices that they are paid on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice, permutations

from cmxero_desktop.domain.mapping.agreement import (
    Share,
    amounts_by_key,
    numbers_by_key,
    numbers_known,
    paid_exactly,
    payments_known,
)
from cmxero_desktop.domain.mapping.column_facts import Value, folded
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.forms import day_form, money_form
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.links import Reference, references
from cmxero_desktop.domain.mapping.marks import Mark, Telling
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenColumn, SeenTable

_MOST_TABLES, _MOST_COMPARED, _MOST_WITH_KINDS, _MOST_MARKS = 14, 40, 8, 4
_ASIDE = frozenset({Word.ARCHIVE, Word.COPY, Word.STAGING, Word.TEST})
_PAYMENTS: Mapping[Word, int] = {
    Word.PAYMENT: 24,
    Word.TRANSACTION: 12,
    Word.INVOICE: -8,
    Word.LINE: -8,
    Word.SUPPLIER: -34,
    Word.REFUND: -20,
    Word.ADJUSTMENT: -20,
    Word.CREDIT: -12,
    Word.JOURNAL: -10,
    Word.TRUST: -18,
    Word.KIND: -20,
    Word.METHOD: -20,
    Word.TAX: -10,
    Word.SETTING: -20,
    **dict.fromkeys(_ASIDE, -10),
}
_INVOICES: Mapping[Word, int] = {
    Word.INVOICE: 24,
    Word.TRANSACTION: 8,
    Word.PAYMENT: -14,
    Word.LINE: -18,
    Word.SUPPLIER: -34,
    Word.CREDIT: -12,
    Word.REFUND: -20,
    Word.ADJUSTMENT: -20,
    Word.TRUST: -18,
    Word.KIND: -20,
    Word.JOURNAL: -10,
    Word.SETTING: -20,
    **dict.fromkeys(_ASIDE, -10),
}
_PAYMENT_COLUMNS: Mapping[Word, int] = {Word.NOTES: 3, Word.REFERENCE: 3, Word.METHOD: 3, Word.KIND: 2, Word.PAYER: 3}
_INVOICE_COLUMNS: Mapping[Word, int] = {Word.DUE: 3, Word.TO: 3, Word.BALANCE: 2, Word.GROSS: 2, Word.TAX: 2}
_KINDS = frozenset({Word.KIND, Word.TRANSACTION, Word.STATUS})
_NO_MARKS = frozenset({ColumnKind.DECIMAL, ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.ZONED})
_OF_LINES = frozenset({Word.QUANTITY, Word.RATE})
_ROWS, _VIEW, _LINES = 4, -6, -10
_PAID, _KNOWN = 20, 40
_SAME_TABLE = -6


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """A column that tells kinds of rows apart, and of which kind invoices and payments are."""

    column: str
    invoice: Value | None
    payment: Value | None


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A table of payments, a table of invoices, and how the one names the other.

    `paid` says how many invoices the payments add up to, `known` how many payments of Xero stand there; `kinds` where
    that is so for rows of one kind only, and `columns` are those of the totals and the amounts that agree best.
    """

    payments: SeenTable
    invoices: SeenTable
    reference: Reference
    points: int
    paid: Share = field(default_factory=Share)
    known: Share = field(default_factory=Share)
    kinds: Kinds | None = None
    columns: tuple[str, str] = ("", "")

    @property
    def order(self) -> tuple[object, ...]:
        """The best pair first, and always the same."""
        reference = self.reference
        return (-self.points, self.payments.place, self.invoices.place, reference.column, reference.to)

    @property
    def is_one_table(self) -> bool:
        """Whether invoices and payments are rows of one table."""
        return self.payments is self.invoices

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for the pair."""
        where = self.payments.place
        found = [self.reference.reason]
        if Word.PAYMENT in self.payments.meaning:
            found.append(f"{where} is named as payments are.")
        if self.paid.is_sign:
            found.append(f"Of {self.paid.of:,} invoices with rows there, {self.paid.hits:,} are paid exactly by them.")
        if self.known.of:
            found.append(f"{self.known} payments of Xero stand there, with their amount.")
        return tuple(found)


def pairs_of(tables: Sequence[SeenTable], known: KnownSide) -> tuple[Pair, ...]:
    """Return every pair, the best one first."""
    paying = _first(tables, payment_points, lambda table: bool(money_columns(table) and _has_day(table)))
    billed = _first(tables, invoice_points, lambda table: bool(money_columns(table)))
    return tuple(sorted(_pairs(paying, billed, known), key=lambda pair: pair.order))


def payment_points(table: SeenTable) -> int:
    """Say how much a table looks like one of payments, by its name and its columns."""
    return _points(table, _PAYMENTS, _PAYMENT_COLUMNS)


def invoice_points(table: SeenTable) -> int:
    """Say how much a table looks like one of invoices."""
    return _points(table, _INVOICES, _INVOICE_COLUMNS)


def marking_columns(table: SeenTable) -> Iterator[SeenColumn]:
    """Yield columns with few values, of which each may be a mark; those that are named as kinds come first."""
    for column in sorted(table.columns, key=lambda column: (not column.meaning & _KINDS, column.name)):
        if column.is_read and table.facts[column.name].is_few and column.kind not in _NO_MARKS:
            yield column


def money_columns(table: SeenTable) -> tuple[SeenColumn, ...]:
    """Return the columns that keep amounts, in whatever form."""
    return tuple(column for column in table.columns if money_form(table, column) is not None)


def _points(table: SeenTable, names: Mapping[Word, int], columns: Mapping[Word, int]) -> int:
    meant = frozenset().union(*(column.meaning for column in table.columns)) if table.columns else frozenset()
    points = sum(names.get(word, 0) for word in table.meaning) + sum(columns.get(word, 0) for word in meant)
    points += _LINES if meant & _OF_LINES else 0
    return points + (_ROWS if table.rows else 0) + (_VIEW if table.is_view else 0)


def _first(
    tables: Sequence[SeenTable], points: Callable[[SeenTable], int], is_one: Callable[[SeenTable], bool]
) -> Sequence[SeenTable]:
    found = [table for table in tables if is_one(table)]
    return sorted(found, key=lambda table: (-points(table), table.place))[:_MOST_TABLES]


def _has_day(table: SeenTable) -> bool:
    return any(day_form(table, column) is not None for column in table.columns)


def _pairs(paying: Sequence[SeenTable], billed: Sequence[SeenTable], known: KnownSide) -> Iterator[Pair]:
    """Yield pairs, whose amounts are compared as far as that does not take too long: the likely ones first."""
    found = [
        (
            payment_points(one) + invoice_points(other) + reference.points + (_SAME_TABLE if one is other else 0),
            one,
            other,
            reference,
        )
        for one in paying
        for other in billed
        for reference in references(one, other)
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].place, pair[2].place, pair[3].column, pair[3].to))
    for at, (points, payments, invoices, reference) in enumerate(found):
        pair = Pair(payments=payments, invoices=invoices, reference=reference, points=points)
        yield _compared(pair, known, with_kinds=at < _MOST_WITH_KINDS) if at < _MOST_COMPARED else pair


def _compared(pair: Pair, known: KnownSide, *, with_kinds: bool) -> Pair:
    """Return a pair with what its amounts say."""
    best = _paid(pair, with_kinds=with_kinds)
    agreed = _known(pair, known)
    points = pair.points + (_PAID if best.share.is_sign else 0)
    if agreed.of:
        points += _KNOWN * agreed.hits // agreed.of
    return replace(pair, paid=best.share, known=agreed, kinds=best.kinds, columns=best.columns, points=points)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The columns of totals and amounts that agree best, for rows of which kind, and how well."""

    share: Share = field(default_factory=Share)
    columns: tuple[str, str] = ("", "")
    kinds: Kinds | None = None


def _paid(pair: Pair, *, with_kinds: bool) -> _Best:
    """Return how many invoices are paid exactly, and by rows of which kind; the best of all columns of amounts."""
    best = _Best() if pair.is_one_table else _best(pair, None)
    if best.share.is_sign or not with_kinds:
        return best
    for column in islice(marking_columns(pair.payments), _MOST_MARKS):
        values = [value for value, _ in pair.payments.facts[column.name].usual]
        kinds = permutations(values, 2) if pair.is_one_table else ((None, value) for value in values)
        for invoice, payment in kinds:
            other = _best(pair, Kinds(column=column.name, invoice=invoice, payment=payment))
            is_better = _weight(other, pair) > _weight(best, pair)
            if is_better and (pair.is_one_table or other.share.is_sign):
                best = other
    return best


def _weight(best: _Best, pair: Pair) -> tuple[int, int]:
    """Return how well amounts agree; within one table also by how many rows, since bills and payments agree both ways.

    A bill has one row, and not every one is paid.
    """
    if not pair.is_one_table or best.kinds is None:
        return best.share.hits, 0
    keys = pair.payments.values(pair.reference.to)
    kinds = pair.payments.values(best.kinds.column)
    billed = [folded(key) for key, kind in zip(keys, kinds, strict=True) if kind == best.kinds.invoice]
    return best.share.hits, 2 * len(set(billed)) - len(billed)


def _best(pair: Pair, kinds: Kinds | None) -> _Best:
    reference = pair.reference
    billed = (_is(kinds.column, kinds.invoice),) if kinds and pair.is_one_table else ()
    paying = (_is(kinds.column, kinds.payment),) if kinds else ()
    totals = [
        (c.name, amounts_by_key(pair.invoices, reference.to, c.name, billed)) for c in money_columns(pair.invoices)
    ]
    paid = [
        (c.name, amounts_by_key(pair.payments, reference.column, c.name, paying)) for c in money_columns(pair.payments)
    ]
    found = (
        _Best(share=paid_exactly(total, one), columns=(total_name, name), kinds=kinds)
        for total_name, total in totals
        for name, one in paid
    )
    return max(found, key=lambda best: (best.share.hits, best.share.of), default=_Best())


def _known(pair: Pair, known: KnownSide) -> Share:
    """Return how many of Xero's payments stand there, by the column that has the most of Xero's numbers."""
    if not known.invoices:
        return Share()
    columns = [c.name for c in pair.invoices.columns if c.is_read]
    number = max(columns, key=lambda name: numbers_known(pair.invoices, name, known).hits, default="")
    numbers = numbers_by_key(pair.invoices, pair.reference.to, number) if number else {}
    shares = (
        payments_known(pair.payments, numbers, (pair.reference.column, c.name, None), known)
        for c in money_columns(pair.payments)
    )
    return max(shares, key=lambda share: (share.hits, share.of), default=Share())


def _is(column: str, value: Value) -> Mark:
    return Mark(column=column, telling=Telling.EQUALS, values=(value,))
