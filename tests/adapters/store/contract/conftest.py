"""Give each test an empty store of each kind, the one in memory that other tests stand on too."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.services.ports.store import Store
from tests.services.fake_store import MemoryStore
from tests.support.stores import lay_out_store


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a store with nothing in it."""
    if request.param == "memory":
        yield MemoryStore()
        return
    is_file = request.param == "sqlite"
    url = lay_out_store(tmp_path / "store.db") if is_file else request.getfixturevalue("postgres_store_url")
    with closing(SqlStore(url, busy_timeout_s=0.2)) as opened:
        yield opened
