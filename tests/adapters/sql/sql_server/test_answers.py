"""An answer is read whole, whatever triggers say before it; an error is the statement's own, and silence has an end."""

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytds
import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.sql.failures import Refusal, first_line, refusal_of
from cmxero_desktop.adapters.sql.sql_server.address import server_address
from cmxero_desktop.adapters.sql.sql_server.connecting import open_connection
from cmxero_desktop.adapters.sql.sql_server.connection import SqlServerConnection, is_lost
from cmxero_desktop.adapters.sql.sql_server.errors import LostServerError, SlowServerError
from tests.support.patience import HUNG_S
from tests.support.silence import SilentProxy
from tests.support.sql_server.database import Database
from tests.support.sql_server.server import SqlServer

pytestmark = pytest.mark.postgres

_TABLES = (
    "CREATE TABLE receipts (id INT IDENTITY(10,1) PRIMARY KEY, amount DECIMAL(12,2) NOT NULL, note NVARCHAR(10))",
    "CREATE TABLE log (what NVARCHAR(20))",
    "INSERT INTO receipts (amount, note) VALUES (1, 'one'), (2, 'two'), (3, 'three')",
)
_TRIGGER = """
    CREATE FUNCTION dbo.noted() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
      INSERT INTO dbo.log SELECT 'row' FROM generate_series(1, 3);
      IF NEW.note = 'bad' THEN RAISE EXCEPTION 'not like that'; END IF;
      IF NEW.note = 'ends' THEN RAISE EXCEPTION 'ROLLBACK and no more'; END IF;
      RETURN NEW; END$$;
    CREATE TRIGGER noted BEFORE INSERT OR UPDATE ON dbo.receipts FOR EACH ROW EXECUTE FUNCTION dbo.noted()
"""


def opened(url: str, answer_s: float = HUNG_S) -> SqlServerConnection:
    return open_connection(server_address(make_url(url)), connect_s=HUNG_S, answer_s=answer_s)


@pytest.fixture
def connection(sql_server: SqlServer) -> Iterator[SqlServerConnection]:
    with closing(opened(sql_server.url)) as connection:
        for statement in _TABLES:
            connection.ask(statement)
        yield connection


def behind(server: SqlServer, statement: str) -> list[tuple[object, ...]]:
    """Ask the database behind the server, past everything that is tested."""
    address = make_url(server.behind).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as straight:
        cursor = straight.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_what_was_written_is_behind_the_server(connection: SqlServerConnection, sql_server: SqlServer) -> None:
    assert behind(sql_server, "SELECT id, amount::text, note FROM dbo.receipts ORDER BY id") == [
        (10, "1.00", "one"),
        (11, "2.00", "two"),
        (12, "3.00", "three"),
    ]
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM receipts WHERE note = %(note)s ORDER BY id", {"note": "TWO"})
    assert cursor.fetchall() == [(11,)]
    cursor.execute("SELECT id FROM receipts ORDER BY id")
    assert (cursor.fetchone(), cursor.fetchmany(1), cursor.fetchall(), cursor.fetchone()) == (
        (10,),
        [(11,)],
        [(12,)],
        None,
    )


@pytest.mark.parametrize("parameters", [{}, {"id": 11}])
def test_the_count_is_the_statements_own_and_not_its_triggers(
    connection: SqlServerConnection,
    sql_server: SqlServer,
    monkeypatch: pytest.MonkeyPatch,
    parameters: dict[str, int],
) -> None:
    """The driver alone would stop at the first count, and have the server give up the rest with the next statement."""
    behind(sql_server, _TRIGGER)
    monkeypatch.setattr(Database, "counts_of_triggers", [3, 0])
    cursor = connection.cursor()
    where = " WHERE id = %(id)s" if parameters else ""
    cursor.execute(f"UPDATE receipts SET amount = 9{where}", parameters)  # noqa: S608 - words of this test's own
    assert cursor.rowcount == (1 if parameters else 3)
    assert cursor.description is None
    cursor.execute("SELECT COUNT(*) FROM log")
    assert cursor.fetchone() == (3 if parameters else 9,)
    assert sql_server.seen.attentions == 0


