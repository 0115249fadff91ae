"""A server that falls silent holds nobody for longer than a limit, wherever that happens, and is used again."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import event

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.sql.patience import Patience
from cmxero_desktop.domain.errors import CaseManagerAwayError, CaseManagerError
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm
from tests.support.silence import SilentProxy

# psycopg takes at least two seconds to connect.
SHORT = Patience(connect_s=2, answer_s=1.5)
PAYMENTS = 400


@dataclass
class Quiet:
    """A firm behind a proxy that can fall silent, and the program's own view of it."""

    firm: Firm
    proxy: SilentProxy
    database: CaseManagerDatabase

    def fall_silent_before(self, words: str, after_bytes: int = 0) -> None:
        """Fall silent when the first statement with these words is about to be sent."""
        engine, is_meant = self.database._engines.reader, [True]

        def listen(_c: object, _cursor: object, statement: str, *_: object) -> None:
            if words in statement and is_meant:
                is_meant.pop()
                self.proxy.fall_silent(after_bytes)

        event.listen(engine, "before_cursor_execute", listen)


@pytest.fixture(
    params=[
        pytest.param("postgres_url", marks=pytest.mark.postgres),
        pytest.param("mariadb_url", marks=pytest.mark.mariadb),
        pytest.param("sql_server_url", marks=pytest.mark.postgres),
    ]
)
def quiet(request: pytest.FixtureRequest) -> Iterator[Quiet]:
    firm = reference_firm(str(request.getfixturevalue(request.param)))
    rows = [f"({n}, 1, '2026-11-01', 1, 'EFT', '{'r' * 40}', NULL, NULL, NULL)" for n in range(1000, 1000 + PAYMENTS)]
    # The stand-in for a SQL Server takes a hundredth of a second to understand a row.
    for some in batched(rows):
        firm.run(f"INSERT INTO payments VALUES {', '.join(some)}")  # noqa: S608 - numbers of our own
    with SilentProxy(firm.url) as proxy:
        database = CaseManagerDatabase(proxy.url, load_mapping("reference"), lock_wait_s=0.2, patience=SHORT)
        with closing(database):
            yield Quiet(firm, proxy, database)


def batched(rows: list[str]) -> Iterator[list[str]]:
    return (rows[start : start + 50] for start in range(0, len(rows), 50))


def read(quiet: Quiet) -> int:
    return len(quiet.database.read(["10234"], AUD).sides["10234"].payments)


@pytest.mark.parametrize("after_bytes", [0, 8192], ids=["before the answer", "in the middle of the answer"])
def test_a_server_that_falls_silent_in_a_reading_is_given_up(quiet: Quiet, after_bytes: int) -> None:
    assert read(quiet) == PAYMENTS
    quiet.fall_silent_before("FROM payments", after_bytes)
    with pytest.raises(CaseManagerAwayError, match="it does not answer") as caught:
        read(quiet)
    assert caught.value.remedy
    quiet.proxy.speak()
    assert read(quiet) == PAYMENTS


def test_a_server_that_says_nothing_to_a_new_connection_is_given_up(quiet: Quiet) -> None:
    quiet.proxy.fall_silent()
    with pytest.raises(CaseManagerAwayError, match="it does not answer"):
        quiet.database.check()
    quiet.proxy.speak()
    assert quiet.database.check().payments == PAYMENTS


def test_a_connection_that_died_while_it_lay_idle_is_replaced(quiet: Quiet) -> None:
    assert read(quiet) == PAYMENTS
    quiet.proxy.forget_open_ones()
    assert read(quiet) == PAYMENTS


def test_a_commit_that_is_met_by_silence_is_not_said_to_have_failed(quiet: Quiet) -> None:
    event.listen(quiet.database._engines.writer, "commit", lambda _: quiet.proxy.fall_silent(), once=True)
    with pytest.raises(CaseManagerError, match="it is not known whether it was"):
        quiet.database.change_invoice(quiet.firm.invoice_id, AUD, always(insert(quiet.firm.values())))
    quiet.proxy.speak()
    assert read(quiet) == PAYMENTS


def test_what_we_lock_is_freed_when_we_fall_silent(quiet: Quiet) -> None:
    """A laptop that is closed in the middle of a write holds nobody at Case Manager."""
    if quiet.firm.dialect == "mssql":
        return  # there the system below finds out, by keepalives, after half a minute
    patience = replace(SHORT, idle_s=0.5)
    sleeping = CaseManagerDatabase(quiet.proxy.url, load_mapping("reference"), patience=patience)

    def sleep(_: object) -> list[object]:
        quiet.proxy.fall_silent()
        waiting = "SET lock_timeout = 200000" if quiet.firm.dialect == "postgresql" else "SELECT 1"
        quiet.firm.run(waiting, "UPDATE invoices SET case_name = 'typed' WHERE invoice_id = 1")
        return []

    with closing(sleeping), pytest.raises(CaseManagerError):
        sleeping.change_invoice(quiet.firm.invoice_id, AUD, sleep)  # type: ignore[arg-type]  # writes nothing


def test_a_statement_that_takes_too_long_is_ended_by_the_server(quiet: Quiet) -> None:
    slow = {
        "postgresql": "SELECT pg_sleep(200)",
        "mysql": "SELECT SLEEP(200) FROM payments",
        "mssql": "SELECT pg_sleep(200)",  # of the stand-in's own: a SQL Server says WAITFOR DELAY
    }[quiet.firm.dialect]

    def busy(connection: object) -> None:
        connection.exec_driver_sql(slow)  # type: ignore[attr-defined]  # SQLAlchemy's own

    event.listen(quiet.database._engines.reader, "begin", busy)
    with pytest.raises(CaseManagerError, match="it took too long to answer"):
        read(quiet)
