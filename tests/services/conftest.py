"""Give each test a desk of its own over a store that was migrated once."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cmxero_desktop.adapters.store import SqlStore
from tests.services.desk import Desk


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store file with its tables, to be copied."""
    file = tmp_path_factory.mktemp("store") / "store.db"
    store = SqlStore(f"sqlite:///{file}")
    store.migrate(datetime(2026, 11, 1, tzinfo=UTC))
    store.close()
    return file


@pytest.fixture
def desk(empty_store: Path, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk with nothing in it."""
    opened = Desk(Path(shutil.copy(empty_store, tmp_path / "desk.db")))
    yield opened
    opened.close()
