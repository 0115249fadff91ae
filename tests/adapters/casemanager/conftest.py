"""Gives the tests each firm on each database, and the adapter on it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from tests.adapters.casemanager.firms import Firm, other_firm, reference_firm


def new_sqlite_url(folder: Path) -> str:
    """Make an empty SQLite file, as the program itself never does."""
    path = folder / "case.db"
    path.touch()
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return new_sqlite_url(tmp_path)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        # A stand-in, behind which PostgreSQL stands.
        pytest.param("sql_server", marks=pytest.mark.postgres),
    ]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of an empty database of each kind in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["reference", "other"])
def firm(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Firm:
    """Give each firm on each database in turn."""
    return reference_firm(database_url) if request.param == "reference" else other_firm(database_url, tmp_path)


@pytest.fixture
def reference(database_url: str) -> Firm:
    """Give the firm with the reference schema on each database in turn."""
    return reference_firm(database_url)


@pytest.fixture
def opened() -> Iterator[Callable[[Firm], CaseManagerDatabase]]:
    """Open a firm's database; it is closed after the test."""
    with ExitStack() as stack:
        yield lambda firm: stack.enter_context(closing(firm.open(lock_wait_s=0.2)))
