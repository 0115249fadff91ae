"""Adjustments and refunds may stand row by row in a table of their own; what is not known is said not to be (R24a)."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite
from tests.adapters.casemanager.firms import AUD, Firm, always, insert, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]

_TABLE = """CREATE TABLE entries (
  entry_id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL REFERENCES invoices (invoice_id), amount NUMERIC(12,2),
  kind CHAR(12) NOT NULL)"""
_ROWS = """INSERT INTO entries VALUES (1, 1, 30, 'adjustment'), (2, 1, 20.50, 'adjustment'), (3, 1, 10, 'refund'),
  (4, 2, 5, 'adjustment'), (5, 1, NULL, 'adjustment'), (6, 1, 7, 'other')"""
_SUMS = """
[invoices.adjustments]
table = "entries"
invoice = "invoice_id"
amount = "amount"
sign = "negative"
where = { column = "kind", equals = "adjustment" }
[invoices.refunds]
table = "entries"
invoice = "invoice_id"
amount = "amount"
where = { column = "kind", equals = "refund" }
[payments]"""
_COLUMNS = ('adjustments = "adjustments"', "", 'refunds = "refunds"', "")


def with_sums(firm: Firm, folder: Path, *, table: str = _TABLE) -> Firm:
    """Give the reference firm its adjustments and refunds row by row."""
    firm.run(table, _ROWS)
    return with_mapping(firm, folder, *_COLUMNS, "\n[payments]", _SUMS)


def figures(side: CaseInvoiceSide | None) -> tuple[Money, Money, bool]:
    assert side is not None
    return side.invoice.adjustments, side.invoice.refunds, side.invoice.are_adjustments_known


def test_the_rows_of_a_table_are_added_up(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    """Read whole, read in lists and read again under lock, an invoice has the same figures."""
    reference.add_payment(1, on_second=True)
    firm = with_sums(reference, tmp_path)
    database = opened(firm)
    found = (Money.of("-50.50", AUD), Money.of("10.00", AUD), True)
    assert database.check().invoices == 2
    reading = database.read(["10234"], AUD)
    assert figures(reading.sides["10234"]) == found
    assert figures(reading.others[0]) == (Money.of("-5.00", AUD), Money.zero(AUD), True)
    assert figures(database.read(["10234"], AUD).sides["10234"]) == found
    seen: list[CaseInvoiceSide | None] = []

    def look(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        seen.append(side)
        return ()

    database.change_invoice(firm.invoice_id, AUD, look)
    assert figures(seen[0]) == found
    firm.run("UPDATE entries SET amount = 11 WHERE entry_id = 3")
    assert database.read(["10234"], AUD).digest != reading.digest


@pytest.mark.parametrize(
    "server", [pytest.param("postgres", marks=pytest.mark.postgres), pytest.param("mariadb", marks=pytest.mark.mariadb)]
)
@pytest.mark.parametrize(
    "meddling",
    ["UPDATE entries SET amount = 1 WHERE entry_id = 1", "INSERT INTO entries VALUES (9, 1, 5, 'adjustment')"],
)
def test_nobody_adjusts_between_reading_and_writing(
    request: pytest.FixtureRequest, opened: Opened, tmp_path: Path, server: str, meddling: str
) -> None:
    firm = with_sums(reference_firm(str(request.getfixturevalue(f"{server}_url"))), tmp_path)
    impatient = {"postgres": "SET lock_timeout = 100", "mariadb": "SET SESSION innodb_lock_wait_timeout = 1"}[server]

    def meddle(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        with pytest.raises(OperationalError, match=r"[Ll]ock"):
            firm.run(impatient, meddling)
        return always(insert(firm.values()))(side)

    assert len(opened(firm).change_invoice(firm.invoice_id, AUD, meddle)) == 1


def test_everything_wrong_with_the_tables_is_named_at_once(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    reference.run(
        "CREATE TABLE entries (entry_id INTEGER PRIMARY KEY, invoice_id VARCHAR(9), amount VARCHAR(9), sort CHAR(12))",
        "ALTER TABLE payments RENAME COLUMN notes TO remarks",
    )
    with pytest.raises(CaseManagerError) as caught:
        opened(with_mapping(reference, tmp_path, *_COLUMNS, "\n[payments]", _SUMS)).check()
    problems = [problem.split(";")[0].rstrip(".") for problem in caught.value.problems]
    assert "The column notes is missing in the table payments" in problems
    assert problems.count("The column kind is missing in the table entries") == 1
    assert sum("amount needs decimal numbers" in problem for problem in problems) == 1
    assert sum("invoice_id in the table entries holds text, but the key" in problem for problem in problems) == 1
    reference.run("DROP TABLE entries")
    with pytest.raises(CaseManagerError) as caught:
        opened(with_mapping(reference, tmp_path, *_COLUMNS, "\n[payments]", _SUMS)).check()
    assert [problem.split(";")[0].rstrip(".") for problem in caught.value.problems] == [
        "The column notes is missing in the table payments",
        "The table entries is missing",
    ]


def test_what_the_mapping_does_not_have_is_unknown_and_what_never_is_is_nothing(
    reference: Firm, opened: Opened, tmp_path: Path
) -> None:
    for refunds, is_known in (("", False), ("refunds = 0", True)):
        firm = with_mapping(reference, tmp_path, 'refunds = "refunds"', refunds)
        side = opened(firm).read(["10234"], AUD).sides["10234"]
        assert figures(side) == (Money.of("-50.00", AUD), Money.zero(AUD), is_known)


def test_an_amount_that_is_none_makes_its_own_invoice_unreadable(
    sqlite_url: str, opened: Opened, tmp_path: Path
) -> None:
    """R30: in any row that counts, even beside good ones; a row without an invoice counts nowhere."""
    table = _TABLE.replace("INTEGER NOT NULL REFERENCES invoices (invoice_id)", "INTEGER")
    firm = with_sums(reference_firm(sqlite_url), tmp_path, table=table)
    firm.run(
        "UPDATE entries SET amount = 'much' WHERE entry_id IN (2, 6)",
        "INSERT INTO entries VALUES (7, NULL, 8, 'refund'), (8, 2, '', 'refund')",
    )
    sides = opened(firm).read(["10234", "10235"], AUD).sides
    (row,) = sides["10234"].unreadable
    assert "The sum of adjustments 'much' is no number." in row.problem
    assert figures(sides["10234"])[1] == Money.of("10.00", AUD)
    assert (sides["10235"].unreadable, figures(sides["10235"])[1]) == ((), Money.zero(AUD))
