"""A column that loses cents or moves days is refused for money; one that is only shown stops none (R30)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.money import Money
from tests.adapters.casemanager.firms import AUD, Firm, reference_firm, with_mapping

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


def test_a_moment_is_refused_for_a_day(reference: Firm, opened: Opened) -> None:
    """It is another day in another session's zone; a view of it in the firm's own zone is not."""
    if reference.dialect == "sqlite":
        reference.run("ALTER TABLE payments ADD moment TIMESTAMP")  # there it is text, and the same for everybody
        opened(reference).check()
        return
    type_ = "TIMESTAMP NULL" if reference.dialect == "mysql" else "TIMESTAMPTZ"
    alter = "MODIFY {} {}" if reference.dialect == "mysql" else "ALTER {} TYPE {}"
    reference.run(
        f"ALTER TABLE payments {alter.format('payment_date', type_)}",
        f"ALTER TABLE invoices {alter.format('due_date', type_)}",
    )
    due, paid = problems_of(opened(reference))
    assert due.endswith(f"{_ZONE} Or leave it out of the mapping: it is only shown.")
    assert paid.startswith("The column payment_date in the table payments is of the type TIMESTAMP")
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
