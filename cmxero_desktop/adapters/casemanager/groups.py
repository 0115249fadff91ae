"""Finds the groups of payments that several share, so that each is part of a multi-invoice payment (R10)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.mapping import Told
from cmxero_desktop.adapters.casemanager.rows import PAYMENT_FIELDS, Row, group_of
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, can_hold
from cmxero_desktop.adapters.casemanager.sought import sought_list
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind

_CHUNK = 500
_GROUP = PAYMENT_FIELDS.index("multi_invoice")
_COUNTED_HERE = frozenset({ColumnKind.NUMBER, ColumnKind.UUID})


def group_of_payment(row: Row) -> object | None:
    """Return the group of a payment's row, None where it has none."""
    return group_of(row[_GROUP])


class SharedGroups:
    """Asks on one connection, and locks nothing: these are rows of other invoices, where other writers are at work."""

    def __init__(self, connection: sa.Connection, schema: CheckedSchema) -> None:
        """Keep the connection."""
        self._connection = connection
        self._table = schema.payments
        self._is_asked = schema.mapping.payments.multi_invoice.told is Told.SHARED

    def among_all(self, rows: Iterable[Row]) -> frozenset[object]:
        """Return the shared groups where `rows` are all payments that there are."""
        if not self._is_asked:
            return frozenset()
        column = self._table.columns["multi_invoice"]
        if column.kind in _COUNTED_HERE and not column.is_loose:
            counted = Counter(group for row in rows if (group := group_of(row[_GROUP])) is not None)
            return frozenset(group for group, count in counted.items() if count > 1)
        return frozenset(self._fetched())

    def of(self, rows: Iterable[Row]) -> frozenset[object]:
        """Return which groups of these payments others share, anywhere in the database."""
        if not self._is_asked:
            return frozenset()
        groups = {group for row in rows if (group := group_of(row[_GROUP])) is not None}
        column = self._table.columns["multi_invoice"]
        named = sorted((group for group in groups if can_hold(group, column)), key=str)
        chunks = (named[start : start + _CHUNK] for start in range(0, len(named), _CHUNK))
        return frozenset(group for chunk in chunks for group in self._fetched(chunk))

    def _fetched(self, among: Collection[object] | None = None) -> Iterator[object]:
        """Let the database group, by its own rules, and yield every way in which a shared group is written."""
        column = self._table.column("multi_invoice")
        wanted = [*self._table.counting(), column.is_not(None)]
        if among is not None:
            wanted.append(column.in_(sought_list(list(among), self._table.columns["multi_invoice"])))
        several = sa.select(column).where(*wanted).group_by(column).having(sa.func.count() > 1)
        read = self._table.read("multi_invoice")
        for (value,) in self._connection.execute(sa.select(read).where(*wanted, column.in_(several))):
            is_padded = self._table.columns["multi_invoice"].is_padded and isinstance(value, str)
            group = group_of(value.rstrip(" ") if is_padded else value)
            if group is not None:
                yield group
