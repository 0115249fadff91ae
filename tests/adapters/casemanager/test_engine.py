"""Connecting never makes a file, never prints a password, and says in words what is wrong."""

import logging
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.casemanager.engine import Waits, label_of, session_statements
from cmxero_desktop.adapters.casemanager.locking import RowLocks, isolation_of, knows_nowait
from cmxero_desktop.adapters.casemanager.mapping import TableName
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema, CheckedTable, DatabaseColumn, bound
from cmxero_desktop.adapters.sql.patience import USUAL_PATIENCE
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.mapping.column_kinds import ColumnKind
from tests.adapters.casemanager.firms import reference_firm


def refusal_of(url: str, password: str | None = None) -> CaseManagerError:
    with pytest.raises(CaseManagerError) as caught:
        CaseManagerDatabase(url, load_mapping("reference"), password=password).check()
    assert caught.value.remedy
    return caught.value


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    error = refusal_of(f"sqlite:///{tmp_path}/missing.db")
    assert "There is no database file" in error.message
    assert not (tmp_path / "missing.db").exists()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_bytes(b"Dear Sir or Madam, " * 100)
    assert "no SQLite database" in refusal_of(f"sqlite:///{tmp_path}/letter.db").message


def test_a_file_with_odd_characters_in_its_name_opens(tmp_path: Path) -> None:
    # Windows takes no question mark in a name.
    path = tmp_path / f"fünf %41 #1{'' if sys.platform == 'win32' else '?'}.db"
    path.touch()
    firm = reference_firm(sa.URL.create("sqlite", database=str(path)).render_as_string())
    database = CaseManagerDatabase(firm.url, load_mapping("reference"))
    assert database.check().label == f"{path.name} on this computer"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("no url at all, secret", "is not a database URL"),
        ("sqlite://", "names no SQLite file"),
        ("sqlite:///:memory:", "names no SQLite file"),
        ("paradox://ann:secret@srv/cm", "does not know the kind of database paradox"),
        ("oracle+cx_oracle://ann:secret@srv/cm", "is not installed"),
        ("postgresql://ann:secret@127.0.0.1:1/cm", "it does not answer"),
        ("mariadb://ann:secret@127.0.0.1:1/cm", "it does not answer"),
    ],
)
def test_what_cannot_be_connected_is_refused_without_the_password(
    url: str, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        error = refusal_of(url)
    assert what in error.message
    assert "secret" not in f"{error!s} {error.__cause__!r} {caplog.text}"


@pytest.mark.parametrize(
    "server",
    [pytest.param("postgres_url", marks=pytest.mark.postgres), pytest.param("mariadb_url", marks=pytest.mark.mariadb)],
)
def test_a_wrong_password_says_so(request: pytest.FixtureRequest, server: str) -> None:
    url = sa.make_url(str(request.getfixturevalue(server)))
    error = refusal_of(url.render_as_string(hide_password=False), password="not-this-one")
    assert "login or password" in error.message or "it does not answer" in error.message
    assert "not-this-one" not in str(error)


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("sqlite:////home/ann/case.db", "case.db on this computer"),
        ("mssql+pyodbc://ann:secret@SRV02/CaseManager", "CaseManager on SRV02"),
        ("postgresql://localhost/cm", "cm on this computer"),
        ("mysql://srv", "the default database on srv"),
    ],
)
def test_the_label_is_for_people(url: str, label: str) -> None:
    assert label_of(sa.make_url(url)) == label


def test_sql_server_gets_its_own_locks_and_a_bounded_wait() -> None:
    columns = {
        "key": DatabaseColumn(name="id", kind=ColumnKind.NUMBER),
        "notes": DatabaseColumn(name="Notes", kind=ColumnKind.TEXT),
    }
    table = CheckedTable(TableName(name="Payments", schema="dbo"), columns)
    dialect = mssql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    connection = Mock(spec=sa.Connection, dialect=dialect)
    locks = RowLocks(connection, Mock(spec=CheckedSchema, dialect="mssql", is_tied=False))
    locks.lock_additions()
    locks.locked(table.select(("key",)), table.clause)
    statement = locks.locked(table.select(("key", "bill_to")).where(table.column("key") == bound(7)), table.clause)
    sql = " ".join(str(statement.compile(dialect=dialect)).split())
    assert sql == (
        "SELECT dbo.[Payments].id AS [key], NULL AS bill_to FROM dbo.[Payments] WITH (UPDLOCK, HOLDLOCK, "
        "NOWAIT) WHERE dbo.[Payments].id = :param_1"
    )
    assert session_statements(dialect, Waits(lock_s=2.5, server=USUAL_PATIENCE), is_reader=False) == (
        "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON",
        "SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS, XACT_ABORT, NOCOUNT OFF",
        "SET TEXTSIZE 2147483647",
        "SET LOCK_TIMEOUT 2500",
        "SET DEADLOCK_PRIORITY LOW",
    )


@pytest.mark.parametrize(
    ("is_mariadb", "version", "is_known"),
    [
        (True, (10, 2, 44), False),
        (True, (10, 3), True),
        (False, (5, 7, 40), False),
        (False, (8, 0, 36), True),
        (False, None, False),
    ],
)
def test_an_old_server_is_not_asked_for_what_it_does_not_know(
    *, is_mariadb: bool, version: tuple[int, ...] | None, is_known: bool
) -> None:
    dialect = mysql.dialect(is_mariadb=is_mariadb)
    if version is not None:
        dialect.server_version_info = version
    assert knows_nowait(dialect) is is_known


@pytest.mark.parametrize(
    ("dialect", "is_tied", "isolation"),
    [
        ("mysql", True, "READ COMMITTED"),
        ("mysql", False, "REPEATABLE READ"),
        ("mariadb", False, "REPEATABLE READ"),
        ("postgresql", False, "READ COMMITTED"),
    ],
)
def test_the_gaps_between_rows_are_locked_where_nothing_else_keeps_additions_off(
    *, dialect: str, is_tied: bool, isolation: str
) -> None:
    assert isolation_of(Mock(spec=CheckedSchema, dialect=dialect, is_tied=is_tied)) == isolation
