"""What a server says of itself and of the mapped tables, where the login may see it and where it may not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.services.records.server_seen import TableSeen
from tests.adapters.casemanager.firms import Firm, other_firm, reference_firm, with_mapping
from tests.support.sql_server.server import Settings, SqlServer

Opened = Callable[[Firm], CaseManagerDatabase]


def behind(server: SqlServer, *statements: str) -> None:
    address = sa.make_url(server.behind).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as straight:
        for statement in statements:
            straight.execute(statement.encode())


def test_every_kind_of_database_says_what_it_is(reference: Firm, opened: Opened) -> None:
    seen = opened(reference).look_at_server()
    kinds = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB", "mssql": "SQL Server"}
    assert seen.kind == kinds[reference.dialect]
    assert seen.version > (3,)
    assert bool(seen.tables) is (reference.dialect == "mssql")


@pytest.mark.postgres
def test_a_sql_server_tells_its_settings_and_what_acts_on_the_tables(sql_server: SqlServer, opened: Opened) -> None:
    firm = reference_firm(sql_server.url)
    behind(
        sql_server,
        "CREATE FUNCTION dbo.noted() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
        "CREATE TRIGGER noted AFTER INSERT ON dbo.payments FOR EACH ROW EXECUTE FUNCTION dbo.noted()",
        "CREATE TRIGGER sleeping AFTER INSERT ON dbo.payments FOR EACH ROW EXECUTE FUNCTION dbo.noted()",
        "ALTER TABLE dbo.payments DISABLE TRIGGER sleeping",
        "CREATE POLICY own_office ON dbo.invoices FOR SELECT USING (true)",
        "ALTER TABLE dbo.invoices ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY switched_off ON dbo.payments FOR SELECT USING (true)",
    )
    seen = opened(firm).look_at_server()
    assert (seen.version, seen.edition) == ((16, 0, 4105, 2), "Standard Edition (64-bit)")
    assert (seen.rules, seen.allows_snapshots) == ("SQL_Latin1_General_CP1_CI_AS", True)
    assert (seen.rights, seen.is_administrator, seen.unseen) == (("INSERT", "UPDATE", "DELETE"), False, ())
    assert seen.tables == (
        TableSeen(name="invoices", filters=("own_office",)),
        TableSeen(name="payments", triggers=("noted",), is_found_by_invoice=False),
    )
    firm.run("CREATE INDEX by_invoice ON payments (invoice_id)")
    assert opened(firm).look_at_server().tables[1].is_found_by_invoice is True


@pytest.mark.postgres
def test_what_a_login_is_not_shown_is_not_taken_for_absent(sql_server: SqlServer, opened: Opened) -> None:
    firm = reference_firm(sql_server.url)
    database = opened(firm)
    database.check()
    behind(sql_server, "INSERT INTO tsql.denied VALUES ('ann')", "DROP VIEW sys.databases")
    seen = database.look_at_server()
    assert seen.rights == ()
    assert {(table.triggers, table.filters) for table in seen.tables} == {(None, None)}
    assert (seen.allows_snapshots, seen.keeps_readers_waiting, seen.rules) == (None, None, "")


@pytest.mark.postgres
def test_what_cannot_be_asked_costs_its_own_line(sql_server: SqlServer, opened: Opened) -> None:
    firm = reference_firm(sql_server.url)
    database = opened(firm)
    database.check()
    behind(sql_server, "DROP FUNCTION sys.is_member(text)", "DROP VIEW sys.security_predicates")
    seen = database.look_at_server()
    assert len(seen.unseen) == 1
    assert seen.unseen[0].startswith("the login's roles (")
    assert [table.filters for table in seen.tables] == [(), ()]
    assert seen.edition


@pytest.mark.postgres
def test_rights_of_which_nobody_could_ask_are_not_taken_for_none(sql_server: SqlServer, opened: Opened) -> None:
    firm = reference_firm(sql_server.url)
    database = opened(firm)
    database.check()
    behind(sql_server, "DROP FUNCTION sys.has_perms_by_name(text, text, text)")
    seen = database.look_at_server()
    assert seen.rights is None
    assert len(seen.unseen) == 1
    assert {(table.triggers, table.filters) for table in seen.tables} == {(None, None)}


@pytest.mark.postgres
def test_an_owner_and_a_database_without_snapshots_are_told(postgres_url: str, opened: Opened) -> None:
    with SqlServer(postgres_url, Settings(allows_snapshots=False)) as server:
        database = opened(reference_firm(server.url))
        database.check()
        behind(server, "INSERT INTO tsql.owners VALUES ('ann')")
        seen = database.look_at_server()
        database.close()
    assert (seen.is_administrator, seen.allows_snapshots, seen.keeps_readers_waiting) == (True, False, False)


@pytest.mark.postgres
def test_text_keys_of_one_byte_by_the_servers_own_rules_are_named(
    sql_server: SqlServer, opened: Opened, tmp_path: Path
) -> None:
    seen = opened(other_firm(sql_server.url, tmp_path)).look_at_server()
    assert {table.name: table.slow_keys for table in seen.tables} == {
        "accounts.[InvHeader]": ("inv_code", "inv_no"),
        "accounts.[Receipts]": ("rcpt_code", "inv_code"),
    }


@pytest.mark.postgres
def test_a_view_is_told_as_one(sql_server: SqlServer, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(sql_server.url)
    firm.run("CREATE VIEW pay AS SELECT * FROM payments")
    seen = opened(with_mapping(firm, tmp_path, 'table = "payments"', 'table = "pay"')).look_at_server()
    plain = TableSeen(name="invoices")
    assert seen.tables == (plain, replace(plain, name="pay", is_view=True))
