"""Says which of many tables are worth a look, by their names alone, and which ones then a closer one."""

from collections.abc import Iterator, Mapping, Sequence

from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from cmxero_desktop.domain.mapping.glossary import Word
from cmxero_desktop.domain.mapping.lookalikes import are_alike
from cmxero_desktop.domain.mapping.pairs import pairs_of
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenTable, TablePlace

MOST_LOOKED_INTO, MOST_CLOSELY = 40, 16
FIRST_ROWS, CLOSE_ROWS = 300, 10_000
"""How many rows are read of each table, at first and for a closer look."""

_TABLES: Mapping[Word, int] = {
    Word.INVOICE: 12,
    Word.PAYMENT: 12,
    Word.TRANSACTION: 9,
    Word.ADJUSTMENT: 6,
    Word.REFUND: 6,
    Word.CREDIT: 4,
    Word.METHOD: 4,
    Word.SETTING: 5,
    Word.KIND: 1,
    Word.SUPPLIER: -8,
    Word.STAGING: -3,
    Word.TEST: -3,
}
_COLUMNS = frozenset(
    {
        *(Word.INVOICE, Word.PAYMENT, Word.AMOUNT, Word.TOTAL, Word.BALANCE, Word.NUMBER, Word.DATE, Word.JOURNAL),
        *(Word.REFERENCE, Word.NOTES, Word.GROSS, Word.DUE, Word.METHOD, Word.PAID),
    }
)
_MONEY, _DAY = 6, 3
_DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.ZONED})
_BESIDE = frozenset({Word.ADJUSTMENT, Word.REFUND, Word.CREDIT, Word.SETTING})
_FEW_PAIRS = 12


def worth_looking(tables: Sequence[SeenTable]) -> tuple[SeenTable, ...]:
    """Return the tables that may matter, the likely ones first."""
    found = sorted(tables, key=lambda table: (-_points(table), table.place))
    return tuple(found[:MOST_LOOKED_INTO])


def beside(looked_into: Sequence[SeenTable], tables: Sequence[SeenTable]) -> tuple[SeenTable, ...]:
    """Return tables that were not looked into and that some of those refer to: they may name what codes stand for."""
    known = {table.place for table in looked_into}
    wanted = {link.table for table in looked_into for link in table.links} - known
    return tuple(sorted((t for t in tables if t.place in wanted), key=lambda t: t.place))[:MOST_LOOKED_INTO]


def worth_a_closer_look(tables: Sequence[SeenTable], known: KnownSide) -> tuple[TablePlace, ...]:
    """Return the tables of which more rows are to be read: those of the best pairs, and what stands beside them."""
    return tuple(dict.fromkeys(_closely(tables, known)))[:MOST_CLOSELY]


def _closely(tables: Sequence[SeenTable], known: KnownSide) -> Iterator[TablePlace]:
    pairs = pairs_of(tables, known)[:_FEW_PAIRS]
    for pair in pairs:
        yield pair.payments.place
        yield pair.invoices.place
    for pair in pairs[:1]:
        for table in tables:
            if are_alike(table, pair.payments) or are_alike(table, pair.invoices):
                yield table.place
    yield from (table.place for table in tables if table.meaning & _BESIDE)


def _points(table: SeenTable) -> int:
    meant = frozenset().union(*(column.meaning for column in table.columns)) if table.columns else frozenset()
    points = sum(_TABLES.get(word, 0) for word in table.meaning) + len(meant & _COLUMNS)
    kinds = {column.kind for column in table.columns}
    points += _MONEY if kinds & {ColumnKind.DECIMAL, ColumnKind.SINGLE} else 0
    return points + (_DAY if kinds & _DAYS else 0)
