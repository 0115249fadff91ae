"""Builds two engines, one to read and one to write, with bounded waits and no password in any text."""

import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Dialect, Engine, NullPool, create_engine, event
from sqlalchemy.exc import NoSuchModuleError

from cmxero_desktop.adapters.casemanager.failures import refuse_as_databases_do
from cmxero_desktop.adapters.casemanager.hidden_rows import show_all_rows
from cmxero_desktop.adapters.sql.addresses import NoAddressError, parsed, server_label
from cmxero_desktop.adapters.sql.engines import DRIVERS, SQL_SERVER, SQLITE, Engines, begin_by_hand
from cmxero_desktop.adapters.sql.patience import Patience, bound_waits, connect_args, postgresql_limits
from cmxero_desktop.domain.errors import CaseManagerError

_RECYCLE_S = 1800
# Without it a driver takes the server's own encoding, which lacks most characters where that is not Unicode.
_ENCODINGS: dict[str, dict[str, Any]] = {"psycopg": {"client_encoding": "utf8"}, "pymysql": {"charset": "utf8mb4"}}
# The first versions that end a statement by its time.
_LIMITS_MARIADB, _LIMITS_MYSQL = (10, 1, 1), (5, 7, 8)
_URL_REMEDY = (
    "Write it like sqlite:////path/to/case.db, postgresql://user@server/database, "
    "mariadb://user@server/database or mssql://user@server/database."
)
# What a session needs to write to a table with an indexed view or a filtered index, and to be told of what does not
# fit instead of having it cut off. A server may be set up to begin every session otherwise.
_SESSION_OF_SQL_SERVER = (
    "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON",
    "SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS, XACT_ABORT, NOCOUNT OFF",
    "SET TEXTSIZE 2147483647",
)
_SNAPSHOTS = "SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()"
_ARE_ALLOWED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How many seconds are waited for somebody else's lock, and how long for a server."""

    lock_s: float
    server: Patience


def build_engines(url: str, password: str | None, waits: Waits) -> Engines:
    """Build both without connecting. Raises CaseManagerError."""
    address = _understood(url)
    if password is not None:
        address = address.set(password=password)
    label = label_of(address)
    is_file = address.get_backend_name() == SQLITE
    build = _file_engine if is_file else _server_engine
    try:
        reader, writer = (build(address, waits, is_reader=is_reader) for is_reader in (True, False))
    except NoSuchModuleError:
        message = f"{label}: the program does not know the kind of database {address.drivername}."
        raise CaseManagerError(message, _URL_REMEDY) from None
    except ModuleNotFoundError as error:
        message = f"{label}: the database driver {error.name} is not installed."
        raise CaseManagerError(message, f"Install the Python package {error.name}, then try again.") from None
    engines = Engines(reader, writer, label)
    for engine in (reader, writer):
        refuse_as_databases_do(engine)
    if is_file:
        begin_by_hand(engines)
    return engines


def file_of(url: str) -> Path | None:
    """Return the file that an understood address names, None where it names a server."""
    address = _understood(url)
    return Path(address.database or "").expanduser() if address.get_backend_name() == SQLITE else None


def label_of(url: URL) -> str:
    """Return what a person calls the database, such as "case.db on this computer"; never the password."""
    if url.get_backend_name() == SQLITE:
        return f"{Path(url.database or '').name} on this computer"
    return server_label(url)


def _understood(url: str) -> URL:
    try:
        understood = parsed(url)
    except NoAddressError:
        message = "The address of Case Manager's database is not a database URL."
        raise CaseManagerError(message, _URL_REMEDY) from None
    driver = DRIVERS.get(understood.drivername)
    understood = understood.set(drivername=driver) if driver else understood
    if understood.get_backend_name() == SQL_SERVER and understood.drivername != DRIVERS[SQL_SERVER]:
        message = f"The program brings its own driver for SQL Server, and does not use {understood.drivername}."
        raise CaseManagerError(message, "Begin the address with mssql:// alone.")
    return understood


