"""Lays out empty stores of our own: one is migrated for all test processes, and the others are copies of it.

That the migrations make what the program needs, from nothing and from each older version, is shown in
`tests/adapters/store/test_migrating.py` and its neighbours, which lay out nothing.
"""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cmxero_desktop.adapters.store import SqlStore
from tests.support.made_once import made_once

# An empty store does not remember when it was made.
_MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)


def lay_out_store(file: Path) -> str:
    """Put an empty store of this program's version into a file that is not there yet; return its address."""
    with file.open("xb") as stored:
        stored.write(made_once("an empty store in a file", _empty_file))
    return f"sqlite:///{file}"


def _empty_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "store.db")
        migrate_store(f"sqlite:///{file}")
        return file.read_bytes()


def migrate_store(url: str) -> None:
    """Make the tables of a store in an empty database."""
    with closing(SqlStore(url)) as store:
        store.migrate(_MADE_AT)
