"""What every part of a unit of work needs: its connection, statements in chunks, and upserts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, any_, bindparam, func, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects import postgresql, sqlite

from cmxero_desktop.adapters.sql.engines import POSTGRESQL
from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import encode
from cmxero_desktop.services.records.touched import EVERYTHING, EVERYTHING_SHOWN, by_shown

Item = TypeVar("Item")

Row = Mapping[str, Any]
"""A row to write, by column."""

StoredRow: TypeAlias = SqlRow[*tuple[Any, ...]]
"""A row that was read; its columns are attributes."""

# Both databases take far more parameters; this keeps a statement's text small enough to be cached.
_CHUNK = 1000
VERSION_ID = 1
GENERATION_ID = 2
# So many invoices of one page are a first load, or a firm that changed altogether.
_TOUCHED_AT_MOST = 300


class Work:
    """One part of a unit of work, over the connection that all parts share."""

    def __init__(self, connection: Connection) -> None:
        """Work within the connection's transaction."""
        self._connection = connection

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)

    def _insert_missing(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert the rows whose key is not there yet."""
        if rows:
            self._connection.execute(self._upsert(table).on_conflict_do_nothing(), rows)

    def _insert_or_update(self, table: Table, rows: Sequence[Row], *, key: str, kept: str = "") -> None:
        """Insert rows, or overwrite the stored ones with the same key, but for the column `kept`.

        The rows hold the same columns.
        """
        if not rows:
            return
        statement = self._upsert(table)
        newer = {name: statement.excluded[name] for name in rows[0] if name not in {key, kept}}
        self._connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=newer), rows)

    def _upsert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        is_postgresql = self._connection.dialect.name == POSTGRESQL
        return postgresql.insert(table) if is_postgresql else sqlite.insert(table)

    def _select_in(self, statement: Select[Any], column: Column[Any], keys: Iterable[object]) -> Iterator[StoredRow]:
        """Run a select for as many keys as there are, some at a time."""
        for chunk in chunks(keys):
            yield from self._connection.execute(statement.where(self._is_among(column, chunk)))

    def _is_among(self, column: Column[Any], keys: list[object]) -> ColumnElement[bool]:
        """Return that a column is one of the keys, as one parameter: a list of them is another statement each time."""
        if self._connection.dialect.name == POSTGRESQL:
            return column == any_(bindparam(None, keys, postgresql.ARRAY(column.type)))
        return column.in_(select(func.json_each(encode(keys)).table_valued("value").c.value))

    def _mark_changed(self, subjects: Collection[str] = EVERYTHING) -> None:
        """Note that the facts about these are not what they were."""
        self._count_up(VERSION_ID)
        self._touch(subjects)

    def _touch_shown(self, numbers: Collection[str]) -> None:
        """Note that something else is shown of these invoices, by CM number, and nothing that is compared."""
        self._touch(by_shown(numbers), everything=EVERYTHING_SHOWN)

    def _touch(self, subjects: Collection[str], *, everything: Collection[str] = EVERYTHING) -> None:
        """Note that something was stored about these invoices; about very many it is as if it were about all."""
        if subjects:
            generation = self._count_up(GENERATION_ID)
            names = subjects if len(subjects) <= _TOUCHED_AT_MOST else everything
            rows = [{"subject": name, "generation": generation} for name in sorted(names)]
            self._insert_or_update(tables.touched, rows, key="subject")

    def _count_up(self, number_id: int) -> int:
        """Return the next of a row of numbers; the writer's lock keeps it in step with what is stored."""
        statement = self._upsert(tables.facts_version)
        version = tables.facts_version.c.version
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["version_id"], set_={"version": version + 1}),
            [{"version_id": number_id, "version": 1}],
        )
        found = self._connection.scalar(select(version).where(tables.facts_version.c.version_id == number_id))
        return int(found or 0)

    def _delete(self, column: Column[Any], keys: Collection[object]) -> None:
        for chunk in chunks(keys):
            self._connection.execute(column.table.delete().where(self._is_among(column, chunk)))


def is_answered_before(row: Row, other: Row) -> bool:
    """Say whether Xero gave the answer of one row before that of another; unknown is not before (R35)."""
    answered_at, known_at = row["answered_at"], other["answered_at"]
    return answered_at is not None and known_at is not None and bool(answered_at < known_at)


def own_time(connection: Connection) -> datetime:
    """Return the store's own time: the desktops of a shared store may disagree about it."""
    if connection.dialect.name == POSTGRESQL:
        now: datetime = connection.scalars(select(func.clock_timestamp())).one()
        return now
    return datetime.now(UTC)


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Cut items into lists that fit into one statement."""
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
