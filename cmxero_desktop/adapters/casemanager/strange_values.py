"""Keeps one strange value from costing a whole reading: PostgreSQL's driver hands it over as the text that it is (R30).

Dates have a wider range in PostgreSQL than in Python (`infinity`, the year 20226, before Christ), and a database that
is encoded as SQL_ASCII keeps whatever bytes it was given. The decoder finds both, and names the row.
"""

from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Any

from psycopg import Connection, DataError
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

_CACHED = 65_536
_ANY_BYTES = "SQL_ASCII"
_TEXTS = ("text", "varchar", "bpchar", "name")


def take_strange_values(connection: Connection[Any]) -> None:
    """Have a connection read what Python has no value for as text."""
    for name, loader in _DATES.items():
        connection.adapters.register_loader(name, loader)
    if connection.info.parameter_status("server_encoding") == _ANY_BYTES:
        # Asked for UTF-8 the server would refuse to send what is none; the driver sends that in any case.
        connection.execute("SET client_encoding TO 'SQL_ASCII'")
        for name in _TEXTS:
            connection.adapters.register_loader(name, _AnyBytes)


def _as_it_is(data: Buffer) -> str:
    # What is no UTF-8 becomes half characters, as in a SQLite file (see engine).
    return bytes(data).decode("utf-8", "surrogateescape")


def _lenient(loader: type[Loader]) -> type[Loader]:
    class Lenient(loader):  # type: ignore[misc,valid-type]  # a class that is chosen while running
        def load(self, data: Buffer) -> object:
            try:
                return super().load(data)
            except DataError:
                return _as_it_is(data)

    return Lenient


class _Dates(_lenient(DateLoader)):  # type: ignore[misc]  # as above
    """Takes the shortest way for the days that nearly all rows have."""

    def load(self, data: Buffer) -> object:
        return _iso_date(bytes(data)) or super().load(data)


@lru_cache(maxsize=_CACHED)
def _iso_date(data: bytes) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(data.decode())
    return None


class _AnyBytes(Loader):
    def load(self, data: Buffer) -> str:
        return _as_it_is(data)


_DATES: dict[str, type[Loader]] = {
    "date": _Dates,
    "timestamp": _lenient(TimestampLoader),
    "timestamptz": _lenient(TimestamptzLoader),
}
