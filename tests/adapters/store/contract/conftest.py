"""Give each test an empty store of each kind, the one in memory that other tests stand on too."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.services.ports.store import Store
from tests.adapters.store.examples import NOON
from tests.services.fake_store import MemoryStore


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a store with nothing in it."""
    if request.param == "memory":
        yield MemoryStore()
        return
    is_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'store.db'}" if is_file else cast("str", request.getfixturevalue("postgres_url"))
    opened = SqlStore(url, busy_timeout_s=0.2)
    opened.migrate(NOON)
    yield opened
    opened.close()
