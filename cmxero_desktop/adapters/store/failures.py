"""Say in words what a database refused: every error of a driver becomes a StoreError here."""

import sqlite3
from contextlib import suppress

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import PendingRollbackError

from cmxero_desktop.domain.errors import StoreError

DAMAGED_REMEDY = "Close the program and put back the newest backup, which lies beside the store; then check Xero again."
_BROKEN_UNIT = "An earlier step of this unit of work failed, so nothing of it was stored."

_BUSY = (
    "is in use by another program, which did not let go of it in time.",
    "Nothing was stored. Close other copies of the program and try again.",
)
_FULL = (
    "could not be written: the disk is full or failing.",
    "Nothing of this step was stored. Make room on that disk and try again.",
)
_CLOSED = (
    "cannot be opened for writing.",
    "Check that the folder exists, that you may write to it, and that the disk is not write-protected.",
)
_DAMAGED = ("is damaged, or is no store of this program.", DAMAGED_REMEDY)
_UNREACHABLE = (
    "cannot be reached.",
    "Check the network, the server and the sign-in for it, then try again. Nothing of this step was stored.",
)
_OTHER = (
    "refused a step.",
    "Nothing of this step was stored. Try again; if it stays, run `cmxero doctor` and contact support.",
)

_BY_SQLITE_NAME = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _FULL,
    "SQLITE_READONLY": _CLOSED,
    "SQLITE_CANTOPEN": _CLOSED,
    "SQLITE_PERM": _CLOSED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
}
_BY_SQLSTATE = {"55P03": _BUSY, "53100": _FULL, "25006": _CLOSED, "42501": _CLOSED}


def translate_errors(engine: Engine, place: str) -> None:
    """Make every database error of the engine a StoreError that names `place`, and end its transaction.

    A database may have rolled back by itself (a full disk does that in SQLite); anything executed afterwards
    would then last on its own. So the connection is given up: its unit of work can neither go on nor commit.
    """

    @event.listens_for(engine, "handle_error")
    def translate(context: ExceptionContext) -> None:
        error = context.original_exception
        if context.is_pre_ping or not isinstance(error, Exception):
            return
        _give_up(context)
        raise store_error(error, place) from error


def _give_up(context: ExceptionContext) -> None:
    """Undo what the connection did, and have it closed.

    The undoing comes first: a SQLite connection closed while a statement hangs on it keeps its lock.
    """
    connection = context.connection
    if connection is not None and not connection.invalidated:
        with suppress(context.dialect.loaded_dbapi.Error):
            connection.connection.rollback()
    context.is_disconnect = True
    context.invalidate_pool_on_disconnect = False


def store_error(error: BaseException, place: str) -> StoreError:
    """Return what happened to the store at `place`, and what to do about it."""
    if isinstance(error, PendingRollbackError):
        return StoreError(_BROKEN_UNIT, "Do the whole step again.")
    what, remedy = _words_for(error)
    return StoreError(f"The program's store, {place}, {what} ({_detail(error)})", remedy)


def _words_for(error: BaseException) -> tuple[str, str]:
    if isinstance(error, sqlite3.Error):
        # Extended names such as SQLITE_IOERR_WRITE begin with the primary one.
        name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
        return _BY_SQLITE_NAME.get(name, _OTHER)
    import psycopg  # noqa: PLC0415 - a store in a file, which most are, never needs it

    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return _UNREACHABLE
    if isinstance(error, psycopg.Error):
        return _BY_SQLSTATE.get(error.sqlstate or "", _OTHER)
    return _OTHER


def _detail(error: BaseException) -> str:
    """Return the driver's first line; it names no value and no password."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