def test_what_a_trigger_raises_is_an_error_of_its_statement(
    connection: SqlServerConnection, sql_server: SqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind(sql_server, _TRIGGER)
    monkeypatch.setattr(Database, "counts_of_triggers", [3])
    connection.begin()
    with pytest.raises(pytds.DatabaseError, match="not like that"):
        connection.ask("UPDATE receipts SET note = 'bad' WHERE id = %(id)s", {"id": 11})
    connection.ask("UPDATE receipts SET note = 'good' WHERE id = %(id)s", {"id": 11})
    connection.commit()
    assert behind(sql_server, "SELECT note FROM dbo.receipts WHERE id = 11") == [("good",)]
    assert sql_server.seen.attentions == 0


def test_a_transaction_that_a_trigger_ended_is_not_said_to_be_committed(
    connection: SqlServerConnection, sql_server: SqlServer
) -> None:
    behind(sql_server, _TRIGGER)
    connection.begin()
    connection.ask("UPDATE receipts SET amount = 7 WHERE id = 10")
    with pytest.raises(pytds.DatabaseError) as caught:
        connection.ask("UPDATE receipts SET note = 'ends' WHERE id = %(id)s", {"id": 11})
    assert refusal_of(caught.value) is Refusal.UNDONE
    with pytest.raises(pytds.DatabaseError) as caught:
        connection.commit()
    assert refusal_of(caught.value) is Refusal.UNDONE
    connection.rollback()
    assert behind(sql_server, "SELECT amount::text FROM dbo.receipts WHERE id = 10") == [("1.00",)]


@pytest.mark.parametrize(
    ("statement", "refusal", "words"),
    [
        ("INSERT INTO receipts (amount, note) VALUES (1, 'eleven chars')", Refusal.UNFIT, "too long"),
        ("INSERT INTO receipts (amount) VALUES (99999999999.99)", Refusal.UNFIT, "overflow"),
        ("SELECT nothing FROM receipts", None, "nothing"),
        ("SELECT 1 FROM nowhere", None, "nowhere"),
    ],
)
def test_the_first_line_is_what_the_server_said(
    connection: SqlServerConnection, statement: str, refusal: Refusal | None, words: str
) -> None:
    with pytest.raises(pytds.DatabaseError) as caught:
        connection.ask(statement)
    assert refusal_of(caught.value) is refusal
    assert words in first_line(caught.value)
    assert not is_lost(caught.value)
    assert connection.ask("SELECT 1").rows == [(1,)]


def test_a_statement_that_takes_too_long_is_given_up_by_the_server_and_the_connection_goes_on(
    connection: SqlServerConnection, sql_server: SqlServer
) -> None:
    connection.ask("CREATE TABLE other (n INT)")
    with closing(opened(sql_server.url)) as somebody:
        somebody.begin()
        somebody.ask("SELECT n FROM other WITH (UPDLOCK, HOLDLOCK)")
        connection.answer_s = 0.5
        connection.begin()
        with pytest.raises(SlowServerError, match=r"no answer within 0\.5 seconds"):
            connection.ask("SELECT n FROM other WITH (UPDLOCK, HOLDLOCK)")
        assert sql_server.seen.attentions == 1
    connection.answer_s = HUNG_S
    connection.rollback()
    assert connection.ask("SELECT 1").rows == [(1,)]


@pytest.mark.parametrize("after_bytes", [0, 100, 3000])
def test_a_server_that_falls_silent_is_given_up_wherever_that_happens(sql_server: SqlServer, after_bytes: int) -> None:
    with closing(opened(sql_server.url)) as connection:
        connection.ask("CREATE TABLE long (t NVARCHAR(MAX))")
        connection.ask("INSERT INTO long VALUES (%(t)s)", {"t": "x" * 5000})
    with SilentProxy(sql_server.url) as proxy:
        connection = opened(proxy.url)
        with closing(connection):
            connection.begin()
            connection.answer_s = 0.5
            proxy.fall_silent(after_bytes)
            with pytest.raises(LostServerError, match="no answer within"):
                connection.ask("SELECT t FROM long")
            connection.rollback()
            with pytest.raises(LostServerError, match="closed"):
                connection.ask("SELECT 1")


def test_a_commit_that_is_met_by_silence_is_not_taken_back(sql_server: SqlServer) -> None:
    with SilentProxy(sql_server.url) as proxy, closing(opened(proxy.url)) as connection:
        connection.begin()
        connection.ask("CREATE TABLE kept (n INT)")
        connection.answer_s = 0.5
        proxy.fall_silent()
        with pytest.raises(LostServerError):
            connection.commit()
    assert sql_server.seen.attentions == 0


def test_a_server_that_goes_away_is_noticed(sql_server: SqlServer) -> None:
    connection = opened(sql_server.url)
    with closing(connection):
        for _, session in sql_server._clients:  # there is no other way to pull its plug
            session.hang_up()
        with pytest.raises(LostServerError) as caught:
            connection.ask("SELECT 1")
        assert is_lost(caught.value)


def test_a_value_that_no_packet_takes_costs_the_connection_and_no_more(connection: SqlServerConnection) -> None:
    """Half of its packets may be on their way when the driver finds out."""
    with pytest.raises(UnicodeEncodeError):
        connection.ask("SELECT %(t)s", {"t": "x" * 9000 + "\ud800"})
    with pytest.raises(LostServerError):
        connection.ask("SELECT 1")
    connection.rollback()


def test_whoever_yields_is_the_one_that_is_turned_away(connection: SqlServerConnection, sql_server: SqlServer) -> None:
    """Of two that wait for each other, the person at Case Manager goes on."""
    connection.ask("CREATE TABLE other (n INT)")
    at_work = threading.Event()
    problems: list[BaseException] = []

    def person() -> None:
        try:
            with closing(opened(sql_server.url)) as theirs:
                theirs.begin()
                theirs.ask("SELECT n FROM other WITH (UPDLOCK, HOLDLOCK)")
                at_work.set()
                theirs.ask("SELECT note FROM receipts WITH (UPDLOCK, HOLDLOCK)")
                theirs.commit()
        except pytds.Error as error:
            problems.append(error)

    connection.ask("SET DEADLOCK_PRIORITY LOW")
    connection.begin()
    connection.ask("SELECT note FROM receipts WITH (UPDLOCK, HOLDLOCK)")
    thread = threading.Thread(target=person)
    thread.start()
    at_work.wait(HUNG_S)
    with pytest.raises(pytds.DatabaseError) as caught:
        connection.ask("SELECT n FROM other WITH (UPDLOCK, HOLDLOCK)")
    assert getattr(caught.value, "number", 0) == 1205
    assert refusal_of(caught.value) is Refusal.BUSY
    thread.join(HUNG_S)
    connection.rollback()
    assert problems == []
