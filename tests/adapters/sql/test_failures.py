"""What a driver raises is told by its code, whichever way each of them says it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cmxero_desktop.adapters.sql.failures import Refusal, code_of, first_line, refusal_of


class NamedError(Exception):
    """An error of a driver that names its code in an attribute."""

    def __init__(self, **named: str) -> None:
        super().__init__("It says something.\nAnd more.")
        for name, value in named.items():
            setattr(self, name, value)


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (NamedError(sqlite_errorname="SQLITE_IOERR_WRITE"), Refusal.DISK),
        (NamedError(sqlite_errorname="SQLITE_READONLY_DIRECTORY"), Refusal.READ_ONLY),
        (NamedError(sqlite_errorname="SQLITE_BUSY"), Refusal.BUSY),
        (NamedError(sqlite_errorname="SQLITE_MISMATCH"), None),
        (NamedError(sqlstate="55P03"), Refusal.BUSY),
        (NamedError(sqlstate="28P01"), Refusal.SIGN_IN),
        (Exception(1049, "Unknown database"), Refusal.NO_DATABASE),
        (Exception(2013, "Lost connection"), Refusal.LOST),
        (Exception("no code at all"), None),
        (None, None),
    ],
)
def test_a_refusal_is_told_by_its_code(error: BaseException | None, refusal: Refusal | None) -> None:
    assert refusal_of(error) is refusal


def test_a_real_error_of_sqlite_has_its_name(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Sir or Madam, " * 100)
    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.DatabaseError) as caught:
        connection.execute("SELECT * FROM sqlite_master")
    assert (code_of(caught.value), refusal_of(caught.value)) == ("SQLITE_NOTADB", Refusal.DAMAGED)


def test_only_the_first_line_is_repeated() -> None:
    assert first_line(NamedError()) == "It says something"
    assert first_line(None) == ""
