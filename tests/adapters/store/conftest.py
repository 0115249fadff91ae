"""Give each test an empty store, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from cmxero_desktop.adapters.store import SqlStore
from tests.support.databases import copied_postgres_database
from tests.support.stores import lay_out_store, migrate_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return cast("str", request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty store whose tables are there."""
    if request.param == "sqlite":
        return lay_out_store(tmp_path / "store.db")
    return cast("str", request.getfixturevalue("postgres_store_url"))


@pytest.fixture
def postgres_store_url() -> Iterator[str]:
    """Give the address of such a store on a real PostgreSQL server."""
    with copied_postgres_database("an empty store on a server", migrate_store) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """Return a store whose tables are there."""
    with closing(SqlStore(store_url, busy_timeout_s=0.2)) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[SqlStore]:
    """Return a store in a file, where only SQLite is meant."""
    with closing(SqlStore(lay_out_store(tmp_path / "store.db"), busy_timeout_s=0.2)) as opened:
        yield opened