def _file_engine(url: URL, waits: Waits, *, is_reader: bool) -> Engine:
    path = Path(url.database or "").expanduser()
    if not url.database or url.database == ":memory:" or url.query:
        message = "The address of Case Manager's database names no SQLite file."
        raise CaseManagerError(message, _URL_REMEDY)
    return create_engine(
        DRIVERS[SQLITE] + "://",
        creator=_opener(path, waits.lock_s, is_reader=is_reader),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _opener(path: Path, lock_wait_s: float, *, is_reader: bool) -> Callable[[], sqlite3.Connection]:
    """Return a function that opens the file, but never makes one."""
    posix = path.absolute().as_posix()
    uri = f"file://{'' if posix.startswith('/') else '/'}{quote(posix)}?mode=rw"

    def connect() -> sqlite3.Connection:
        if not path.is_file():
            message = f"There is no database file {path}."
            raise CaseManagerError(message, "Check the address of Case Manager's database in the settings.")
        connection = sqlite3.connect(uri, uri=True, timeout=lock_wait_s, isolation_level=None, check_same_thread=False)
        # Bytes that are no text must not cost the whole reading; the decoder finds them.
        connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        # Not mode=ro: a reader that meets the journal of a crashed writer must be allowed to roll it back.
        connection.execute("PRAGMA query_only = ON" if is_reader else "PRAGMA foreign_keys = ON")
        return connection

    return connect


def _server_engine(url: URL, waits: Waits, *, is_reader: bool) -> Engine:
    dialect = url.get_dialect()
    # One consistent picture for the reader; for the writer each statement must see what was committed meanwhile.
    options: dict[str, Any] = {"isolation_level": "READ COMMITTED"}
    if is_reader and dialect.name == SQL_SERVER:
        options = {}  # as `settle` finds the database
    elif is_reader:
        options["isolation_level"] = "REPEATABLE READ"
    if is_reader and dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    engine = create_engine(
        url,
        connect_args=connect_args(dialect.driver, waits.server) | _ENCODINGS.get(dialect.driver, {}),
        execution_options=options,
        hide_parameters=True,
        pool_size=1,
        max_overflow=1,
        pool_pre_ping=True,
        pool_recycle=_RECYCLE_S,
    )
    bound_waits(engine, waits.server)

    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: object) -> None:  # noqa: ANN401  # each driver has its own class
        if dialect.driver == "psycopg":
            from cmxero_desktop.adapters.casemanager.strange_values import (  # noqa: PLC0415 - only here is psycopg there
                take_strange_values,
            )

            take_strange_values(connection)
        with_cursor = connection.cursor()
        for statement in (
            *show_all_rows(engine.dialect),
            *session_statements(engine.dialect, waits, is_reader=is_reader),
        ):
            with_cursor.execute(statement)
        if is_reader and dialect.name == SQL_SERVER:
            _read_a_snapshot(with_cursor)
        with_cursor.close()
        if dialect.name != SQL_SERVER:  # there nothing has begun
            connection.commit()

    return engine


def _read_a_snapshot(cursor: Any) -> None:  # noqa: ANN401  # as above
    """Have a SQL Server show one consistent picture where the database allows it, which hinders nobody.

    Elsewhere every statement sees what is committed then, and waits for who is writing; what an approval rests on is
    read again under locks.
    """
    cursor.execute(_SNAPSHOTS)
    (state,) = cursor.fetchone() or (None,)
    if state == _ARE_ALLOWED:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL SNAPSHOT")


def session_statements(dialect: Dialect, waits: Waits, *, is_reader: bool) -> tuple[str, ...]:
    """Return what bounds the waits of a session, and keeps a reader from writing, on one kind of server.

    What a connection locks that nobody uses any more, since its computer sleeps or left the network, the server frees.
    """
    milliseconds = max(1, round(waits.lock_s * 1000))
    if dialect.name == "postgresql":
        return (f"SET lock_timeout = {milliseconds}", *postgresql_limits(waits.server))
    if dialect.name == SQL_SERVER:
        # Where two wait for each other the server turns one away: us, not the person at Case Manager.
        return (*_SESSION_OF_SQL_SERVER, f"SET LOCK_TIMEOUT {milliseconds}", "SET DEADLOCK_PRIORITY LOW")
    seconds = max(1, math.ceil(waits.lock_s))
    limits = (
        f"SET SESSION innodb_lock_wait_timeout = {seconds}",
        f"SET SESSION lock_wait_timeout = {seconds}",
        *_mariadb_limits(dialect, waits.server),
    )
    if is_reader:
        return (*limits, "SET SESSION TRANSACTION READ ONLY")
    return (*limits, f"SET SESSION wait_timeout = {math.ceil(waits.server.idle_s)}")


def _mariadb_limits(dialect: Dialect, server: Patience) -> tuple[str, ...]:
    """Return what ends a statement that takes too long, where the server knows that; MySQL ends only reading."""
    version = getattr(dialect, "server_version_info", None) or ()
    if getattr(dialect, "is_mariadb", False):
        return (f"SET SESSION max_statement_time = {server.server_s:g}",) if version >= _LIMITS_MARIADB else ()
    return (f"SET SESSION max_execution_time = {round(server.server_s * 1000)}",) if version >= _LIMITS_MYSQL else ()
