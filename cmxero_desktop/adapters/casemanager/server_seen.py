"""Asks a server what it is; a SQL Server also what stands in the way of reading and writing safely. It only asks.

To whom something is not shown the catalogue gives no row of it, and no error: that is never taken for absent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from cmxero_desktop.adapters.casemanager.failures import why_of
from cmxero_desktop.adapters.casemanager.naming import name_as_value
from cmxero_desktop.adapters.casemanager.privileges import kind_of
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, CheckedTable
from cmxero_desktop.adapters.sql.engines import SQL_SERVER
from cmxero_desktop.adapters.sql.failures import code_of
from cmxero_desktop.services.records.server_seen import ServerSeen, TableSeen

_SERVER = """
    SELECT CAST(SERVERPROPERTY('Edition') AS nvarchar(128)), CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128))
"""
_DATABASE = """
    SELECT collation_name, snapshot_isolation_state, is_read_committed_snapshot_on
      FROM sys.databases WHERE database_id = DB_ID()
"""
_LOGIN = "SELECT IS_SRVROLEMEMBER('sysadmin'), IS_MEMBER('db_owner')"
_RIGHT = "SELECT HAS_PERMS_BY_NAME(:table, 'OBJECT', :right)"
_RIGHTS = ("INSERT", "UPDATE", "DELETE")
_TRIGGERS = """
    SELECT name, is_instead_of_trigger FROM sys.triggers
      WHERE parent_id = OBJECT_ID(:table) AND is_disabled = 0 ORDER BY name
"""
_FILTERS = """
    SELECT DISTINCT y.name FROM sys.security_predicates p JOIN sys.security_policies y ON y.object_id = p.object_id
      WHERE p.target_object_id = OBJECT_ID(:table) AND p.predicate_type = 0 AND y.is_enabled = 1 ORDER BY y.name
"""
_INDEXES = """
    SELECT COUNT(*) FROM sys.index_columns k JOIN sys.columns c
        ON c.object_id = k.object_id AND c.column_id = k.column_id
      WHERE k.object_id = OBJECT_ID(:table) AND k.key_ordinal = 1 AND c.name = :column
"""
_KIND = "SELECT type FROM sys.objects WHERE object_id = OBJECT_ID(:table)"
_COLLATIONS = "SELECT name, collation_name FROM sys.columns WHERE object_id = OBJECT_ID(:table) ORDER BY column_id"
_OWN_RULES = "SQL_"
_NO_SUCH_VIEW = 208
"""What a server says that is older than policies by row."""

_T = TypeVar("_T")


def look_at_server(connection: sa.Connection, schema: CheckedSchema) -> ServerSeen:
    """Return what a server says; what fails is a sentence in `unseen`, and costs nothing else."""
    kind = kind_of(connection)
    if connection.dialect.name != SQL_SERVER:
        numbers = getattr(connection.dialect, "server_version_info", None) or ()
        return ServerSeen(kind=kind, version=tuple(number for number in numbers if isinstance(number, int)))
    return _SqlServer(connection, schema).seen(kind)


class _SqlServer:
    def __init__(self, connection: sa.Connection, schema: CheckedSchema) -> None:
        self._connection = connection
        self._schema = schema
        self._unseen: list[str] = []

    def seen(self, kind: str) -> ServerSeen:
        edition, version = self._row("its version", _SERVER) or ("", "")
        rules, snapshots, is_versioned = self._row("its settings", _DATABASE) or ("", None, None)
        return ServerSeen(
            kind=kind,
            version=tuple(int(part) for part in str(version).split(".") if part.isdecimal()),
            edition=str(edition or ""),
            rules=str(rules or ""),
            allows_snapshots=None if snapshots is None else snapshots == 1,
            keeps_readers_waiting=None if is_versioned is None else not is_versioned,
            is_administrator=1 in (self._row("the login's roles", _LOGIN) or ()),
            rights=self._rights(),
            tables=tuple(self._tables()),
            unseen=tuple(dict.fromkeys(self._unseen)),
        )

    def _tables(self) -> Iterator[TableSeen]:
        referring = {table.table: table for table in (self._schema.payments, *self._schema.sums.values())}
        for table in {self._schema.invoices.table: self._schema.invoices, **referring}.values():
            is_shown = self._has("VIEW DEFINITION", table) is True
            triggers = self._rows(f"the triggers of {table.table}", _TRIGGERS, table)
            filters = self._rows(f"the policies of {table.table}", _FILTERS, table)
            kind = self._row(f"the kind of {table.table}", _KIND, {"table": self._quoted(table)})
            is_view = kind is not None and str(kind[0]).strip() == "V"
            yield TableSeen(
                name=self._quoted(table),
                is_view=is_view,
                triggers=tuple(name for name, replaces in triggers if not replaces) if is_shown or triggers else None,
                replacing_triggers=tuple(name for name, replaces in triggers if replaces),
                filters=tuple(name for (name,) in filters) if is_shown or filters else None,
                is_found_by_invoice=None if is_view or table.table not in referring else self._is_indexed(table),
                slow_keys=tuple(self._slow_keys(table)),
            )

    def _rights(self) -> tuple[str, ...] | None:
        """Return what the login may do with payments, None where the server does not say it of each right."""
        said = {right: self._has(right, self._schema.payments) for right in _RIGHTS}
        return None if None in said.values() else tuple(right for right, is_granted in said.items() if is_granted)

    def _has(self, right: str, table: CheckedTable) -> bool | None:
        row = self._row("the login's rights", _RIGHT, {"table": self._quoted(table), "right": right})
        return None if row is None or row[0] is None else row[0] == 1

    def _is_indexed(self, table: CheckedTable) -> bool | None:
        named = {"table": self._quoted(table), "column": table.columns["invoice"].name}
        found = self._row(f"the indexes of {table.table}", _INDEXES, named)
        return None if found is None else found[0] > 0

    def _slow_keys(self, table: CheckedTable) -> Iterator[str]:
        keys = (table.columns[field] for field in ("key", "number", "invoice") if field in table.columns)
        one_byte = dict.fromkeys(key.name for key in keys if key.sought_as and not key.sought_as.startswith("N"))
        for name, rules in self._rows(f"the collations of {table.table}", _COLLATIONS, table) if one_byte else ():
            if name in one_byte and str(rules or "").startswith(_OWN_RULES):
                yield name

    def _quoted(self, table: CheckedTable) -> str:
        return name_as_value(self._connection.dialect, table.table)

    def _row(self, what: str, statement: str, values: Mapping[str, object] | None = None) -> Sequence[Any] | None:
        return self._asked(what, lambda: self._connection.execute(sa.text(statement), values or {}).first(), None)

    def _rows(self, what: str, statement: str, table: CheckedTable) -> Sequence[Sequence[Any]]:
        named = {"table": self._quoted(table)}
        return self._asked(what, lambda: self._connection.execute(sa.text(statement), named).all(), [])

    def _asked(self, what: str, ask: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return ask()
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            self._connection.rollback()
            if code_of(error.orig) != _NO_SUCH_VIEW:
                self._unseen.append(f"{what} ({why_of(error)})")
            return otherwise
