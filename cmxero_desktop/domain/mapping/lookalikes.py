"""Tells tables that look alike apart: a backup, an archive, an import that waits, a view of the same rows."""

from collections import Counter
from enum import Enum, auto

from cmxero_desktop.domain.mapping.column_facts import Value, folded
from cmxero_desktop.domain.mapping.seen import SeenTable

_ALIKE = 6, 10
_COPY = 9, 10


class Likeness(Enum):
    """What a table that looks like another one is to it, as far as the rows tell."""

    NONE = auto()
    COPY = auto()
    """All its rows stand in the other one, too."""

    MORE = auto()
    """It has rows that the other one has not."""

    EMPTY = auto()


def likeness(other: SeenTable, table: SeenTable) -> Likeness:
    """Say what another table is to a table."""
    if not are_alike(other, table):
        return Likeness.NONE
    common = _names(other) & _names(table)
    if not other.rows:
        return Likeness.EMPTY if other.row_count == 0 else Likeness.MORE
    there = _rows(table, common)
    found = sum((_rows(other, common) & there).values())
    return Likeness.COPY if found * _COPY[1] >= len(other.rows) * _COPY[0] else Likeness.MORE


def are_alike(other: SeenTable, table: SeenTable) -> bool:
    """Say whether most columns of one of two tables are in the other one, too."""
    names, others = _names(table), _names(other)
    return len(names & others) * _ALIKE[1] >= min(len(names), len(others)) * _ALIKE[0]


def _names(table: SeenTable) -> frozenset[Value]:
    return frozenset(folded(column.name) for column in table.columns)


def _rows(table: SeenTable, names: frozenset[Value]) -> Counter[tuple[Value, ...]]:
    at = sorted((str(folded(c.name)), i) for i, c in enumerate(table.columns) if folded(c.name) in names)
    return Counter(tuple(folded(row[i]) for _, i in at) for row in table.rows)
