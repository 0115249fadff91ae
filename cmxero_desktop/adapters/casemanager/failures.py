"""Turns what database drivers raise into CaseManagerError, with a sentence and a remedy for a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from cmxero_desktop.domain.errors import CaseManagerError


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a database refused, in words, and what a person can do."""

    why: str
    remedy: str


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
)
_CAUSES: dict[str | int, _Cause] = {
    # SQLite's result names
    "SQLITE_BUSY": _BUSY,
    "SQLITE_BUSY_SNAPSHOT": _BUSY,
    "SQLITE_BUSY_RECOVERY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_PROTOCOL": _BUSY,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_READONLY_DBMOVED": _READ_ONLY,
    "SQLITE_READONLY_DIRECTORY": _READ_ONLY,
    "SQLITE_READONLY_ROLLBACK": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_NOTADB": _NOT_A_DATABASE,
    "SQLITE_CORRUPT": _NOT_A_DATABASE,
    "SQLITE_CANTOPEN": _NOT_REACHED,
    # PostgreSQL's SQLSTATE
    "55P03": _BUSY,
    "40P01": _BUSY,
    "40001": _BUSY,
    "42501": _DENIED,
    "25006": _READ_ONLY,
    "53100": _FULL,
    "28P01": _SIGN_IN,
    "28000": _SIGN_IN,
    "3D000": _NO_DATABASE,
    # MariaDB's and MySQL's numbers
    1205: _BUSY,
    1213: _BUSY,
    1020: _BUSY,
    1044: _DENIED,
    1142: _DENIED,
    1143: _DENIED,
    1290: _READ_ONLY,
    1792: _READ_ONLY,
    1021: _FULL,
    1114: _FULL,
    1045: _SIGN_IN,
    1049: _NO_DATABASE,
    2003: _NOT_REACHED,
    2005: _NOT_REACHED,
    2006: _NOT_REACHED,
    2013: _NOT_REACHED,
    # SQL Server's numbers (1205 is a deadlock there, too)
    1222: _BUSY,
    229: _DENIED,
    18456: _SIGN_IN,
    4060: _NO_DATABASE,
}


@contextmanager
def translated(label: str, doing: str) -> Iterator[None]:
    """Raise what the database raises inside as CaseManagerError; `doing` completes "could not …"."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _failure(error, label, doing) from error


@contextmanager
def translated_commit(label: str, *, is_local_file: bool) -> Iterator[None]:
    """Do the same for a commit; where a server's answer was lost nobody knows whether it took place, and it says so.

    A local file answers for itself, so its failed commit was rolled back.
    """
    try:
        yield
    except DBAPIError as error:
        if is_local_file or isinstance(error, IntegrityError) or _code(error) in _CAUSES.keys() - _LOST:
            raise _failure(error, label, "save the change") from error
        message = f"{label}: the connection broke while the change was being saved, so it is not known whether it was."
        raise CaseManagerError(message, "Check Xero again: the next check finds out.") from error


_LOST = frozenset({2006, 2013})


def _failure(error: SQLAlchemyError, label: str, doing: str) -> CaseManagerError:
    cause = _cause(error)
    return CaseManagerError(f"{label}: could not {doing}, because {cause.why}.", cause.remedy)


def _cause(error: SQLAlchemyError) -> _Cause:
    if not isinstance(error, DBAPIError):
        return _Cause(_first_line(error), "Run `cmxero doctor`, which compares the mapping with the database.")
    code = _code(error)
    if code in _CAUSES:
        return _CAUSES[code]
    if isinstance(error, IntegrityError):
        why = f"a rule of the database forbids it: {_first_line(error.orig)}"
        return _Cause(why, "Check Xero again. If it happens again, the mapping's constants may lack a value.")
    if error.connection_invalidated or (code is None and error.statement is None):
        return _Cause(f"{_NOT_REACHED.why} ({_first_line(error.orig)})", _NOT_REACHED.remedy)
    return _Cause(
        f"the database says: {_first_line(error.orig)}",
        "Run `cmxero doctor`, which compares the mapping with the database.",
    )


def _code(error: DBAPIError) -> str | int | None:
    """Return SQLite's result name, PostgreSQL's SQLSTATE, or the number that other drivers put first."""
    original = error.orig
    first = original.args[0] if original is not None and original.args else None
    if isinstance(first, int):
        return first
    named = getattr(original, "sqlite_errorname", None) or getattr(original, "sqlstate", None)
    return str(named) if named else None


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else "it gave no reason"
