"""Teaches SQLAlchemy's dialect of SQL Server to use our connection, in which transactions begin and end when said."""

from types import ModuleType
from typing import Any, Literal, cast

import pytds
from sqlalchemy import URL, Connection
from sqlalchemy.dialects.mssql.base import MSDialect, MSIdentifierPreparer
from sqlalchemy.engine.interfaces import ConnectArgsType, DBAPIConnection, DBAPICursor, PoolProxiedConnection

from cmxero_desktop.adapters.sql.patience import USUAL_PATIENCE, connect_args
from cmxero_desktop.adapters.sql.sql_server.address import server_address
from cmxero_desktop.adapters.sql.sql_server.connecting import open_connection
from cmxero_desktop.adapters.sql.sql_server.connection import SqlServerConnection, is_lost


class _Names(MSIdentifierPreparer):
    """Quotes names; a per cent sign, as in a column `GST %`, would be the place of a value to the driver."""

    def _escape_identifier(self, value: str) -> str:
        return value.replace("]", "]]").replace("%", "%%")


class SqlServerDialect(MSDialect):
    """Registered as `mssql+pytds` (see `adapters/sql/engines.py`)."""

    driver = "pytds"
    preparer = _Names
    supports_statement_cache = True
    supports_native_decimal = True
    supports_native_uuid = True
    supports_sane_multi_rowcount = False
    default_paramstyle = "pyformat"

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """Return the driver, for its kinds of errors."""
        return pytds  # type: ignore[no-any-return]  # it publishes no types

    def create_connect_args(self, url: URL) -> ConnectArgsType:
        """Take the address apart. Raises CaseManagerError."""
        return cast("ConnectArgsType", ((server_address(url),), connect_args(self.driver, USUAL_PATIENCE)))

    def connect(self, *address: Any, **patience: Any) -> DBAPIConnection:
        """Open a connection."""
        return cast("DBAPIConnection", open_connection(*address, **patience))

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin a transaction."""
        _own(dbapi_connection).begin()

    def do_ping(self, dbapi_connection: DBAPIConnection) -> bool:
        """Ask whether the server still answers; raises the driver's error where it does not."""
        cursor = dbapi_connection.cursor()
        cursor.execute("SELECT 1")
        cursor.close()
        return True

    def is_disconnect(
        self, e: Exception, connection: PoolProxiedConnection | DBAPIConnection | None, cursor: DBAPICursor | None
    ) -> bool:
        """Say whether the connection is of no use any more after this error."""
        del connection, cursor
        return is_lost(e)

    def set_isolation_level(self, dbapi_connection: DBAPIConnection, level: str) -> None:
        """Set it for the transactions that follow: none is open here."""
        cursor = dbapi_connection.cursor()
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        cursor.close()

    def get_default_isolation_level(self, dbapi_conn: DBAPIConnection) -> Literal["READ COMMITTED"]:
        """Return what every session of a SQL Server begins with; asking for it takes rights."""
        del dbapi_conn
        return "READ COMMITTED"

    def _get_server_version_info(self, connection: Connection) -> tuple[int, ...]:
        return _own(connection.connection).version


def _own(connection: Any) -> SqlServerConnection:  # noqa: ANN401 - SQLAlchemy's proxies
    found = getattr(connection, "dbapi_connection", connection)
    assert isinstance(found, SqlServerConnection)  # noqa: S101 - this dialect makes no others
    return found
