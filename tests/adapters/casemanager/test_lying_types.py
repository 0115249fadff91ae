"""A column that loses cents or moves days is refused for money; one that is only shown stops none (R30)."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.money import Money
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]

_SIX_DIGITS = "Four bytes keep six digits and lose cents: have it made DOUBLE or DECIMAL."
_ZONE = "What each session sees in its own time zone may be another day there: let a view show it as a date."


def problems_of(database: CaseManagerDatabase) -> list[str]:
    with pytest.raises(CaseManagerError) as caught:
        database.check()
    return list(caught.value.problems)


@pytest.mark.mariadb
@pytest.mark.parametrize("type_", ["FLOAT", "FLOAT(12,2)"])
def test_four_bytes_are_refused_for_money(mariadb_url: str, opened: Opened, type_: str) -> None:
    """12,345.67 would be read as 12,345.70."""
    firm = reference_firm(mariadb_url)
    firm.run(f"ALTER TABLE payments MODIFY amount {type_}", f"ALTER TABLE invoices MODIFY total {type_}")
    found = problems_of(opened(firm))
    assert [problem.split(" is of")[0] for problem in found] == [
        "The column total in the table invoices",
        "The column amount in the table payments",
    ]
    assert all(problem.endswith(_SIX_DIGITS) for problem in found)
    firm.run("ALTER TABLE payments MODIFY amount DOUBLE", "ALTER TABLE invoices MODIFY total DOUBLE")
    firm.add_payment(1, "12345678.91")
    (payment,) = opened(firm).read(["10234"], AUD).sides["10234"].payments
    assert payment.amount == Money.of("12345678.91", AUD)


@pytest.mark.postgres
def test_four_bytes_are_refused_in_sums_too(postgres_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(postgres_url)
    firm.run("CREATE TABLE adjusted (invoice_id INTEGER, amount REAL)")
    section = 'adjustments = { table = "adjusted", invoice = "invoice_id", amount = "amount" } #'
    (problem,) = problems_of(opened(with_mapping(firm, tmp_path, 'adjustments = "adjustments"', section)))
    assert problem.endswith(_SIX_DIGITS)


@pytest.mark.postgres
def test_a_domain_is_what_it_is_made_of(postgres_url: str, opened: Opened) -> None:
    """A firm's own name for a type hides nothing: not four bytes, not a zone, not how much fits."""
    firm = reference_firm(postgres_url)
    firm.run(
        "CREATE DOMAIN money_in AS NUMERIC(12,2)",
        "CREATE DOMAIN day AS DATE",
        "CREATE DOMAIN note_line AS VARCHAR(90)",
        "CREATE DOMAIN words AS note_line",
        "ALTER TABLE payments ALTER amount TYPE money_in, ALTER payment_date TYPE day",
        "ALTER TABLE payments ALTER notes TYPE note_line USING CAST(notes AS note_line)",
        "ALTER TABLE payments ALTER reference_number TYPE words USING CAST(reference_number AS words)",
    )
    database = opened(firm)
    assert (database.check().notes_limit, database.check().reference_limit) == (90, None)
    assert database.check().columns.largest_amount == Decimal("9999999999.99")
    database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("40.07"))))
    assert [str(p.amount) for p in database.read(["10234"], AUD).sides["10234"].payments] == ["40.07"]
    firm.run(
        "CREATE DOMAIN small AS REAL",
        "CREATE DOMAIN moment AS TIMESTAMPTZ",
        "CREATE DOMAIN tens AS NUMERIC(9,1)",
        "CREATE DOMAIN short AS VARCHAR(20)",
        "CREATE DOMAIN branch AS INTEGER NOT NULL",
        "DELETE FROM payments",
        "ALTER TABLE payments ALTER amount TYPE small, ALTER payment_date TYPE moment",
        "ALTER TABLE payments ALTER notes TYPE short USING CAST(notes AS short)",
        "ALTER TABLE payments ADD branch branch",
        "ALTER TABLE invoices ALTER total TYPE tens",
    )
    total, paid, amount, must, notes = problems_of(opened(firm))
    assert total.startswith(
        "The column total in the table invoices is of the domain tens, that is, of the type NUMERIC"
    )
    assert paid.startswith(
        "The column payment_date in the table payments is of the domain moment, that is, of the type"
    )
    assert paid.endswith(_ZONE)
    assert amount.endswith(_SIX_DIGITS)
    assert must.startswith("The column branch in the table payments must be filled")
    assert notes.startswith("The column notes in the table payments takes 20 characters")


