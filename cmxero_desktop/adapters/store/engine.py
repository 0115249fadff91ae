"""Open the database of our own store so that one writer at a time works and readers block nobody."""

import sqlite3
from typing import Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from cmxero_desktop.adapters.sql.addresses import server_label
from cmxero_desktop.adapters.sql.engines import DRIVERS, POSTGRESQL, SQLITE, Engines, begin_by_hand, begin_with
from cmxero_desktop.adapters.sql.patience import Patience, bound_waits, connect_args, postgresql_limits
from cmxero_desktop.adapters.store.failures import translate_errors
from cmxero_desktop.domain.errors import StoreError

# Any number will do as long as every desktop takes the same one.
_WRITER_LOCK = 7_203_115_842


def open_engines(url: URL, *, busy_timeout_s: float, patience: Patience) -> Engines:
    """Prepare both engines; nothing is connected yet. Raises StoreError for an unknown kind of database."""
    if url.get_backend_name() == SQLITE:
        engines = _sqlite(url, busy_timeout_s)
    elif url.get_backend_name() == POSTGRESQL:
        engines = _postgresql(url.set(drivername=DRIVERS[POSTGRESQL]), busy_timeout_s, patience)
    else:
        message = f"The program's store cannot be kept in {url.get_backend_name()}."
        raise StoreError(message, "Use a PostgreSQL URL, or leave it empty for a file in the home folder.")
    translate_errors(engines.writer, engines.label)
    translate_errors(engines.reader, engines.label)
    return engines


def place_of(url: URL) -> str:
    """Name the store for a person; a password is never shown."""
    if url.get_backend_name() == SQLITE:
        return url.database or ""
    return server_label(url)


def _sqlite(url: URL, busy_timeout_s: float) -> Engines:
    connect_args = {"timeout": busy_timeout_s}
    # Whatever fails, what was being stored is nobody's business but the store's.
    writer = create_engine(url, connect_args=connect_args, hide_parameters=True)
    reader = create_engine(url, connect_args=connect_args, hide_parameters=True)

    @event.listens_for(writer, "connect")
    def prepare_writer(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _prepare(connection, "foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL")

    @event.listens_for(reader, "connect")
    def prepare_reader(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _prepare(connection, "query_only = ON")

    engines = Engines(reader, writer, place_of(url))
    begin_by_hand(engines)
    return engines


def _prepare(connection: sqlite3.Connection, *pragmas: str) -> None:
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _postgresql(url: URL, busy_timeout_s: float, patience: Patience) -> Engines:
    # Without it the driver takes the server's own encoding, which need not hold what Xero's texts are made of.
    arguments = connect_args("psycopg", patience) | {"client_encoding": "utf8"}
    writer = create_engine(url, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)
    reader = create_engine(
        url,
        connect_args=arguments,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    for engine in (writer, reader):
        bound_waits(engine, patience)
        event.listen(engine, "connect", lambda connection, _entry: _limit(connection, patience))
    wait_ms = max(1, round(busy_timeout_s * 1000))

    # One writer at a time on every database: what a unit of work has read cannot change before it commits.
    begin_with(writer, f"SET LOCAL lock_timeout = {wait_ms}", f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
    return Engines(reader, writer, place_of(url))


def _limit(connection: Any, patience: Patience) -> None:  # noqa: ANN401 - the driver is loaded only where it is used
    for statement in postgresql_limits(patience):
        connection.execute(statement)
    connection.commit()
