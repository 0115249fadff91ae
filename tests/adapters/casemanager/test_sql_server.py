"""What only a SQL Server has: its types, code pages, triggers and snapshots, and what was really there behind it."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.adapters.casemanager.column_limits import columns_of
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId
from tests.adapters.casemanager.firms import (
    AUD,
    Firm,
    always,
    delete,
    insert,
    other_firm,
    reference_firm,
    update,
    with_mapping,
)
from tests.support.sql_server.database import Database
from tests.support.sql_server.server import Settings, SqlServer

pytestmark = pytest.mark.postgres

Opened = Callable[[Firm], CaseManagerDatabase]
_PAYMENTS = """CREATE TABLE payments (
  payment_id UNIQUEIDENTIFIER DEFAULT {default} PRIMARY KEY, invoice_id INT NOT NULL REFERENCES invoices (invoice_id),
  payment_date {day} NOT NULL, amount {amount} NOT NULL, payment_type CHAR(12) NOT NULL,
  reference_number {text}, notes NTEXT, journal_number NCHAR(8), payment_group SMALLINT, is_void BIT DEFAULT 0)"""


def behind(server: SqlServer, statement: str) -> list[tuple[object, ...]]:
    """Ask the database behind the server, past the program and the server alike."""
    address = sa.make_url(server.behind).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as straight:
        cursor = straight.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize("day", ["DATE", "DATETIME", "SMALLDATETIME", "DATETIME2(3)"])
@pytest.mark.parametrize("amount", ["MONEY", "DECIMAL(12,2)", "NUMERIC(19,4)", "SMALLMONEY"])
def test_money_and_days_of_every_type_are_read_and_written_as_they_are(
    sql_server: SqlServer, opened: Opened, day: str, amount: str
) -> None:
    firm = reference_firm(sql_server.url)
    made = _PAYMENTS.format(default="gen_random_uuid()", day=day, amount=amount, text="NVARCHAR(50)")
    firm.run("DROP TABLE payments", made)
    database = opened(firm)
    key = database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("12345.67", notes="Łódź 😀"))))["i"]
    asked = "SELECT payment_id::text, payment_date::date::text, amount::numeric(19,2)::text, notes FROM dbo.payments"
    assert behind(sql_server, asked) == [(key.value, "2026-11-01", "12345.67", "Łódź 😀")]
    after = firm.values("0.01", notes="Łódź 😀", day=30)
    written = database.change_invoice(
        firm.invoice_id, AUD, always(update(key, firm.values("12345.67", notes="Łódź 😀"), after))
    )
    assert written == {"u": key}
    assert behind(sql_server, asked) == [(key.value, "2026-11-30", "0.01", "Łódź 😀")]
    (payment,) = database.read(["10234"], AUD).sides["10234"].payments
    assert (str(payment.amount.amount), payment.payment_type, payment.journal_number) == ("0.01", "EFT", "")
    database.change_invoice(firm.invoice_id, AUD, always(delete(key, after)))
    assert behind(sql_server, asked) == []


def test_text_that_its_code_page_lacks_is_refused_before_it_is_lost(sql_server: SqlServer, opened: Opened) -> None:
    """Put into such a column it would come out as a question mark, or as a letter that looks like it."""
    firm = reference_firm(sql_server.url)
    firm.run("ALTER TABLE payments ALTER COLUMN reference_number VARCHAR(50)")
    database = opened(firm)
    with pytest.raises(CaseManagerError, match=r"cannot hold the character '\\u0141'"):
        database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values(reference="EFT Łódź"))))
    database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values(reference="EFT Zoë €"))))
    assert behind(sql_server, "SELECT reference_number FROM dbo.payments") == [("EFT Zoë €",)]


def test_columns_of_unicode_take_every_character(sql_server: SqlServer, opened: Opened) -> None:
    firm = reference_firm(sql_server.url)
    database = opened(firm)
    with database._engines.reader.connect() as connection:  # there is no other way to see what was found out
        limits = columns_of(connection, database._checked().payments)
    assert (limits.encoding, limits.is_basic_plane) == ("", False)


_OWN_TYPES = {"inv_code": "VARCHAR(12)", "rcpt_code": "CHAR(36)", "inv_no": "CHAR(10)"}
_COMPARED = re.compile(r"\b(inv_code|rcpt_code|inv_no) (?:= |IN \()(?:CAST\(@P\d+ AS (\w+\(\w+\))|@P)")


def compared(server: SqlServer) -> list[tuple[str, str]]:
    """Return each key column that was compared with a value, and the type that the value was cast to, if any."""
    return [found for statement in server.seen.statements for found in _COMPARED.findall(statement)]


def test_text_keys_are_looked_up_as_their_columns_own_type_whatever_is_done(
    sql_server: SqlServer, opened: Opened, tmp_path: Path
) -> None:
    """Sent as they are they would have the server convert each row's key, and so read and lock the whole table."""
    firm = other_firm(sql_server.url, tmp_path)
    firm.add_payment(1)
    database = opened(firm)
    database.check()
    sql_server.seen.statements.clear()
    added = database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("5.00"))))["i"]
    database.change_invoice(firm.invoice_id, AUD, always(update(added, firm.values("5.00"), firm.values("6.00"))))
    database.change_invoice(firm.invoice_id, AUD, always(delete(added, firm.values("6.00"))))
    assert database.identify(lambda seen: seen.numbers_of([firm.invoice_id])) == {firm.invoice_id: "10234"}
    assert [payment.payment_id.value for payment in database.read(["10234"], AUD).sides["10234"].payments] == [
        firm.key(1)
    ]
    found = compared(sql_server)
    assert {column for column, _ in found} == set(_OWN_TYPES)
    assert [one for one in found if one[1] != _OWN_TYPES[one[0]]] == []


