"""Open the database of our own store so that one writer at a time works and readers block nobody."""

import sqlite3
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from cmxero_desktop.adapters.store.failures import translate_errors
from cmxero_desktop.domain.errors import StoreError

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

# Any number will do as long as every desktop takes the same one.
_WRITER_LOCK = 7_203_115_842


@dataclass(frozen=True, slots=True)
class Engines:
    """Two engines over one database: the writer takes the write lock on beginning, the reader never does."""

    writer: Engine
    reader: Engine

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def open_engines(url: URL, *, busy_timeout_s: float) -> Engines:
    """Prepare both engines; nothing is connected yet. Raises StoreError for an unknown kind of database."""
    if url.get_backend_name() == SQLITE:
        engines = _sqlite(url, busy_timeout_s)
    elif url.get_backend_name() == POSTGRESQL:
        engines = _postgresql(url.set(drivername="postgresql+psycopg"), busy_timeout_s)
    else:
        message = f"The program's store cannot be kept in {url.get_backend_name()}."
        raise StoreError(message, "Use a PostgreSQL URL, or leave it empty for a file in the home folder.")
    translate_errors(engines.writer, place_of(url))
    translate_errors(engines.reader, place_of(url))
    return engines


def place_of(url: URL) -> str:
    """Name the store for a person; a password is never shown."""
    if url.get_backend_name() == SQLITE:
        return url.database or ""
    return f"{url.database} on {url.host}"


def _sqlite(url: URL, busy_timeout_s: float) -> Engines:
    connect_args = {"timeout": busy_timeout_s}
    # Whatever fails, what was being stored is nobody's business but the store's.
    writer = create_engine(url, connect_args=connect_args, hide_parameters=True)
    reader = create_engine(url, connect_args=connect_args, hide_parameters=True)

    # The driver's own transactions let a savepoint outlive the rollback around it, so ours begin by hand.
    @event.listens_for(writer, "connect")
    def prepare_writer(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _prepare(connection, "foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL")

    @event.listens_for(reader, "connect")
    def prepare_reader(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _prepare(connection, "query_only = ON")

    @event.listens_for(writer, "begin")
    def begin_writing(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(reader, "begin")
    def begin_reading(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return Engines(writer, reader)


def _prepare(connection: sqlite3.Connection, *pragmas: str) -> None:
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _postgresql(url: URL, busy_timeout_s: float) -> Engines:
    writer = create_engine(url, pool_pre_ping=True, hide_parameters=True)
    reader = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
    wait_ms = max(1, round(busy_timeout_s * 1000))

    # One writer at a time on every database: what a unit of work has read cannot change before it commits.
    @event.listens_for(writer, "begin")
    def begin_writing(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {wait_ms}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")

    return Engines(writer, reader)
