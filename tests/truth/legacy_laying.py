"""Lays tables and rows into a database of any kind, from one line for each column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tests.truth.legacy_books import Books, books

Row = dict[str, Any]
Truth = Mapping[str, tuple[str, ...]]
MONEY = sa.Numeric(12, 2)


@dataclass(frozen=True)
class Col:
    """A column, and what stands there of each item. A `key` that is `counted` gets its numbers from the database."""

    name: str
    kind: Any
    of: Callable[[Any], Any] = lambda _: None
    to: str = ""
    key: bool = False
    counted: bool = False
    needed: bool = False
    unique: bool = False
    default: Any = None

    def made(self) -> sa.Column[Any]:
        links = [sa.ForeignKey(self.to)] if self.to else []
        return sa.Column(
            self.name,
            self.kind,
            *links,
            primary_key=self.key,
            autoincrement=self.counted,
            nullable=not (self.needed or self.key),
            unique=self.unique or None,
            server_default=self.default,
        )


def counted(name: str, of: Callable[[Any], Any]) -> Col:
    """Return a key that the database counts."""
    return Col(name, sa.Integer, of, key=True, counted=True)


@dataclass(frozen=True)
class Tab:
    """A table, and the items that its rows are made of."""

    name: str
    columns: Sequence[Col]
    items: Iterable[Any] = ()

    def lay(self, metadata: sa.MetaData) -> tuple[sa.Table, list[Row]]:
        table = sa.Table(self.name, metadata, *(column.made() for column in self.columns))
        return table, [{column.name: column.of(item) for column in self.columns} for item in self.items]


@dataclass(frozen=True)
class LegacyFirm:
    """A schema; `truth` are for each key the answers of which each is true.

    `obstacle` is a part of the sentence about what stands in the way of any mapping. `views` are statements in which
    `{q}` is how the database quotes a name.
    """

    name: str
    lay: Callable[[Books], Sequence[Tab]]
    truth: Truth
    obstacle: str = ""
    views: tuple[str, ...] = ()
    has_rows: bool = True

    def make(self, url: str) -> Books:
        """Make the schema in an empty database, and fill it."""
        told = books() if self.has_rows else Books((), ())
        metadata = sa.MetaData()
        laid = dict(tab.lay(metadata) for tab in self.lay(told))
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            metadata.create_all(connection)
            for table in metadata.sorted_tables:
                if laid[table]:
                    connection.execute(table.insert(), laid[table])
            if connection.dialect.name == "postgresql":
                self._count_on(connection, metadata)
            quote = connection.dialect.identifier_preparer.initial_quote
            for view in self.views:
                connection.execute(sa.text(view.replace("{q}", quote)))
        return told

    def _count_on(self, connection: sa.Connection, metadata: sa.MetaData) -> None:
        """Have the database count on from the numbers that the rows brought along, which PostgreSQL does not see."""
        for column in [column for table in metadata.sorted_tables for column in table.primary_key]:
            name = connection.dialect.identifier_preparer.format_table(column.table).replace("%%", "%")
            counter = sa.func.pg_get_serial_sequence(name, column.name)
            last = sa.select(sa.func.max(column)).scalar_subquery()
            if column.autoincrement is True and connection.scalar(sa.select(last)) is not None:
                connection.execute(sa.select(sa.func.setval(counter, last)))