@pytest.mark.parametrize(
    ("kept_as", "key", "is_cast"),
    [
        ("VARCHAR(12)", "A-3", True),
        ("VARCHAR(12)", "Zoë-3", False),
        ("NVARCHAR(12)", "Łódź-3", True),
        ("NVARCHAR(12)", "😀😀😀😀😀", True),
        ("NCHAR(12)", "😀😀😀😀😀😀", True),
        ("NVARCHAR(MAX)", "A-3", False),
    ],
)
def test_a_key_is_cast_only_where_that_leaves_it_as_it_is(
    sql_server: SqlServer, opened: Opened, tmp_path: Path, kept_as: str, key: str, *, is_cast: bool
) -> None:
    """A code page may lack a letter and put another in its place: the one that looks like it, of another invoice."""
    firm = other_firm(sql_server.url, tmp_path)
    firm.run(
        f"ALTER TABLE accounts.InvHeader ALTER COLUMN inv_code {kept_as}",
        f"ALTER TABLE accounts.Receipts ALTER COLUMN inv_code {kept_as}",
    )
    firm.run("INSERT INTO accounts.InvHeader VALUES (:key, '10236', 'X', 1, 0)", key=key)
    database = opened(firm)
    database.check()
    sql_server.seen.statements.clear()
    database.change_invoice(CaseInvoiceId(key), AUD, always(insert(firm.values("5.00"))))
    assert behind(sql_server, "SELECT rtrim(inv_code), amt::text FROM accounts.receipts") == [(key, "-5.0000")]
    sent = {type_ for column, type_ in compared(sql_server) if column == "inv_code"}
    assert sent == {kept_as if is_cast else ""}


def test_a_key_that_is_too_long_for_its_column_finds_no_invoice(
    sql_server: SqlServer, opened: Opened, tmp_path: Path
) -> None:
    """Cast to the column's type it would be cut off, and be that of another invoice."""
    firm = other_firm(sql_server.url, tmp_path)
    firm.run("UPDATE accounts.InvHeader SET inv_code = 'ABCDEFGHIJKL' WHERE inv_code = 'A-1'")
    database = opened(firm)
    assert database.identify(lambda seen: seen.numbers_of([CaseInvoiceId("ABCDEFGHIJKLM")])) == {}
    with pytest.raises(CaseManagerError, match="is not in Case Manager any more"):
        database.change_invoice(CaseInvoiceId("ABCDEFGHIJKLM"), AUD, always(insert(firm.values())))


