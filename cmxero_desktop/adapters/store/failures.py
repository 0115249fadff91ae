"""Say in words what a database refused: every error of a driver becomes a StoreError here."""

import logging
import sqlite3
from contextlib import suppress
from traceback import walk_tb

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import PendingRollbackError

from cmxero_desktop.adapters.sql.failures import Refusal, first_line, refusal_of
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.ways import EXAMINE

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
_SLOW = (
    "took too long to answer.",
    "Nothing of this step was stored. Try again when the database has less to do.",
)
_OTHER = (
    "refused a step.",
    f"Nothing of this step was stored. Try again; if it stays, examine it ({EXAMINE}) and contact support.",
)

_OURS, _HERE = "cmxero_desktop.", "cmxero_desktop.adapters.store."
# Values are made by whoever reads, and the unit of work itself is around everything that is done in it.
_NOBODYS = ("cmxero_desktop.domain.", f"{_HERE}store")
_ODD = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_log = logging.getLogger(__name__)

_NOT_UNICODE = (
    "cannot keep every text: its encoding is not UTF8.",
    "Nothing of this step was stored. Have the database moved into one that is made with ENCODING 'UTF8'.",
)

_WORDS = {
    Refusal.BUSY: _BUSY,
    Refusal.DENIED: _CLOSED,
    Refusal.SIGN_IN: _UNREACHABLE,
    Refusal.READ_ONLY: _CLOSED,
    Refusal.FULL: _FULL,
    Refusal.DISK: _FULL,
    Refusal.DAMAGED: _DAMAGED,
    Refusal.CANNOT_OPEN: _CLOSED,
    Refusal.NO_DATABASE: _UNREACHABLE,
    Refusal.LOST: _UNREACHABLE,
    Refusal.SLOW: _SLOW,
    Refusal.LACKS_CHARACTER: _NOT_UNICODE,
}


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


def odd_record(error: Exception, place: str) -> StoreError | None:
    """Return what to say of an error over what a record holds; None where it is none of reading the store.

    A file can be edited by others, and a database does not keep every column to its type. Whose error it is tells the
    innermost part of the program beside values: what somebody hands over to be stored may fail here by its own fault.
    """
    if not isinstance(error, _ODD):
        return None
    modules = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    parts = [name for name in modules if name.startswith(_OURS) and not name.startswith(_NOBODYS)]
    if not parts or not parts[-1].startswith(_HERE):
        return None
    _log.error("A record of the store makes no sense", exc_info=error)
    message = f"The program's store, {place}, holds a record that makes no sense ({type(error).__name__})."
    return StoreError(message, f"{DAMAGED_REMEDY} The log says more.")


def _words_for(error: BaseException) -> tuple[str, str]:
    refusal = refusal_of(error)
    if refusal is not None:
        return _WORDS.get(refusal, _OTHER)
    if isinstance(error, sqlite3.Error):
        return _OTHER
    import psycopg  # noqa: PLC0415 - a store in a file, which most are, never needs it

    # Without a code it never came to the server, or was cut off from it.
    is_cut_off = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
    return _UNREACHABLE if is_cut_off else _OTHER


def _detail(error: BaseException) -> str:
    """Return the driver's first line; it names no value and no password."""
    return first_line(error) or type(error).__name__
