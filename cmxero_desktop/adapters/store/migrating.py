"""Bring a store to this program's version: backup first, one transaction, and never a step back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from cmxero_desktop.adapters.sql.engines import POSTGRESQL
from cmxero_desktop.adapters.sql.patience import take_time
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.held_files import patiently

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0022"
"""The newest revision of the tables. A store that has it is opened without loading Alembic, which takes its time."""

BACKUPS_KEPT = 5
_UNICODE = "UTF8"
_INSTALL = "Install the newest version on this computer; the store was not touched."

# Beside this file in a checkout, a wheel and a bundle alike; no alembic.ini exists.
_SCRIPTS = Path(__file__).with_name("migrations")


def migrate(engine: Engine, place: str, file: Path | None, now: datetime) -> Path | None:
    """Upgrade the store; return the backup that was made of `file`, which is None for a server's database.

    The writer's lock is held from the first look to the commit, so two programs may start at once.
    """
    with engine.connect() as connection, connection.begin():
        present = revision_of(connection)
        if present == HEAD:
            return None
        take_time(connection)
        from alembic import command  # noqa: PLC0415 - only a store that is not up to date needs it
        from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

        config = config_for(connection, now)
        revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        _require_ours(connection, place, present, revisions)
        backup = _back_up(file, present, now) if file and present else None
        command.upgrade(config, "head")
    return backup


def revision_of(connection: Connection) -> str | None:
    """Return the revision that a database is at, None where it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def require_version(connection: Connection, place: str) -> None:
    """Raise StoreError where somebody has renewed the tables since they were this program's.

    A writer holds the lock that a migration needs, so what it finds here is so until it commits.
    """
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found is not None and found < HEAD:  # all have four digits
        message = (
            f"The program's store, {place}, was put back to what an older version wrote ({found}) while this one ran."
        )
        raise StoreError(
            message, "Quit the program and start it again: it renews the store, and keeps a copy of the file."
        )
    if found != HEAD:
        message = f"The program's store, {place}, was renewed by a newer version of it ({found}) while this one ran."
        raise StoreError(message, f"Quit the program. {_INSTALL}")


def config_for(connection: Connection, now: datetime | None = None) -> "Config":
    """Return Alembic's configuration for one open connection; `now` is what the migrations take the time to be."""
    from alembic.config import Config  # noqa: PLC0415 - only a store that is not up to date needs it

    config = Config(attributes={"connection": connection, "now": now})
    # A percent sign begins an interpolation in Alembic's configuration.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _require_ours(connection: Connection, place: str, present: str | None, revisions: list[str]) -> None:
    if present is None and inspect(connection).get_table_names():
        message = f"The database {place} holds something else, no store of this program."
        raise StoreError(message, "Name an empty database in store.url; this one was not touched.")
    if present is None and connection.dialect.name == POSTGRESQL:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != _UNICODE:
            message = f"The database {place} keeps text as {encoding}, which cannot hold everything that Xero shows."
            raise StoreError(message, "Name one in store.url that was made with ENCODING 'UTF8'.")
    if present is not None and present not in revisions:
        message = f"The program's store, {place}, was written by a newer version of it ({present})."
        raise StoreError(message, _INSTALL)


def _back_up(file: Path, present: str, now: datetime) -> Path:
    """Copy the file as it stands, under a name that sorts by time, and drop the oldest copies."""
    moment = now.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
    backup = file.with_name(f"{file.name}.{moment}.from-{present}.backup")
    half = backup.with_suffix(".half")
    try:
        _copy(file, half)
        patiently(lambda: half.replace(backup))
        for old in sorted(file.parent.glob(f"{file.name}.*.backup"))[:-BACKUPS_KEPT]:
            patiently(old.unlink)
    except (sqlite3.Error, OSError) as error:
        half.unlink(missing_ok=True)
        message = f"No backup of {file} could be made before the upgrade, so it was not upgraded: {error}."
        raise StoreError(message, "Make room on that disk, check your rights in the folder, and try again.") from error
    return backup


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as stored, closing(sqlite3.connect(target)) as copy:
        stored.backup(copy)
