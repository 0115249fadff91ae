"""Which database a connection leads to, told by each engine, and held before anything is read or written (R35)."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.adapters.casemanager.identity import ConnectedFirm
from cmxero_desktop.adapters.casemanager.schema import CheckedSchema
from cmxero_desktop.domain.belonging import DatabasePlace
from cmxero_desktop.domain.errors import CaseManagerError, OtherDatabaseError
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from cmxero_desktop.services.ports.case_manager import ConnectedDatabase
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]


def place_of(firm: Firm) -> DatabasePlace:
    with closing(firm.open()) as database:
        return database.identify(lambda connected: connected.place)


def test_a_database_is_at_one_place_whoever_asks_and_how_often(firm: Firm, opened: Opened) -> None:
    first, second = opened(firm), opened(firm)
    places = {database.identify(lambda connected: connected.place) for database in (first, second, first)}
    assert len(places) == 1
    (place,) = places
    assert make_url(firm.url).password not in {place.name, place.mark}
    assert place.mark


def test_invoices_are_known_by_key_and_number(firm: Firm, opened: Opened) -> None:
    first, second = firm.invoice_id, firm.second_id

    def look(connected: ConnectedDatabase) -> None:
        assert connected.oldest(50) == {first: "10234", second: "10235"}
        assert connected.oldest(1) == {first: "10234"}
        assert connected.numbers_of([second, CaseInvoiceId(99), CaseInvoiceId("no such key")]) == {second: "10235"}
        assert connected.numbers_of([]) == {}

    opened(firm).identify(look)


@contextmanager
def confirming(firm: Firm, confirm: Callable[[ConnectedDatabase], None]) -> Iterator[CaseManagerDatabase]:
    with closing(CaseManagerDatabase(firm.url, load_mapping(firm.mapping), confirm=confirm)) as database:
        yield database


def test_nothing_is_read_or_written_where_the_database_is_another(reference: Firm) -> None:
    """The answer counts for the very connection and transaction that would have read or written."""
    seen: list[str] = []

    def refuse(connected: ConnectedDatabase) -> None:
        seen.append(connected.place.name)
        raise OtherDatabaseError("It is another one.")

    with confirming(reference, refuse) as database:
        with pytest.raises(OtherDatabaseError):
            database.read(["10234"], AUD)
        with pytest.raises(OtherDatabaseError):
            database.change_invoice(reference.invoice_id, AUD, always(insert(reference.values())))
        assert len(seen) == 2
        database.check()
        assert len(seen) == 2
    assert reference.run("SELECT * FROM payments") == []


def test_a_write_goes_on_where_it_is_the_right_one(reference: Firm) -> None:
    asked: list[ConnectedDatabase] = []
    with confirming(reference, asked.append) as database:
        database.change_invoice(reference.invoice_id, AUD, always(insert(reference.values())))
    assert len(asked) == 1
    assert len(reference.run("SELECT * FROM payments")) == 1


def test_a_number_that_makes_no_sense_names_no_invoice(sqlite_url: str) -> None:
    firm = reference_firm(sqlite_url)
    firm.run("UPDATE invoices SET invoice_number = x'00ff' WHERE invoice_id = 1")
    with closing(firm.open()) as database:
        assert database.identify(lambda connected: connected.oldest(50)) == {CaseInvoiceId(2): "10235"}


def test_a_key_that_makes_no_sense_names_no_invoice(sqlite_url: str, tmp_path: Path) -> None:
    firm = reference_firm(sqlite_url)
    firm.run(
        "CREATE TABLE odd (invoice_id INTEGER, invoice_number TEXT, bill_to TEXT, case_name TEXT, invoice_date DATE, "
        "due_date DATE, total NUMERIC, adjustments NUMERIC, refunds NUMERIC)",
        "INSERT INTO odd SELECT * FROM invoices",
        "UPDATE odd SET invoice_id = 1.5 WHERE invoice_id = 1",
    )
    firm = with_mapping(firm, tmp_path, 'table = "invoices"', 'table = "odd"')
    with closing(firm.open()) as database:
        assert database.identify(lambda connected: connected.oldest(50)) == {CaseInvoiceId(2): "10235"}


# Files


def file_of(firm: Firm) -> Path:
    return Path(make_url(firm.url).database or "")


def at(path: Path) -> DatabasePlace:
    firm = Firm(
        f"sqlite:///{path}", "reference", "payments", is_reference=True, payment_type="EFT", invoice_keys=(1, 2)
    )
    return place_of(firm)


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows an administrator alone makes links")
def test_a_file_has_one_place_by_whatever_way_it_is_named(sqlite_url: str, tmp_path: Path) -> None:
    firm = reference_firm(sqlite_url)
    (tmp_path / "link.db").symlink_to(file_of(firm))
    (tmp_path / "folder").mkdir()
    assert at(tmp_path / "link.db") == at(tmp_path / "folder" / ".." / "case.db") == place_of(firm)


def test_a_copy_a_move_and_another_file_in_its_place_are_other_places(sqlite_url: str, tmp_path: Path) -> None:
    firm = reference_firm(sqlite_url)
    here = place_of(firm)
    copy = tmp_path / "copy.db"
    shutil.copy(file_of(firm), copy)
    assert at(copy) != here
    copy.replace(file_of(firm))
    replaced = place_of(firm)
    assert (replaced.name, replaced.mark != here.mark) == (here.name, True)
    file_of(firm).rename(tmp_path / "moved.db")
    assert at(tmp_path / "moved.db") not in {here, replaced}


def test_a_backup_that_is_written_over_the_file_is_the_same_place(sqlite_url: str, tmp_path: Path) -> None:
    firm = reference_firm(sqlite_url)
    here = place_of(firm)
    shutil.copy(file_of(firm), tmp_path / "backup.db")
    firm.add_payment(7)
    file_of(firm).write_bytes((tmp_path / "backup.db").read_bytes())
    assert firm.run("SELECT * FROM payments") == []
    assert place_of(firm) == here


# Servers


@pytest.mark.postgres
def test_postgres_tells_its_cluster_its_database_and_its_schema(postgres_url: str) -> None:
    firm = reference_firm(postgres_url)
    ((cluster,),) = firm.run("SELECT system_identifier FROM pg_control_system()")
    assert place_of(firm).mark.split("\n") == ["postgresql", str(cluster), make_url(postgres_url).database, "public"]


@pytest.mark.postgres
def test_postgres_is_told_by_its_server_where_a_login_may_not_ask_for_the_cluster(postgres_url: str) -> None:
    """The refused question would end the transaction that is about to write."""
    firm = reference_firm(postgres_url)
    login = f"reader_{make_url(postgres_url).database}"
    firm.run(
        "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC",
        f"CREATE ROLE {login} LOGIN PASSWORD 'plain'",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {login}",
    )
    url = make_url(postgres_url).set(username=login, password="plain")
    limited = replace(firm, url=url.render_as_string(hide_password=False))
    first, second = place_of(limited), place_of(limited)
    with closing(limited.open()) as database:
        assert database.identify(lambda connected: (connected.place, connected.oldest(1))) == (
            first,
            {CaseInvoiceId(1): "10234"},
        )
    assert first == second
    assert first != place_of(firm)
    server = first.mark.split("\n")[1]
    assert str(make_url(postgres_url).port) in server.split("/")
    firm.run(f"DROP OWNED BY {login}", f"DROP ROLE {login}")
    firm.run("GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC")


@pytest.mark.mariadb
def test_mariadb_tells_its_server_and_its_database(mariadb_url: str) -> None:
    firm = reference_firm(mariadb_url)
    dialect, server, database = place_of(firm).mark.split("\n")
    assert dialect in {"mysql", "mariadb"}
    assert database == make_url(mariadb_url).database
    known = {str(name): str(value) for name, value in firm.run("SHOW VARIABLES")}
    own = known.get("server_uid") or known.get("server_uuid")
    assert server == (own or f"{known['hostname']}/{known['port']}/{known['datadir']}")


class Answers:
    """A server that answers as one does that is not at hand."""

    def __init__(self, answers: dict[str, list[tuple[object, ...]]]) -> None:
        self.answers = answers

    def exec_driver_sql(self, statement: str) -> list[tuple[object, ...]]:
        return next(rows for begin, rows in self.answers.items() if statement.startswith(begin))


@pytest.mark.parametrize(
    ("dialect", "answers", "mark"),
    [
        (
            "mysql",
            {
                "SHOW VARIABLES": [("server_uuid", "u-1"), ("hostname", "srv"), ("port", "3306")],
                "SELECT DATABASE": [("cm",)],
            },
            "mysql\nu-1\ncm",
        ),
        (
            "mariadb",
            {
                "SHOW VARIABLES": [("hostname", "srv"), ("port", 3306), ("datadir", "/var/lib/mysql/")],
                "SELECT DATABASE": [("cm",)],
            },
            "mariadb\nsrv/3306//var/lib/mysql/\ncm",
        ),
        ("mssql", {"SELECT CAST": [("SRV02", "cm", "dbo")]}, "mssql\nSRV02\ncm\ndbo"),
    ],
)
def test_servers_that_are_not_at_hand_are_told_by_what_they_answer(
    dialect: str, answers: dict[str, list[tuple[object, ...]]], mark: str, sqlite_url: str
) -> None:
    schema = _schema(reference_firm(sqlite_url), dialect)
    connected = ConnectedFirm(Answers(answers), schema)  # type: ignore[arg-type]  # all of a connection that is used
    assert connected.place == DatabasePlace(name=schema.label, mark=mark)


def _schema(firm: Firm, dialect: str) -> CheckedSchema:
    with closing(firm.open()) as database:
        return replace(database._checked(), dialect=dialect)


def test_a_file_that_is_gone_is_not_made(sqlite_url: str) -> None:
    firm = reference_firm(sqlite_url)
    file_of(firm).unlink()
    with pytest.raises(CaseManagerError, match="no database file"):
        place_of(firm)
