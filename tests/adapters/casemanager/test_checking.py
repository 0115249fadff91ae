"""Everything in the database that does not fit the mapping is named at once, and a reader's rights are enough."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase, load_mapping
from cmxero_desktop.domain.errors import CaseManagerError
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]


def problems_of(database: CaseManagerDatabase) -> str:
    with pytest.raises(CaseManagerError) as caught:
        database.check()
    assert str(caught.value).startswith(f"{database.label} does not fit the mapping reference: ")
    return "\n".join(caught.value.problems)


def test_every_missing_table_and_column_and_wrong_type_is_named(reference: Firm, opened: Opened) -> None:
    reference.run(
        "DROP TABLE system_settings",
        "ALTER TABLE payments RENAME COLUMN payment_date TO pay_date",
        "ALTER TABLE payments RENAME COLUMN notes TO remarks",
        "ALTER TABLE payments ADD office VARCHAR(10) DEFAULT 'x' NOT NULL",
        "ALTER TABLE payments ADD journal INTEGER",
        "ALTER TABLE invoices DROP COLUMN total",
        "ALTER TABLE invoices ADD total VARCHAR(10)",
    )
    problems = problems_of(opened(reference)).splitlines()
    needs = "but total needs decimal numbers with two places"
    assert [problem.split(";")[0].rstrip(".") for problem in problems] == [
        f"The column total in the table invoices is of the type VARCHAR(10), {needs}",
        "The column payment_date is missing in the table payments",
        "The column notes is missing in the table payments",
        "The table system_settings is missing",
    ]
    assert "there is pay_date" in problems[1]


def test_an_empty_database_lacks_every_table(database_url: str, opened: Opened) -> None:
    firm = Firm(database_url, "reference", "", is_reference=True, payment_type="", invoice_keys=(1, 2))
    assert problems_of(opened(firm)).splitlines() == [
        f"The table {table} is missing." for table in ("invoices", "payments", "system_settings")
    ]


def test_a_column_that_an_insert_must_fill_is_named(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    reference.run("ALTER TABLE payments ADD office VARCHAR(10) DEFAULT 'x' NOT NULL")
    opened(reference).check()
    reference.run("ALTER TABLE payments DROP COLUMN office", "ALTER TABLE payments ADD who VARCHAR(9) NOT NULL")
    payer = with_mapping(reference, tmp_path, '# payer = "payer"', 'payer = "who"')
    with pytest.raises(CaseManagerError) as caught:
        opened(payer).check()
    assert [p.split(" in ")[0] for p in caught.value.problems] == ["The column who"]
    reference.run("DROP TABLE payments")
    reference.run(
        "CREATE TABLE payments (payment_id INTEGER PRIMARY KEY, invoice_id VARCHAR(9) NOT NULL, payment_date DATE, "
        "amount NUMERIC(12,1), payment_type INTEGER, reference_number VARCHAR(50), notes VARCHAR(500), "
        "journal_number VARCHAR(20), payment_group INTEGER, office VARCHAR(10) NOT NULL)"
    )
    problems = problems_of(opened(reference))
    assert "The column office in the table payments must be filled" in problems
    assert "amount needs decimal numbers with two places" in problems
    assert "holds text, but the key invoice_id of invoices that it refers to holds whole numbers" in problems
    assert (
        "payments.added_payment_type is 'EFT', but the column payment_type in the table payments holds whole"
        in problems
    )


@pytest.mark.parametrize("days", ["five", "-1", "5.0"])
def test_a_setting_that_is_no_number_of_days_is_named(reference: Firm, opened: Opened, days: str) -> None:
    reference.run("UPDATE system_settings SET value = :days", days=days)
    with pytest.raises(CaseManagerError, match=f"forward_dating_days is '{days}', which is no number of days"):
        opened(reference).check()


@pytest.mark.parametrize("statement", ["DELETE FROM system_settings", "UPDATE system_settings SET value = ''"])
def test_a_setting_that_is_empty_or_missing_is_no_limit(reference: Firm, opened: Opened, statement: str) -> None:
    reference.run(statement)
    assert opened(reference).check().forward_dating_days is None


@pytest.mark.postgres
def test_a_login_that_may_only_read_is_enough_to_read(postgres_url: str) -> None:
    firm = reference_firm(postgres_url)
    firm.add_payment(1)
    url = make_url(firm.url)
    name = f"reader_{url.database}"
    grants = [f"GRANT SELECT ON {table} TO {name}" for table in ("invoices", "payments", "system_settings")]
    firm.run(f"CREATE USER {name} PASSWORD 'secret'", *grants)
    login = url.set(username=name, password=None).render_as_string()
    database = CaseManagerDatabase(login, load_mapping("reference"), password="secret")
    try:
        assert database.check().payments == 1
        assert len(database.read(["10234"], AUD).sides["10234"].payments) == 1
        with pytest.raises(CaseManagerError, match="does not have the right") as caught:
            database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))
        assert "secret" not in str(caught.value)
    finally:
        database.close()
        firm.run(f"DROP OWNED BY {name}", f"DROP USER {name}")


def test_checking_and_reading_change_nothing(sqlite_url: str, opened: Opened, tmp_path: Path) -> None:
    firm = reference_firm(sqlite_url)
    before = (tmp_path / "case.db").read_bytes()
    database = opened(firm)
    database.check()
    database.read(["10234"], AUD)
    with pytest.raises(Exception, match="readonly"), database._engines.reader.connect() as connection:
        connection.exec_driver_sql("DELETE FROM payments")
    assert (tmp_path / "case.db").read_bytes() == before


@pytest.mark.parametrize("digits", [7, 30, 200, 5_000])
def test_more_days_than_a_calendar_has_are_no_limit(sqlite_url: str, opened: Opened, digits: int) -> None:
    firm = reference_firm(sqlite_url)
    firm.run("UPDATE system_settings SET value = :value", value="9" * digits)
    assert opened(firm).check().forward_dating_days is None
