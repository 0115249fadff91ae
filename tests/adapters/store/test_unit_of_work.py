"""Every refusal of the database is said in words, and keeps what was committed before."""

import os
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from cmxero_desktop.adapters.store import SqlStore, open_store
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from tests.adapters.store.examples import NOON, xero_payment

ONE, TWO = CasePaymentId(1), CasePaymentId(2)


def copies(store: SqlStore) -> frozenset[CasePaymentId]:
    with store.read() as unit:
        return unit.pairs.copies()


def cut_connections(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(b"This is no database. " * 1000)
    store = SqlStore(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="damaged") as raised:
        store.migrate(NOON)
    store.close()
    assert str(file) in raised.value.message
    assert "backup" in raised.value.remedy


def test_a_damaged_file(sqlite_store: SqlStore, tmp_path: Path) -> None:
    with sqlite_store.begin() as unit:
        unit.facts.save_payments([xero_payment(f"p-{n}") for n in range(500)])
        unit.commit()
    sqlite_store.close()
    file = tmp_path / "store.db"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="damaged"), sqlite_store.begin() as unit:
        unit.facts.save_payments([xero_payment("p-1", "1.00")])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'nowhere' / 'store.db'}")
    with pytest.raises(StoreError, match="cannot be opened for writing") as raised, store.begin():
        pass
    assert "folder" in raised.value.remedy


def test_a_file_that_is_write_protected(sqlite_store: SqlStore, tmp_path: Path) -> None:
    """A superuser may write anything, so the protection is one that SQLite itself holds to."""
    sqlite_store.close()
    protected = SqlStore(f"sqlite:///file:{tmp_path / 'store.db'}?mode=ro&uri=true", busy_timeout_s=0.2)
    with pytest.raises(StoreError, match="cannot be opened for writing"), protected.begin() as unit:
        unit.pairs.add_copies([ONE])
    protected.close()


DISK_FULL = """
    import resource, signal, sys
    from cmxero_desktop.adapters.store import SqlStore
    from cmxero_desktop.domain.errors import StoreError
    from cmxero_desktop.domain.identifiers import CasePaymentId
    from tests.adapters.store.examples import xero_payment

    store = SqlStore(sys.argv[1])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        with store.begin() as unit:
            unit.pairs.add_copies([CasePaymentId(2)])
            unit.facts.save_payments([xero_payment(f"p-{n}") for n in range(20_000)])
            unit.commit()
    except StoreError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limit on the size of a process's files")
def test_a_full_disk_keeps_what_was_committed(sqlite_store: SqlStore, tmp_path: Path) -> None:
    with sqlite_store.begin() as unit:
        unit.pairs.add_copies([ONE])
        unit.commit()
    outcome = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DISK_FULL), f"sqlite:///{tmp_path / 'store.db'}"],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert "the disk is full or failing" in outcome.stdout
    assert "Make room" in outcome.stdout
    assert copies(sqlite_store) == {ONE}
    with closing(sqlite3.connect(tmp_path / "store.db")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_every_commit_reaches_the_disk(sqlite_store: SqlStore) -> None:
    with sqlite_store.begin() as unit:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        read = [unit._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert read == ["wal", 2, 1]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/x", "cannot be kept in mysql"),
        ("what is this", "cannot be read"),
        ("postgresql://host:port/x", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_an_address_that_makes_no_sense(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence) as raised:
        SqlStore(url)
    assert raised.value.remedy


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    store = SqlStore("postgresql://kim:hunter2@127.0.0.1:1/desk")
    with pytest.raises(StoreError, match="cannot be reached") as raised, store.begin():
        pass
    assert "desk on this computer" in raised.value.message
    assert "hunter2" not in str(raised.value) + str(raised.value.__cause__)


@pytest.mark.postgres
def test_a_lost_server_connection_ends_the_unit_and_the_next_one_connects_anew(postgres_store_url: str) -> None:
    store = SqlStore(postgres_store_url)
    with store.begin() as unit:
        unit.pairs.add_copies([ONE])
        cut_connections(postgres_store_url)
        with pytest.raises(StoreError):
            unit.commit()
    cut_connections(postgres_store_url)
    with store.begin() as unit:
        unit.pairs.add_copies([TWO])
        unit.commit()
    assert copies(store) == {TWO}
    store.close()


def test_the_default_store_is_a_file_in_the_home_folder(tmp_path: Path) -> None:
    home = tmp_path / "a ho%me" / "desk"
    store = open_store(home, "")
    store.migrate(NOON)
    store.close()
    assert store.place == str(home / "store.db")
    assert (home / "store.db").exists()


def test_a_store_elsewhere_by_its_address(tmp_path: Path) -> None:
    store = open_store(tmp_path / "home", f"sqlite:///{tmp_path / 'other.db'}")
    assert store.place == str(tmp_path / "other.db")
    assert not (tmp_path / "home").exists()


def test_a_home_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be made") as raised:
        open_store(tmp_path / "file" / "desk", "")
    assert raised.value.remedy
