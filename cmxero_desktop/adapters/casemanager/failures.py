"""Turns what database drivers raise into CaseManagerError, with a sentence and a remedy for a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from cmxero_desktop.adapters.sql.failures import Refusal, code_of, first_line, refusal_of
from cmxero_desktop.domain.errors import CaseManagerAwayError, CaseManagerError, DeskError
from cmxero_desktop.domain.ways import EXAMINE


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a database refused, in words, what a person can do, and whether it could not even be asked."""

    why: str
    remedy: str
    is_away: bool = False


_BUSY = _Cause(
    "another program keeps it locked",
    "Nothing was changed. Wait until Case Manager has finished saving, then try again.",
)
_DENIED = _Cause(
    "the login does not have the right to do that",
    "Ask the database's administrator for the rights that are listed at the top of the mapping file.",
)
_SIGN_IN = _Cause(
    "the database does not accept this login or password",
    "Check the user name in the database address and enter the password again.",
)
_HIDDEN = _Cause(
    "row-level security hides rows from this login, and what it hides would be written again",
    "Have the database's administrator give the login BYPASSRLS, or make a view whose owner sees all rows.",
)
_READ_ONLY = _Cause(
    "it can only be read",
    "Use a login (or a file) that may be written to, or stay in Observe mode.",
)
_FULL = _Cause("its disk is full", "Nothing was changed. Free some space on that disk, then try again.")
_NOT_A_DATABASE = _Cause("the file is no SQLite database, or is damaged", "Check the file's name in the settings.")
_NO_DATABASE = _Cause("there is no database of that name", "Check the name in the database address.")
_NOT_REACHED = _Cause(
    "it does not answer",
    "Check that the database server runs and can be reached from this computer, then try again.",
    is_away=True,
)
_UNFIT_REMEDY = "Correct that value in Xero or in Case Manager, then check Xero again."
_SLOW = _Cause(
    "it took too long to answer",
    "Try again when the database has less to do. If it stays, have an index made on the columns of the mapping's keys.",
)
_UNDONE = _Cause(
    "the database took all of it back by itself, as a trigger may want it to",
    "Nothing was changed. Show this to whoever looks after Case Manager's database, then check Xero again.",
)
_UNTRUSTED = _Cause(
    "it cannot prove who it is",
    "Have the server given a certificate that this computer trusts. Or have its administrator confirm the fingerprint, "
    "and enter it: in the wizard under Certificate, in an address as ?certificate=…",
)
_CAUSES = {
    Refusal.BUSY: _BUSY,
    Refusal.DENIED: _DENIED,
    Refusal.SIGN_IN: _SIGN_IN,
    Refusal.READ_ONLY: _READ_ONLY,
    Refusal.FULL: _FULL,
    Refusal.DAMAGED: _NOT_A_DATABASE,
    Refusal.CANNOT_OPEN: _NOT_REACHED,
    Refusal.NO_DATABASE: _NO_DATABASE,
    Refusal.NOT_REACHED: _NOT_REACHED,
    Refusal.LOST: _NOT_REACHED,
    Refusal.SLOW: _SLOW,
    Refusal.UNDONE: _UNDONE,
    Refusal.UNTRUSTED: _UNTRUSTED,
}


@contextmanager
def translated(label: str, doing: str) -> Iterator[None]:
    """Raise what the database raises inside as CaseManagerError; `doing` completes "could not …"."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _failure(error, label, doing) from error


@contextmanager
def connected(engine: Engine, label: str, doing: str) -> Iterator[Connection]:
    """Do the same around a connection; while it is being made, whatever a driver raises is the database's refusal."""
    with translated(label, doing):
        try:
            connection = engine.connect()
        except (SQLAlchemyError, DeskError):
            raise
        except Exception as error:
            why = f"{_NOT_REACHED.why} ({_first_line(error)})"
            raise CaseManagerAwayError(f"{label}: could not {doing}, because {why}.", _NOT_REACHED.remedy) from error
        with connection:
            yield connection


def refuse_as_databases_do(engine: Engine) -> None:
    """Raise what a driver raises in Python's own words, before or after the database was asked, as the others are.

    A character that the connection cannot carry or a number too large for it would otherwise end far more than the
    row that holds it.
    """

    @event.listens_for(engine, "handle_error")
    def refuse(context: ExceptionContext) -> None:
        error = context.original_exception
        if context.sqlalchemy_exception is None and isinstance(error, Exception) and not isinstance(error, DeskError):
            raise DataError(context.statement, None, error, hide_parameters=True) from error


@contextmanager
def translated_commit(label: str, *, is_local_file: bool) -> Iterator[None]:
    """Do the same for a commit; where a server's answer was lost nobody knows whether it took place, and it says so.

    A local file answers for itself, so its failed commit was rolled back.
    """
    try:
        yield
    except DBAPIError as error:
        refusal = refusal_of(error.orig)
        if is_local_file or isinstance(error, IntegrityError) or refusal not in {None, Refusal.LOST}:
            raise _failure(error, label, "save the change") from error
        message = f"{label}: the connection broke while the change was being saved, so it is not known whether it was."
        raise CaseManagerError(message, "Check Xero again: the next check finds out.") from error


def why_of(error: SQLAlchemyError) -> str:
    """Say why a database refused, as it completes "because …"."""
    return _cause(error).why


def is_passing(error: SQLAlchemyError) -> bool:
    """Say whether a refusal tells nothing about the next time."""
    refusal = refusal_of(error.orig) if isinstance(error, DBAPIError) else None
    return refusal in {Refusal.BUSY, Refusal.SLOW, Refusal.LOST}


def _failure(error: SQLAlchemyError, label: str, doing: str) -> CaseManagerError:
    cause = _cause(error)
    kind = CaseManagerAwayError if cause.is_away else CaseManagerError
    return kind(f"{label}: could not {doing}, because {cause.why}.", cause.remedy)


def _cause(error: SQLAlchemyError) -> _Cause:
    if not isinstance(error, DBAPIError):
        return _Cause(_first_line(error), f"{EXAMINE} compares the mapping with the database.")
    refusal = refusal_of(error.orig)
    if refusal is not None and refusal in _CAUSES:
        return _known_cause(refusal, error.orig)
    if isinstance(error, IntegrityError):
        why = f"a rule of the database forbids it: {_first_line(error.orig)}"
        return _Cause(why, "Check Xero again. If it happens again, the mapping's constants may lack a value.")
    if refusal in {Refusal.UNFIT, Refusal.LACKS_CHARACTER} or isinstance(error, DataError):
        return _Cause(f"a value does not fit ({_first_line(error.orig)})", _UNFIT_REMEDY)
    if error.connection_invalidated or (code_of(error.orig) is None and error.statement is None):
        return replace(_NOT_REACHED, why=f"{_NOT_REACHED.why} ({_first_line(error.orig)})")
    return _Cause(
        f"the database says: {_first_line(error.orig)}",
        f"{EXAMINE} compares the mapping with the database.",
    )


def _known_cause(refusal: Refusal, said: BaseException | None) -> _Cause:
    cause = _CAUSES[refusal]
    if refusal is Refusal.UNTRUSTED:
        return replace(cause, why=_first_line(said))
    if getattr(said, "refusal", None):
        # Not the server's words, but our own about it.
        return replace(cause, why=f"{cause.why} ({_first_line(said)})")
    is_hidden = refusal is Refusal.DENIED and "row-level security" in str(said)
    return _HIDDEN if is_hidden else cause


def _first_line(error: BaseException | None) -> str:
    return first_line(error) or "it gave no reason"
