"""Whether a login may write is asked of the database, on each of its kinds, and nothing is tried to find out."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.services.records.setup import DatabaseSeen
from tests.adapters.casemanager.firms import Firm, reference_firm

Opened = Callable[[Firm], CaseManagerDatabase]
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB", "mssql": "SQL Server"}


def seen_by(firm: Firm, login: str) -> DatabaseSeen:
    url = make_url(firm.url).set(username=login, password=None).render_as_string()
    with closing(CaseManagerDatabase(url, load_mapping("reference"), password="secret")) as database:
        return database.examine()


def test_the_owner_may_write(reference: Firm, opened: Opened) -> None:
    reference.add_payment(1)
    seen = opened(reference).examine()
    assert (seen.kind, seen.may_write) == (KINDS[reference.dialect], True)
    assert seen.facts.payments == 1


def test_a_file_that_is_protected_may_only_be_read(
    sqlite_url: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = reference_firm(sqlite_url)
    # For root, who runs tests in containers, no file is protected.
    monkeypatch.setattr(os, "access", lambda path, mode: not (str(path).endswith("case.db") and mode == os.W_OK))
    assert opened(firm).examine().may_write is False


@pytest.mark.postgres
def test_a_login_of_postgres_with_and_without_rights(postgres_url: str) -> None:
    firm = reference_firm(postgres_url)
    name = f"reader_{make_url(firm.url).database}"
    firm.run(f"CREATE USER {name} PASSWORD 'secret'", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    try:
        assert seen_by(firm, name).may_write is False
        firm.run(f"GRANT INSERT ON payments TO {name}")
        assert seen_by(firm, name).may_write is True
    finally:
        firm.run(f"DROP OWNED BY {name}", f"DROP USER {name}")


@pytest.fixture
def mariadb_login(mariadb_url: str) -> Iterator[tuple[Firm, str]]:
    firm = reference_firm(mariadb_url)
    database = make_url(firm.url).database
    name = f"r_{database}"
    firm.run(f"CREATE USER '{name}'@'%' IDENTIFIED BY 'secret'", f"GRANT SELECT ON `{database}`.* TO '{name}'@'%'")
    yield firm, name
    firm.run(f"DROP USER '{name}'@'%'", "DROP ROLE IF EXISTS cmxero_writers")


@pytest.mark.mariadb
def test_a_login_of_mariadb_with_and_without_rights(mariadb_login: tuple[Firm, str]) -> None:
    firm, name = mariadb_login
    assert seen_by(firm, name).may_write is False
    firm.run(f"GRANT UPDATE ON payments TO '{name}'@'%'")
    assert seen_by(firm, name).may_write is True


@pytest.mark.mariadb
def test_what_a_role_of_mariadb_may_do_is_not_guessed(mariadb_login: tuple[Firm, str]) -> None:
    firm, name = mariadb_login
    firm.run(
        "CREATE ROLE cmxero_writers",
        f"GRANT cmxero_writers TO '{name}'@'%'",
        f"SET DEFAULT ROLE cmxero_writers FOR '{name}'@'%'",
    )
    assert seen_by(firm, name).may_write is None
