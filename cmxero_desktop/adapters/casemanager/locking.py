"""RowLocks invoices with their payments, so that nobody else's payment comes between our decision and our commit.

Where a foreign key ties payments to invoices, the invoice's own row is enough: whoever adds a payment must look at it.
Elsewhere the payments themselves are locked against additions, by the means that each database has. Whoever holds one
lock and waits for the next may wait for somebody who waits for the first, and the server then turns one of both away;
so we wait only while we hold nothing, and give way otherwise: the person at Case Manager comes first.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from cmxero_desktop.adapters.casemanager.schema import CheckedSchema
from cmxero_desktop.adapters.sql.engines import SQL_SERVER
from cmxero_desktop.adapters.sql.failures import Refusal, refusal_of

MARIADB = frozenset({"mysql", "mariadb"})
# The first versions that know NOWAIT.
_NOWAIT_MARIADB, _NOWAIT_MYSQL = (10, 3), (8, 0, 1)
_PAUSE_S = 0.02
_WITHOUT_INDEX = "without an index on that column, all of {}."

_T = TypeVar("_T")


class RowLocks:
    """The locks of one transaction: the first is waited for, the others are had at once or not at all."""

    def __init__(self, connection: sa.Connection, schema: CheckedSchema) -> None:
        """Keep the connection; nothing is locked yet."""
        self._connection = connection
        self._schema = schema
        self.start()

    def start(self) -> None:
        """Begin anew: nothing is held."""
        self._holds_some = False
        self._is_giving_way = True

    def lock_additions(self) -> None:
        """Where the invoice's row alone would not hold off a new payment, hold it off by the table."""
        if self._schema.dialect == "postgresql" and not self._schema.is_tied:
            quoted = self._connection.dialect.identifier_preparer.format_table(self._schema.payments.clause)
            self._connection.exec_driver_sql(f"LOCK TABLE {quoted} IN SHARE ROW EXCLUSIVE MODE")
            self._holds_some = True

    def locked(self, statement: sa.Select[Any], table: sa.TableClause) -> sa.Select[Any]:
        """Have a statement lock the rows that it reads; SQLite, which locks as a whole, leaves it out."""
        is_waiting = not (self._holds_some and self._is_giving_way and knows_nowait(self._connection.dialect))
        self._holds_some = True
        # SQL Server keeps additions off by HOLDLOCK, and chooses us where two wait for each other (see `engine`).
        hint = "WITH (UPDLOCK, HOLDLOCK)" if is_waiting else "WITH (UPDLOCK, HOLDLOCK, NOWAIT)"
        return statement.with_for_update(nowait=not is_waiting).with_hint(table, hint, SQL_SERVER)

    def are_held(self) -> None:
        """Say that everything is locked: what is read again waits as usual."""
        self._is_giving_way = False


def while_writing(schema: CheckedSchema) -> str:
    """Say for a person what is locked while a payment is written."""
    if schema.dialect == "sqlite":
        return "While a payment is written, the file is locked."
    # SQL Server looks at a foreign key without regard to a lock for changing, so there the payments are locked always.
    if schema.is_tied and schema.dialect != SQL_SERVER:
        return "While a payment is written, its invoice is locked."
    table = schema.payments.table
    if schema.is_tied:
        return f"While a payment is written, its invoice is locked with its payments; {_WITHOUT_INDEX.format(table)}"
    untied = f"No foreign key ties {table} to the invoices, so while a payment is written"
    if schema.dialect == "postgresql":
        return f"{untied} nobody else writes to {table}."
    return f"{untied} the payments of its invoice are locked; {_WITHOUT_INDEX.format(table)}"


def isolation_of(schema: CheckedSchema) -> str:
    """Return the isolation that writing needs: MariaDB locks the gaps between rows only in its own usual one."""
    return "REPEATABLE READ" if schema.dialect in MARIADB and not schema.is_tied else "READ COMMITTED"


def knows_nowait(dialect: sa.Dialect) -> bool:
    """Say whether the server understands NOWAIT."""
    if dialect.name not in MARIADB:
        return dialect.name in {"postgresql", SQL_SERVER}
    version = getattr(dialect, "server_version_info", None) or ()
    return version >= (_NOWAIT_MARIADB if getattr(dialect, "is_mariadb", False) else _NOWAIT_MYSQL)


def giving_way(connection: sa.Connection, lock: Callable[[], _T], wait_s: float) -> _T:
    """Lock, and where somebody else is in the way let go of everything and try anew, for at most `wait_s`.

    Nothing may have been written or decided before. Raises what the driver raised last.
    """
    end = time.monotonic() + wait_s
    while True:
        try:
            return lock()
        except DBAPIError as error:
            if refusal_of(error.orig) is not Refusal.BUSY or time.monotonic() >= end:
                raise
        connection.rollback()
        time.sleep(_PAUSE_S)