def test_a_table_with_triggers_is_written_and_their_counts_are_no_matter(
    sql_server: SqlServer, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = reference_firm(sql_server.url)
    key = firm.add_payment(1)
    behind(
        sql_server,
        "CREATE TABLE dbo.log (what text); "
        "CREATE FUNCTION dbo.noted() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        "INSERT INTO dbo.log SELECT TG_OP FROM generate_series(1, 3); RETURN NULL; END$$; "
        "CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON dbo.payments "
        "FOR EACH ROW EXECUTE FUNCTION dbo.noted()",
    )
    monkeypatch.setattr(Database, "counts_of_triggers", [3, 0])
    database = opened(firm)
    after = firm.values("5.00")
    database.change_invoice(
        firm.invoice_id, AUD, always(update(key, firm.values(), after), insert(firm.values("7.00")))
    )
    database.change_invoice(firm.invoice_id, AUD, always(delete(key, after)))
    assert behind(sql_server, "SELECT amount::text FROM dbo.payments") == [("7.00",)]
    assert behind(sql_server, "SELECT count(*) FROM dbo.log") == [(9,)]
    assert not any("OUTPUT" in statement for statement in sql_server.seen.statements)


@pytest.mark.parametrize(
    ("raised", "why"),
    [
        ("this period is closed", "the database says: this period is closed"),
        ("ROLLBACK it is closed", "the database took all of it back by itself"),
    ],
)
def test_what_a_trigger_refuses_costs_its_own_row_and_no_other(
    sql_server: SqlServer, opened: Opened, raised: str, why: str
) -> None:
    firm = reference_firm(sql_server.url)
    behind(
        sql_server,
        "CREATE FUNCTION dbo.closed() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF NEW.invoice_id = 1 THEN RAISE EXCEPTION '{raised}'; END IF; RETURN NEW; END$$; "
        "CREATE TRIGGER closed BEFORE INSERT ON dbo.payments FOR EACH ROW EXECUTE FUNCTION dbo.closed()",
    )
    database = opened(firm)
    with pytest.raises(CaseManagerError) as caught:
        database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))
    assert why in caught.value.message
    database.change_invoice(firm.second_id, AUD, always(insert(firm.values())))
    assert behind(sql_server, "SELECT invoice_id FROM dbo.payments") == [(2,)]


@pytest.mark.parametrize(("allows_snapshots", "is_seen"), [(True, False), (False, True)])
def test_a_reading_is_one_picture_where_the_database_allows_it(
    postgres_url: str, *, allows_snapshots: bool, is_seen: bool
) -> None:
    with SqlServer(postgres_url, Settings(allows_snapshots=allows_snapshots)) as server:
        firm = reference_firm(server.url)
        firm.add_payment(1)

        with closing(firm.open()) as database:
            database.check()

            @sa.event.listens_for(database._engines.reader, "after_cursor_execute")
            def type_it(_c: object, _cursor: object, statement: str, *_: object) -> None:
                if "FROM invoices" in statement and len(behind(server, "SELECT 1 FROM dbo.payments")) == 1:
                    firm.add_payment(2)

            read = database.read(["10234"], AUD).sides["10234"]
        assert [payment.payment_id.value for payment in read.payments] == ([1, 2] if is_seen else [1])


def test_views_in_a_schema_of_their_own_are_read_and_written(
    sql_server: SqlServer, opened: Opened, tmp_path: Path
) -> None:
    firm = reference_firm(sql_server.url)
    firm.add_payment(1)
    firm.run(
        "CREATE SCHEMA desk",
        "CREATE VIEW desk.inv AS SELECT * FROM dbo.invoices",
        "CREATE VIEW desk.pay AS SELECT * FROM dbo.payments WHERE amount > 0",
    )
    tables = (
        *('table = "invoices"', 'table = "Inv"\nschema = "DESK"'),
        *('table = "payments"', 'table = "Pay"\nschema = "DESK"'),
    )
    database = opened(with_mapping(firm, tmp_path, *tables))
    assert database.check().payments == 1
    database.change_invoice(CaseInvoiceId(1), AUD, always(insert(firm.values("5.00"))))
    assert behind(sql_server, "SELECT amount::text FROM dbo.payments ORDER BY payment_id") == [("400.00",), ("5.00",)]


def test_a_login_without_the_rights_is_said_to_read_only(sql_server: SqlServer, opened: Opened) -> None:
    firm = reference_firm(sql_server.url)
    database = opened(firm)
    assert database.examine().may_write is True
    behind(sql_server, "INSERT INTO tsql.denied VALUES ('ann')")
    assert database.examine().may_write is False