@pytest.mark.mariadb
@pytest.mark.parametrize("places", [0, 1])
def test_eight_bytes_that_are_cut_to_less_than_cents_are_refused(mariadb_url: str, opened: Opened, places: int) -> None:
    firm = reference_firm(mariadb_url)
    firm.run(f"ALTER TABLE payments MODIFY amount DOUBLE(12,{places})")
    (problem,) = problems_of(opened(firm))
    assert problem.startswith(
        f"The column amount in the table payments is of the type DOUBLE(12, {places}), but amount"
    )


@pytest.mark.postgres
def test_a_type_that_nobody_knows_is_called_so(postgres_url: str, opened: Opened) -> None:
    firm = reference_firm(postgres_url)
    firm.run("ALTER TABLE payments ALTER notes TYPE XML USING NULL")
    assert problems_of(opened(firm)) == [
        "The column notes in the table payments is of a type that this program does not know, but notes needs text."
    ]


def test_a_moment_is_refused_for_a_day(reference: Firm, opened: Opened) -> None:
    """It is another day in another session's zone; a view of it in the firm's own zone is not."""
    if reference.dialect == "sqlite":
        reference.run("ALTER TABLE payments ADD moment TIMESTAMP")  # there it is text, and the same for everybody
        opened(reference).check()
        return
    type_, alter = {
        "mysql": ("TIMESTAMP NULL", "MODIFY {} {}"),
        "postgresql": ("TIMESTAMPTZ", "ALTER {} TYPE {}"),
        "mssql": ("DATETIMEOFFSET", "ALTER COLUMN {} {}"),
    }[reference.dialect]
    reference.run(
        f"ALTER TABLE payments {alter.format('payment_date', type_)}",
        f"ALTER TABLE invoices {alter.format('due_date', type_)}",
    )
    due, paid = problems_of(opened(reference))
    assert due.endswith(f"{_ZONE} Or leave it out of the mapping: it is only shown.")
    shown = "DATETIMEOFFSET" if reference.dialect == "mssql" else "TIMESTAMP"
    assert paid.startswith(f"The column payment_date in the table payments is of the type {shown}")
    assert paid.endswith(_ZONE)


@pytest.mark.mariadb
def test_a_date_of_noughts_that_is_only_shown_stops_no_money(mariadb_url: str, opened: Opened) -> None:
    firm = reference_firm(mariadb_url)
    firm.add_payment(1)
    firm.add_payment(2)
    firm.run(
        "SET SESSION sql_mode = ''",
        "UPDATE invoices SET due_date = '0000-00-00', invoice_date = '2026-00-00' WHERE invoice_id = 1",
        "UPDATE payments SET payment_date = '0000-00-00' WHERE payment_id = 2",
    )
    side = opened(firm).read(["10234"], AUD).sides["10234"]
    assert (side.invoice.due_date, side.invoice.invoice_date) == (None, None)
    assert [payment.payment_id.value for payment in side.payments] == [1]
    (row,) = side.unreadable
    assert row.problem == "The payment date '0000-00-00' is no date. Correct it in Case Manager."


def test_what_is_only_shown_stops_no_money(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    for column in ("bill_to", "case_name", "invoice_date", "due_date"):
        for value in ("x'00ff'", "CAST(x'41c328' AS TEXT)", "'31/12/2026'", "12.5"):
            firm.run(f"UPDATE invoices SET {column} = {value} WHERE invoice_id = 1")  # noqa: S608  # this test's own
            firm.run(f"UPDATE payments SET journal_number = {value}")  # noqa: S608  # this test's own
            side = opened(firm).read(["10234"], AUD).sides["10234"]
            assert (side.unreadable, len(side.payments)) == ((), 1), (column, value)
            assert getattr(side.invoice, column) in {None, "", "A\ufffd(", "31/12/2026", "12.5"}, (column, value)
            assert side.payments[0].is_journalled
