"""Says which database a connection leads to: by the engine's own identity, and by the keys and numbers of invoices.

| engine | told by | where that is not known |
|---|---|---|
| PostgreSQL | the cluster's system identifier, database, schema | address and port, the database's number |
| MariaDB | `server_uid`, database | host name, port and data folder |
| MySQL | `server_uuid`, database | the same |
| SQL Server | the server's name, database, schema | |
| SQLite | the file's resolved path and its number in the file system | the path |

A file that is copied, moved, or replaced by another is another place, and so is a dump on another server.
A standby server of PostgreSQL is the same place, as it is when it takes over.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager.assembling import key_or_none
from cmxero_desktop.adapters.casemanager.decoding import ForeignValueError, text_of
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, can_hold, encoded
from cmxero_desktop.adapters.casemanager.sought import sought_list
from cmxero_desktop.adapters.sql.engines import POSTGRESQL, SQLITE
from cmxero_desktop.domain.belonging import DatabasePlace
from cmxero_desktop.domain.identifiers import CaseInvoiceId

_MAY_IDENTIFY = "SELECT has_function_privilege('pg_control_system()', 'execute')"
_CLUSTER = "SELECT CAST(system_identifier AS text) FROM pg_control_system()"
_SERVER = (
    "SELECT concat_ws('/', host(inet_server_addr()), inet_server_port(), oid) FROM pg_database "
    "WHERE datname = current_database()"
)
_DATABASE = "SELECT current_database(), current_schema()"
_MYSQL_SERVER = "SHOW VARIABLES WHERE Variable_name IN ('server_uid', 'server_uuid', 'hostname', 'port', 'datadir')"
_MSSQL = "SELECT CAST(SERVERPROPERTY('ServerName') AS nvarchar(256)), DB_NAME(), SCHEMA_NAME()"


class ConnectedFirm:
    """Implements `ConnectedDatabase` on one connection."""

    def __init__(self, connection: sa.Connection, schema: CheckedSchema) -> None:
        """Keep the connection."""
        self._connection = connection
        self._schema = schema

    @property
    def place(self) -> DatabasePlace:
        """Ask the engine where it is."""
        if self._schema.dialect == SQLITE:
            return self._file()
        own = {POSTGRESQL: self._postgresql, "mssql": self._mssql}.get(self._schema.dialect, self._mysql)
        mark = "\n".join((self._schema.dialect, *(part or "" for part in own())))
        return DatabasePlace(name=self._schema.label, mark=mark)

    def numbers_of(self, invoice_ids: Collection[CaseInvoiceId]) -> Mapping[CaseInvoiceId, str]:
        """Return the numbers of the invoices with these keys."""
        column = self._schema.invoices.columns["key"]
        wanted = [encoded(invoice_id.value, column, self._schema.dialect) for invoice_id in invoice_ids]
        keys = self._schema.invoices.column("key")
        possible = [value for value in wanted if can_hold(value, column)]
        return self._numbers(self._selected.where(keys.in_(sought_list(possible, column))))

    def oldest(self, count: int) -> Mapping[CaseInvoiceId, str]:
        """Return the numbers of the invoices with the lowest keys."""
        return self._numbers(self._selected.order_by(self._schema.invoices.column("key")).limit(count))

    @property
    def _selected(self) -> sa.Select[Any]:
        return self._schema.invoices.select(("key", "number"))

    def _numbers(self, statement: sa.Select[Any]) -> Mapping[CaseInvoiceId, str]:
        """Fetch numbers as they are read everywhere (R1); a key or a number that makes no sense is left out."""
        found = {}
        for stored, number in self._connection.execute(statement):
            key = key_or_none(stored.rstrip(" ") if isinstance(stored, str) and self._is_padded else stored)
            try:
                text = text_of(number, "number").strip(" ")
            except ForeignValueError:
                continue
            if key is not None:
                found[CaseInvoiceId(key)] = text
        return found

    @property
    def _is_padded(self) -> bool:
        return self._schema.invoices.columns["key"].is_padded

    def _file(self) -> DatabasePlace:
        """Name the open file; the number that the file system gave it tells when another took its place."""
        named = next(row[2] for row in self._rows("PRAGMA database_list") if row[1] == "main")
        path = Path(named).resolve()
        number = path.stat().st_ino if path.is_file() else 0
        return DatabasePlace(name=f"{path.name} in {path.parent}", mark=f"{SQLITE}\n{number}\n{path}")

    def _postgresql(self) -> Sequence[str | None]:
        ((may_identify,),) = self._rows(_MAY_IDENTIFY)
        ((server,),) = self._rows(_CLUSTER if may_identify else _SERVER)
        ((database, schema),) = self._rows(_DATABASE)
        return (server, database, self._schema.invoices.table.schema or schema)

    def _mysql(self) -> Sequence[str | None]:
        variables = {str(name).lower(): str(value) for name, value in self._rows(_MYSQL_SERVER)}
        server = variables.get("server_uid") or variables.get("server_uuid")
        ((database,),) = self._rows("SELECT DATABASE()")
        named = "/".join(variables.get(name, "") for name in ("hostname", "port", "datadir"))
        return (server or named, self._schema.invoices.table.schema or database)

    def _mssql(self) -> Sequence[str | None]:
        ((server, database, schema),) = self._rows(_MSSQL)
        return (server, database, self._schema.invoices.table.schema or schema)

    def _rows(self, statement: str) -> Sequence[Sequence[Any]]:
        return [tuple(row) for row in self._connection.exec_driver_sql(statement)]
