"""Finds the invoice that a row refers to as the database compares keys, not as Python does.

Under one foreign key, 'inv-A1' may refer to 'INV-A1', and 'A1' followed by blanks to 'A1': that is for the database
to say, which is asked only about what is not equal to the letter.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.assembling import key_or_none
from cmxero_desktop.adapters.casemanager.rows import Key, Row
from cmxero_desktop.adapters.casemanager.schema import (
    CheckedSchema,
    CheckedTable,
    DatabaseColumn,
    bound_list,
    can_hold,
    encoded,
)
from cmxero_desktop.adapters.casemanager.sought import sought_list
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind

_CHUNK = 1000


@dataclass(frozen=True)
class _Joined:
    """The key of the invoices, what refers to it, and the statement that pairs both."""

    key: sa.ColumnElement[Any]
    reference: sa.ColumnElement[Any]
    statement: sa.Select[Any]


class SameKeys:
    """Asks on one connection."""

    def __init__(self, connection: sa.Connection, schema: CheckedSchema) -> None:
        """Keep the connection."""
        self._connection = connection
        self._schema = schema

    def tied(self, referring: CheckedTable, rows: Sequence[Row], at: int, known: Collection[Key]) -> Sequence[Row]:
        """Put the invoice's own key into the rows that refer `at` a place to one that is not `known` to the letter."""
        strange = {key for row in rows if (key := key_or_none(row[at])) is not None and key not in known}
        own = self._own_keys(referring, strange)
        if not own:
            return rows
        return [[*row[:at], own.get(row[at], row[at]), *row[at + 1 :]] for row in rows]

    def spellings(self, referring: CheckedTable, keys: Sequence[object]) -> Iterable[object]:
        """Return in what other ways rows of a SQLite file refer to these keys.

        There a foreign key and a join compare by the rules of the key, but a list by those of the referring column.
        On servers a list finds at least what a join does, since two columns of different rules are not compared at all.
        """
        reference = referring.columns["invoice"]
        if not reference.is_loose or reference.kind is self._schema.invoices.columns["key"].kind is ColumnKind.NUMBER:
            return ()
        joined = self._joined(referring)
        return self._connection.execute(joined.statement.where(joined.key.in_(bound_list(keys)))).scalars().unique()

    def _own_keys(self, referring: CheckedTable, strange: Collection[Key]) -> Mapping[object, Key]:
        """Return the key that an invoice itself has for each of these that is equal to it by the database's rules."""
        if not self._may_differ(referring):
            return {}
        reference, key = referring.columns["invoice"], self._schema.invoices.columns["key"]
        values = (encoded(one, reference, self._schema.dialect) for one in sorted(strange, key=str))
        possible = [value for value in values if can_hold(value, reference)]
        joined = self._joined(referring)
        own: dict[object, Key] = {}
        for start in range(0, len(possible), _CHUNK):
            some = joined.reference.in_(sought_list(possible[start : start + _CHUNK], reference))
            for stored, found in self._connection.execute(joined.statement.where(some)):
                referred, invoice = _trimmed(stored, reference), key_or_none(_trimmed(found, key))
                # Of several the one that is equal to the letter counts.
                if invoice is not None and own.get(referred) != referred:
                    own[referred] = invoice
        return own

    def _joined(self, referring: CheckedTable) -> _Joined:
        one, other = self._schema.invoices.clause.alias("one"), referring.clause.alias("other")
        key = one.c[self._schema.invoices.columns["key"].name]
        reference = other.c[referring.columns["invoice"].name]
        return _Joined(key, reference, sa.select(reference, key).select_from(one.join(other, key == reference)))

    def _may_differ(self, referring: CheckedTable) -> bool:
        """Whole numbers and UUIDs are equal or not, whoever compares them."""
        kinds = {self._schema.invoices.columns["key"].kind, referring.columns["invoice"].kind}
        return not kinds <= {ColumnKind.NUMBER, ColumnKind.UUID} or referring.columns["invoice"].is_loose


def _trimmed(stored: object, column: DatabaseColumn) -> object:
    return stored.rstrip(" ") if column.is_padded and isinstance(stored, str) else stored
