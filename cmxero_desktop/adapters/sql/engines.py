"""Two engines for each database, one to read and one to write, whose transactions begin by hand."""

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry

SQLITE, POSTGRESQL, SQL_SERVER = "sqlite", "postgresql", "mssql"

DRIVERS = {
    SQLITE: "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    POSTGRESQL: "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    SQL_SERVER: "mssql+pytds",
}
"""The driver that comes with the program, for an address that names none."""

# Our own words between SQLAlchemy and the driver; loaded only where an address asks for it.
registry.register("mssql.pytds", "cmxero_desktop.adapters.sql.sql_server.dialect", "SqlServerDialect")


@dataclass(frozen=True, slots=True)
class Engines:
    """The two engines of one database, and what a person calls it."""

    reader: Engine
    writer: Engine
    label: str

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of this computer rather than a server."""
        return self.reader.dialect.name == SQLITE

    def dispose(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()


def begin_with(engine: Engine, *statements: str) -> None:
    """Have each transaction of an engine begin with these statements."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)


def begin_by_hand(engines: Engines) -> None:
    """Begin the transactions of a SQLite file: the driver begins late, and keeps savepoints over a rollback.

    Only the writer takes the write lock at once: a reader that did so would lock every writer out.
    """
    begin_with(engines.reader, "BEGIN")
    begin_with(engines.writer, "BEGIN IMMEDIATE")
