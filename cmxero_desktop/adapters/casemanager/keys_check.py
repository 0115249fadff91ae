"""Asks the database whether its keys are keys: each row has its own, and what refers to one can be compared with it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError, OperationalError, ProgrammingError

from cmxero_desktop.adapters.casemanager.mapping import Told
from cmxero_desktop.adapters.casemanager.schema import CheckedTable
from cmxero_desktop.adapters.casemanager.sought import sought
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind


class KeysCheck:
    """The questions on one connection; what is wrong is added to `problems`."""

    def __init__(self, connection: sa.Connection, problems: list[str]) -> None:
        """Keep the connection."""
        self._connection = connection
        self._problems = problems

    def check(self, invoices: CheckedTable, payments: CheckedTable, *sums: CheckedTable) -> None:
        """Ask about both keys, and about what refers to an invoice in payments and in sums."""
        for table in (invoices, payments):
            if not self._is_unique(table):
                self._check_single(table)
        for referring in (payments, *sums):
            self._check_comparable(invoices, referring)
        self._check_groups(payments)

    def _is_unique(self, table: CheckedTable) -> bool:
        """Say whether the database itself keeps two rows from having one key."""
        inspector = sa.inspect(self._connection)
        name = table.columns["key"].name
        try:
            primary = inspector.get_pk_constraint(table.table.name, schema=table.table.schema)
        except NoSuchTableError:  # a view has none
            return False
        return [column.lower() for column in primary["constrained_columns"]] == [name.lower()]

    def _check_single(self, table: CheckedTable) -> None:
        """Name a key that several rows have: the money of one would be taken for that of the other."""
        key = table.column("key")
        counting = table.counting()
        statement = sa.select(key).where(key.is_not(None), *counting).group_by(key).having(sa.func.count() > 1)
        found = self._connection.execute(statement.limit(1)).first()
        if found is None:
            return
        both = self._connection.execute(
            sa.select(key).where(key == sought(found[0], table.columns["key"]), *counting).limit(2)
        ).scalars()
        shown = " and ".join(dict.fromkeys(f"'{value}'" for value in both))
        self._problems.append(
            f"The column {key.name} in the table {table.table} is no key: several rows have the same one, as the "
            f"database compares them ({shown}). Name a column that tells every row from the others, or let the view "
            "show each row once."
        )

    def _check_comparable(self, invoices: CheckedTable, referring: CheckedTable) -> None:
        """Name two columns of text that the database refuses to compare, since each has rules of its own."""
        key, reference = invoices.columns["key"], referring.columns["invoice"]
        if ColumnKind.TEXT not in {key.kind, reference.kind}:
            return
        one, other = invoices.clause.alias("one"), referring.clause.alias("other")
        joined = one.join(other, one.c[key.name] == other.c[reference.name])
        # PostgreSQL finds out when it compares, so not where there is no row yet.
        some = [
            sa.func.coalesce(sa.select(table.c[name]).limit(1).scalar_subquery(), sa.literal_column("'x'"))
            for table, name in ((one, key.name), (other, reference.name))
        ]
        is_compared = self._is_answered(sa.select(sa.literal_column("1")).select_from(joined).limit(1))
        if self._connection.dialect.name == "postgresql":
            is_compared = is_compared and self._is_answered(sa.select(some[0] == some[1]))
        if not is_compared:
            self._problems.append(
                f"The database cannot compare {reference.name} in the table {referring.table} with the key {key.name} "
                f"of {invoices.table}, since each compares text by its own rules. Give both the same collation."
            )

    def _check_groups(self, payments: CheckedTable) -> None:
        """Name a column of groups of which the database cannot say whether two are the same."""
        tell, column = payments.tells.get("multi_invoice"), payments.columns.get("multi_invoice")
        if tell is None or column is None or tell.told is not Told.SHARED or column.kind is not ColumnKind.OTHER:
            return
        group = payments.column("multi_invoice")
        if not self._is_answered(sa.select(group).group_by(group).having(sa.func.count() > 1).limit(1)):
            self._problems.append(
                f"payments.multi_invoice is told by the column {group.name} in the table {payments.table}, whose type "
                "has no values that the database could compare: let a view show it as text or as a number."
            )

    def _is_answered(self, question: sa.Select[Any]) -> bool:
        """Ask within a savepoint, so that a question that the database does not take leaves the others theirs."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(question).all()
        except (OperationalError, ProgrammingError) as error:
            if error.connection_invalidated:
                raise
            return False
        return True
