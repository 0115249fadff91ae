"""Open our own store and hand out units of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from cmxero_desktop.adapters.sql.addresses import NoAddressError, parsed
from cmxero_desktop.adapters.sql.engines import SQLITE
from cmxero_desktop.adapters.sql.patience import USUAL_PATIENCE, Patience
from cmxero_desktop.adapters.store.engine import open_engines
from cmxero_desktop.adapters.store.failures import odd_record, store_error
from cmxero_desktop.adapters.store.migrating import migrate, require_version, revision_of
from cmxero_desktop.adapters.store.seen import AlreadyDecoded
from cmxero_desktop.adapters.store.unit_of_work import SqlUnitOfWork
from cmxero_desktop.domain.errors import StoreError

Clock = Callable[[], datetime]

FILE_NAME = "store.db"
# Longer than any unit of work lasts, the storing of a whole first poll included.
_BUSY_TIMEOUT_S = 30.0


class SqlStore:
    """Our own store in one SQLite file or one PostgreSQL database. Safe to use from several threads."""

    def __init__(
        self,
        url: str | URL,
        *,
        busy_timeout_s: float = _BUSY_TIMEOUT_S,
        clock: Clock | None = None,
        patience: Patience = USUAL_PATIENCE,
    ) -> None:
        """Prepare the store at `url`; nothing is opened yet. Raises StoreError for an unusable address.

        What changes is kept by the database's own time unless there is a `clock`.
        """
        self._clock = clock
        self._url = _understood(url)
        self._seen = AlreadyDecoded()
        self._engines = open_engines(self._url, busy_timeout_s=busy_timeout_s, patience=patience)
        # Whether each unit of work sees that nobody has renewed the tables: a newer program may, while this one runs.
        self._holds_version = False

    @property
    def place(self) -> str:
        """Where the store is, for a person."""
        return self._engines.label

    @property
    def is_shared(self) -> bool:
        """Whether several desktops may use it: a file is for one computer."""
        return not self._engines.is_file

    @contextmanager
    def begin(self) -> Iterator[SqlUnitOfWork]:
        """Open a unit of work that may write; it waits for another writer. Raises StoreError."""
        with self._unit_over(self._engines.writer) as unit:
            yield unit

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        """Open a unit of work that only reads, sees one moment, and blocks nobody. Raises StoreError."""
        with self._unit_over(self._engines.reader) as unit:
            yield unit

    def migrate(self, now: datetime) -> Path | None:
        """Bring the tables to this program's version; return the backup of the SQLite file, if one was made.

        Raises StoreError for a store of a newer version and for a database that holds something else.
        """
        file = Path(self._url.database or "") if self._engines.is_file else None
        backup = migrate(self._engines.writer, self.place, file, now)
        self._holds_version = True
        return backup

    def damage(self) -> str:
        """Look through a SQLite file for damage; return the first that is found, or nothing. Raises StoreError."""
        if not self._engines.is_file:
            return ""
        with self._engines.reader.connect() as connection:
            found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
        return "" if found == "ok" else found

    @property
    def revision(self) -> str:
        """The revision of the tables, as the migrations number them. Raises StoreError."""
        with self._engines.reader.connect() as connection:
            return revision_of(connection) or ""

    @contextmanager
    def _unit_over(self, engine: Engine) -> Iterator[SqlUnitOfWork]:
        with _transaction(engine, self.place) as connection:
            if self._holds_version:
                require_version(connection, self.place)
            yield SqlUnitOfWork(connection, self._clock, self._seen)

    def close(self) -> None:
        """Close every connection."""
        self._engines.dispose()


def open_store(home: Path, url: str) -> SqlStore:
    """Return the store at `url`, by default a file in the home folder; `migrate` it before use."""
    if url:
        return SqlStore(url)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {home} cannot be made: {error.strerror}."
        raise StoreError(message, "Check the path, or choose another folder with --home.") from error
    return SqlStore(URL.create(SQLITE, database=str(home / FILE_NAME)))


def _understood(url: str | URL) -> URL:
    try:
        address = parsed(url)
    except NoAddressError:
        message = "The address of the program's store cannot be read."
        remedy = "Correct store.url in the settings: postgresql://user@server/database."
        raise StoreError(message, remedy) from None
    if address.get_backend_name() == SQLITE and address.database in {None, "", ":memory:"}:
        message = "The address of the program's store names no file."
        raise StoreError(message, "Leave store.url empty in the settings for a file in the home folder.")
    return address


@contextmanager
def _transaction(engine: Engine, place: str) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            # Begun here rather than by the first statement, so that the lock is held before anything is read.
            connection.begin()
            # Closing the connection rolls back whatever the unit did not commit.
            yield connection
    except PendingRollbackError as error:
        raise store_error(error, place) from error
    except PoolTimeoutError as error:
        message = "The program has too many units of work open at once."
        raise StoreError(message, "Try again in a moment; if it stays, restart the program.") from error
    except Exception as error:
        if (odd := odd_record(error, place)) is not None:
            raise odd from error
        raise
