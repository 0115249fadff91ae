"""Reads what tables and columns a database has, and a few of their rows, to suggest a mapping; writes nothing.

One table that cannot be read, for want of a right or because it takes too long, is a sentence and costs no other.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from time import monotonic

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn, ReflectedForeignKeyConstraint
from sqlalchemy.engine.reflection import Inspector, ObjectKind
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SAWarning, SQLAlchemyError

from cmxero_desktop.adapters.casemanager.engine import Waits, build_engines
from cmxero_desktop.adapters.casemanager.failures import connected, why_of
from cmxero_desktop.adapters.casemanager.keys import maker_of
from cmxero_desktop.adapters.casemanager.mapping import TableName
from cmxero_desktop.adapters.casemanager.privileges import kind_of
from cmxero_desktop.adapters.casemanager.reflected_values import cut, plain_value, seen_column
from cmxero_desktop.adapters.casemanager.schema import KeyMaker
from cmxero_desktop.adapters.sql.patience import Patience
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.mapping.column_facts import Value
from cmxero_desktop.domain.mapping.seen import Filling, Link, SeenColumn, SeenSchema, SeenTable, TablePlace

_WAITS = Waits(lock_s=5, server=Patience(connect_s=10, answer_s=30))
_BUDGET_S = 240.0
_CHUNK = 500
_MOST_COUNTED = 1_000_000
_MOST_COLUMNS = 250
_MOST_TROUBLES = 5
# What belongs to the server itself.
_SYSTEM = frozenset({"information_schema", "sys", "guest", "mysql", "performance_schema"})
_SYSTEM_BEGINNINGS = ("pg_", "db_")
_FILLINGS = {
    KeyMaker.NUMBERS: Filling.NUMBERS,
    KeyMaker.DEFAULT: Filling.DEFAULT,
    KeyMaker.UNKNOWN: Filling.UNKNOWN,
}
_UNTYPED = sa.types.NullType()
_WITH_SCHEMAS = frozenset({"postgresql", "mssql"})
_IN_VAIN = "Check the name of the database in its address, and that the login may read its tables."


class ReflectedSchema:
    """A database as SQLAlchemy's inspector shows it, for any kind of server."""

    def __init__(
        self, url: str, password: str | None, *, waits: Waits = _WAITS, steady_s: Callable[[], float] = monotonic
    ) -> None:
        """Connect when first asked; `steady_s` tells when enough time was spent. Raises CaseManagerError."""
        self._engines = build_engines(url, password, waits)
        self._steady_s = steady_s
        self._ends_s = steady_s() + _BUDGET_S
        self._troubles: list[str] = []

    @property
    def label(self) -> str:
        """What a person calls the database."""
        return self._engines.label

    def close(self) -> None:
        """Close every connection."""
        self._engines.dispose()

    def outline(self) -> SeenSchema:
        """Read every table and view with its columns, and no row."""
        with connected(self._engines.reader, self.label, "read its tables") as connection, _quietly():
            inspector = sa.inspect(connection)
            places = [one for schema in self._schemas(connection, inspector) for one in self._places(inspector, schema)]
            tables = tuple(self._outlined(connection, inspector, places))
            kind = kind_of(connection)
        if not tables:
            message = f"{self.label}: there is no table that this login may see."
            raise CaseManagerError(message, _IN_VAIN, problems=tuple(self._troubles))
        return SeenSchema(label=self.label, kind=kind, tables=tables, count=len(places), troubles=self._told())

    def look_into(self, tables: Sequence[SeenTable], most_rows: int) -> tuple[SeenTable, ...]:
        """Return the tables with their keys, how many rows they have, and the newest of these."""
        with connected(self._engines.reader, self.label, "look into its tables") as connection, _quietly():
            inspector = sa.inspect(connection)
            return tuple(self._looked_into(connection, inspector, table, most_rows) for table in tables)

    def troubles(self) -> tuple[str, ...]:
        """Return what could not be read, in sentences."""
        return self._told()

    def _told(self) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(self._troubles))
        left = len(found) - _MOST_TROUBLES
        return (*found[:_MOST_TROUBLES], *([f"{left:,} more could not be read."] if left > 0 else []))

    def _schemas(self, connection: sa.Connection, inspector: Inspector) -> Iterator[str | None]:
        """Yield the login's own schema, and those beside it where one database has several and tells of them."""
        yield None
        if inspector.dialect.name not in _WITH_SCHEMAS:
            return
        own, named = inspector.default_schema_name, list[str]()
        try:
            named = inspector.get_schema_names()
        except SQLAlchemyError as error:
            connection.rollback()
            self._troubles.append(f"Which other schemas there are could not be read: {why_of(error)}.")
        for schema in named:
            is_system = schema.lower() in _SYSTEM or schema.lower().startswith(_SYSTEM_BEGINNINGS)
            if schema != own and not is_system:
                yield schema

    def _places(self, inspector: Inspector, schema: str | None) -> Iterator[tuple[TablePlace, bool]]:
        named = ((inspector.get_table_names, False), (inspector.get_view_names, True))
        for names, is_view in named:
            yield from ((TablePlace(name=name, schema=schema or ""), is_view) for name in names(schema))

    def _outlined(
        self, connection: sa.Connection, inspector: Inspector, places: Sequence[tuple[TablePlace, bool]]
    ) -> Iterator[SeenTable]:
        views = {place for place, is_view in places if is_view}
        for schema in dict.fromkeys(place.schema for place, _ in places):
            here = [place for place, _ in places if place.schema == schema]
            for start in range(0, len(here), _CHUNK):
                for place, columns in self._columns(connection, inspector, here[start : start + _CHUNK]):
                    seen = tuple(seen_column(column, connection.dialect) for column in columns[:_MOST_COLUMNS])
                    if len(columns) > _MOST_COLUMNS:
                        self._troubles.append(f"Of {place} the first {_MOST_COLUMNS} columns were looked at.")
                    yield SeenTable(place=place, columns=seen, is_view=place in views)

    def _columns(
        self, connection: sa.Connection, inspector: Inspector, places: Sequence[TablePlace]
    ) -> Iterator[tuple[TablePlace, Sequence[ReflectedColumn]]]:
        """Yield the columns of tables, all at once where the database lets itself be asked so."""
        if self._steady_s() > self._ends_s:
            self._troubles.append("Reading every table would have taken too long; some were left out.")
            return
        schema, names = places[0].schema or None, [place.name for place in places]
        try:
            found = inspector.get_multi_columns(schema, filter_names=names, kind=ObjectKind.ANY)
        except SQLAlchemyError:
            # One of them may be broken: they are asked one by one.
            connection.rollback()
            found = {}
        for place in places:
            columns = found.get((schema, place.name))
            if columns is None:
                with self._spared(connection, place):
                    columns = inspector.get_columns(place.name, schema=schema)
            if columns:
                yield place, columns

    def _looked_into(
        self, connection: sa.Connection, inspector: Inspector, table: SeenTable, most_rows: int
    ) -> SeenTable:
        if self._steady_s() > self._ends_s:
            self._troubles.append(f"There was no time left to look into {table.place}.")
            return table
        found = [table]
        with self._spared(connection, table.place):
            found.append(self._with_keys(connection, inspector, found[-1]))
        with self._spared(connection, table.place):
            found.append(self._with_rows(connection, found[-1], most_rows))
        return found[-1]

    def _with_keys(self, connection: sa.Connection, inspector: Inspector, table: SeenTable) -> SeenTable:
        name, schema = table.place.name, table.place.schema or None
        if table.is_view:
            return table
        key = tuple(inspector.get_pk_constraint(name, schema=schema)["constrained_columns"])
        # SQLAlchemy finds no constraints of SQL Server's, whose unique indexes are there all the same.
        uniques: list[tuple[str, ...]] = []
        with suppress(NotImplementedError):
            uniques += [tuple(one["column_names"]) for one in inspector.get_unique_constraints(name, schema=schema)]
        for index in inspector.get_indexes(name, schema=schema):
            named = index["column_names"]
            if index["unique"] and None not in named and not index.get("dialect_options", {}).get("postgresql_where"):
                uniques.append(tuple(str(column) for column in named))
        links = tuple(
            Link(column=one["constrained_columns"][0], table=_referred(inspector, one), to=one["referred_columns"][0])
            for one in inspector.get_foreign_keys(name, schema=schema)
            if len(one["constrained_columns"]) == len(one["referred_columns"]) == 1
        )
        columns = table.columns
        if len(key) == 1:
            columns = tuple(
                replace(column, filling=self._filling(connection, inspector, table.place, column))
                if column.name == key[0]
                else column
                for column in columns
            )
        return replace(table, columns=columns, key=key, uniques=tuple(dict.fromkeys(uniques)), links=links)

    def _filling(
        self, connection: sa.Connection, inspector: Inspector, place: TablePlace, column: SeenColumn
    ) -> Filling:
        reflected = inspector.get_columns(place.name, schema=place.schema or None)
        one = next(found for found in reflected if found["name"] == column.name)
        maker = maker_of(connection, TableName(name=place.name, schema=place.schema or None), one)
        return _FILLINGS.get(maker, Filling.NOBODY)

    def _with_rows(self, connection: sa.Connection, table: SeenTable, most_rows: int) -> SeenTable:
        columns = (sa.column(column.name, _UNTYPED) for column in table.columns)
        clause = sa.table(table.place.name, *columns, schema=table.place.schema or None)
        rows = list(_rows(connection, table, clause, most_rows))
        one = sa.select(sa.literal_column("1").label("one")).select_from(clause).limit(_MOST_COUNTED + 1).subquery()
        count = len(rows)
        if count >= most_rows:
            count = connection.execute(sa.select(sa.func.count()).select_from(one)).scalar_one()
        return replace(table, rows=rows, row_count=min(count, _MOST_COUNTED), is_at_least=count > _MOST_COUNTED)

    @contextmanager
    def _spared(self, connection: sa.Connection, place: TablePlace) -> Iterator[None]:
        """Note what cannot be read of one table, and go on; a connection that broke ends everything."""
        try:
            yield
        except SQLAlchemyError as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            connection.rollback()
            why = "it is not there any more" if isinstance(error, NoSuchTableError) else why_of(error)
            self._troubles.append(f"{place} could not be looked into: {why}.")


def _rows(
    connection: sa.Connection, table: SeenTable, clause: sa.TableClause, most_rows: int
) -> Iterator[Sequence[Value]]:
    wanted = [
        cut(clause.c[column.name], column, connection.dialect.name) if column.is_read else sa.null()
        for column in table.columns
    ]
    statement = sa.select(*(one.label(f"c{at}") for at, one in enumerate(wanted))).select_from(clause)
    if len(table.key) == 1:
        statement = statement.order_by(clause.c[table.key[0]].desc())
    for row in connection.execute(statement.limit(most_rows)):
        yield tuple(plain_value(value, column) for value, column in zip(row, table.columns, strict=True))


def _referred(inspector: Inspector, link: ReflectedForeignKeyConstraint) -> TablePlace:
    schema = link["referred_schema"]
    return TablePlace(
        name=link["referred_table"], schema="" if schema in {None, inspector.default_schema_name} else schema
    )


@contextmanager
def _quietly() -> Iterator[None]:
    """Let SQLAlchemy not warn of a column of a kind that it does not know: it is not read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield
