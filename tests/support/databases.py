"""Fixtures that give a test a real, empty PostgreSQL or MariaDB database, and drop it afterwards.

`postgres_url` and `mariadb_url` are SQLAlchemy URLs with the password in them; `sql_server_url` leads to a stand-in for
a SQL Server, behind which such a PostgreSQL database stands. Where the server cannot be had,
the test is skipped with the reason; under CI=true it fails, so that a green run always covered both.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.support import servers
from tests.support.made_once import made_once
from tests.support.sql_server.database import teach
from tests.support.sql_server.server import SqlServer

_TEMPLATE: Final = ".template"


def pytest_configure(config: pytest.Config) -> None:
    """Let the run's first process own the servers; xdist's workers inherit the name of its folder."""
    if servers.FOLDER_VARIABLE not in os.environ:
        folder = servers.make_folder()
        os.environ[servers.FOLDER_VARIABLE] = str(folder)
        config.add_cleanup(lambda: _close(folder))
    config.add_cleanup(servers.leave)


def _close(folder: Path) -> None:
    for note in folder.glob(f"*{_TEMPLATE}"):
        server = servers.postgres(folder)
        if server.pid is None:  # it stays, and nothing of ours in it
            servers.drop_database(server, note.stem)
    servers.leave()
    servers.stop_all(folder)
    del os.environ[servers.FOLDER_VARIABLE]


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """Give the URL (`postgresql+psycopg://…`) of a fresh database on a real PostgreSQL server."""
    yield from _fresh_database(servers.postgres)


@pytest.fixture
def mariadb_url() -> Iterator[str]:
    """Give the URL (`mysql+pymysql://…`) of a fresh database on a real MariaDB server."""
    yield from _fresh_database(servers.mariadb)


@pytest.fixture
def sql_server() -> Iterator[SqlServer]:
    """Give a stand-in for a SQL Server with an empty database."""
    with copied_postgres_database("what a SQL Server says of itself", teach) as behind, SqlServer(behind) as server:
        yield server


@pytest.fixture
def sql_server_url(sql_server: SqlServer) -> str:
    """Give the URL (`mssql://…`) of an empty database on a stand-in for a SQL Server."""
    return sql_server.url


@contextmanager
def fresh_database(kind: str, encoding: str = "") -> Iterator[str]:
    """Give the URL of a fresh database on a server, `postgres` or `mariadb`, to a fixture of any scope."""
    yield from _fresh_database({"postgres": servers.postgres, "mariadb": servers.mariadb}[kind], encoding)


@contextmanager
def fresh_sql_server() -> Iterator[str]:
    """Give the URL of an empty database on a stand-in for a SQL Server, to a fixture of any scope."""
    with copied_postgres_database("what a SQL Server says of itself", teach) as behind, SqlServer(behind) as server:
        yield server.url


@contextmanager
def copied_postgres_database(key: str, fill: Callable[[str], object]) -> Iterator[str]:
    """Give the URL of a fresh PostgreSQL database with what `fill` puts into one, once for all test processes."""

    def template(server: servers.Server) -> str:
        name = _new_name()
        Path(os.environ[servers.FOLDER_VARIABLE], f"{name}{_TEMPLATE}").touch()
        fill(servers.create_database(server, name))
        return name

    yield from _fresh_database(servers.postgres, template=lambda server: made_once(key, lambda: template(server)))


def _fresh_database(
    find_server: Callable[[Path], servers.Server],
    encoding: str = "",
    template: Callable[[servers.Server], str] = lambda _: "",
) -> Iterator[str]:
    try:
        server = find_server(Path(os.environ[servers.FOLDER_VARIABLE]))
    except servers.ServerUnavailableError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    name = _new_name()
    url = servers.create_database(server, name, encoding, template(server))
    yield url
    servers.drop_database(server, name)


def _new_name() -> str:
    return f"cmxero_{secrets.token_hex(6)}"
