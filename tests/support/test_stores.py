"""A store that is laid out is one that was migrated, whole and empty."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.adapters.store.migrating import HEAD
from tests.support.stores import lay_out_store, migrate_store


def test_a_laid_out_store_holds_what_a_migrated_one_holds(tmp_path: Path) -> None:
    migrated, laid_out = tmp_path / "migrated.db", tmp_path / "laid-out.db"
    migrate_store(f"sqlite:///{migrated}")
    with closing(SqlStore(lay_out_store(laid_out))) as store:
        assert store.revision == HEAD
    assert _all_of(laid_out) == _all_of(migrated)


def test_no_store_is_laid_out_over_another(tmp_path: Path) -> None:
    lay_out_store(tmp_path / "store.db")
    with pytest.raises(FileExistsError):
        lay_out_store(tmp_path / "store.db")


def _all_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return sorted(connection.iterdump())
