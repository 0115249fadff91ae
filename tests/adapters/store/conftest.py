"""Give each test an empty store, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from cmxero_desktop.adapters.store import SqlStore
from tests.adapters.store.examples import NOON


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return cast("str", request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """Return a store whose tables are there."""
    opened = SqlStore(store_url, busy_timeout_s=0.2)
    opened.migrate(NOON)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[SqlStore]:
    """Return a store in a file, where only SQLite is meant."""
    opened = SqlStore(f"sqlite:///{tmp_path / 'store.db'}", busy_timeout_s=0.2)
    opened.migrate(NOON)
    yield opened
    opened.close()
