"""Reading gives every invoice with its payments, whatever the schema, and a foreign row costs nothing else."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite
from tests.adapters.casemanager.firms import AUD, Firm, reference_firm, with_mapping

Opened = Callable[[Firm], CaseManagerDatabase]


def side_of(database: CaseManagerDatabase, number: str = "10234") -> CaseInvoiceSide:
    return database.read([number], AUD).sides[number]


def test_facts_come_from_the_schema_and_the_settings(firm: Firm, opened: Opened) -> None:
    firm.add_payment(1)
    facts = opened(firm).check()
    assert (facts.invoices, facts.payments, facts.forward_dating_days) == (2, 1, 5)
    assert facts.is_journalled_locked is firm.is_reference
    assert facts.notes_limit == (500 if firm.is_reference else None)
    assert facts.reference_limit == (50 if firm.is_reference else 30)
    assert facts.payment_type == ("EFT" if firm.is_reference else "4")
    assert facts.imported_text == ("Xero payment" if firm.is_reference else "From Xero")


def test_an_invoice_is_read_with_all_its_payments(firm: Firm, opened: Opened) -> None:
    first = firm.add_payment(1, "0.10", notes="ünïcode ✓ 中\nsecond line", reference="R1")
    second = firm.add_payment(2, "399.90", paid_on="2026-02-28", is_journalled=True)
    firm.add_payment(3, on_second=True)
    reading = opened(firm).read(["10234", "no such number"], AUD)
    assert set(reading.sides) == {"10234"}
    assert reading.numbers == {"10234", "10235"}
    assert reading.other_payments == 1
    side = reading.sides["10234"]
    assert (side.invoice.invoice_id, side.invoice.bill_to) == (firm.invoice_id, "Zoë & Söhne")
    assert (side.invoice.total, side.invoice.adjustments) == (Money.of("1000.00", AUD), Money.of("-50.00", AUD))
    assert side.invoice.refunds == Money.of("10.00" if firm.is_reference else "0.00", AUD)
    assert side.unreadable == ()
    one, two = side.payments
    assert (one.payment_id, one.amount, one.paid_on) == (first, Money.of("0.10", AUD), date(2026, 11, 1))
    assert (one.notes, one.reference, one.payment_type) == (
        "ünïcode ✓ 中\nsecond line",
        "R1",
        firm.payment_type,
    )
    assert (two.payment_id, two.amount, two.paid_on) == (second, Money.of("399.90", AUD), date(2026, 2, 28))
    assert (one.is_journalled, two.is_journalled) == (False, True)


def test_who_paid_is_read_where_the_mapping_has_it(reference: Firm, opened: Opened, tmp_path: Path) -> None:
    """R23b: a payment that stands elsewhere is told by its payer, else by its invoice's Bill To."""
    reference.add_payment(1)
    reference.run("ALTER TABLE payments ADD payer VARCHAR(80)", "UPDATE payments SET payer = 'Zoë Case'")
    assert side_of(opened(reference)).payments[0].payer == ""
    payments = side_of(opened(with_mapping(reference, tmp_path, '# payer = "payer"', 'payer = "payer"'))).payments
    assert [payment.payer for payment in payments] == ["Zoë Case"]


def test_who_typed_a_payment_is_read_where_the_mapping_has_it_and_stops_no_money(
    reference: Firm, opened: Opened, tmp_path: Path
) -> None:
    reference.add_payment(1)
    reference.add_payment(2)
    reference.run(
        "ALTER TABLE payments ADD entered_by VARCHAR(80)",
        "UPDATE payments SET entered_by = ' R. Patel ' WHERE payment_id = 1",
    )
    assert {payment.entered_by for payment in side_of(opened(reference)).payments} == {""}
    mapped = with_mapping(reference, tmp_path, '# entered_by = "entered_by" ', 'entered_by = "entered_by" ')
    assert [payment.entered_by for payment in side_of(opened(mapped)).payments] == ["R. Patel", ""]


def test_a_group_counts_only_where_it_is_shared(firm: Firm, opened: Opened) -> None:
    """R10: also with a payment on an invoice that was not asked for."""
    firm.add_payment(1, group=7)
    firm.add_payment(2)
    firm.add_payment(3, group=8)
    firm.add_payment(4, group=7, on_second=True)
    found = [payment.is_multi_invoice for payment in side_of(opened(firm)).payments]
    assert found == [True, False, not firm.is_reference]


def test_a_list_of_debtors_has_the_invoices_without_a_payment_too(firm: Firm, opened: Opened) -> None:
    firm.add_payment(1)
    database = opened(firm)
    assert database.read(["10234"], AUD).others == ()
    (other,) = database.read(["10234"], AUD, with_unpaid=True).others
    assert (other.invoice.number, other.payments) == ("10235", ())
    assert database.read(["10234", "10235"], AUD, with_unpaid=True).others == ()


def test_what_stands_elsewhere_is_read_with_its_invoice(firm: Firm, opened: Opened) -> None:
    """R7, R23b: a copy on an invoice that Xero does not have may be the money of one that it has."""
    firm.add_payment(1)
    key = firm.add_payment(2, "77.00", paid_on="2026-11-03", notes="elsewhere", on_second=True)
    (other,) = opened(firm).read(["10234"], AUD).others
    assert (other.invoice.number, other.invoice.bill_to) == ("10235", "Other")
    (payment,) = other.payments
    assert (payment.payment_id, payment.amount, payment.paid_on) == (key, Money.of("77.00", AUD), date(2026, 11, 3))
    assert payment.notes == "elsewhere"


def test_after_an_earlier_reading_only_what_changed_is_told(firm: Firm, opened: Opened) -> None:
    database = opened(firm)
    firm.add_payment(1)
    firm.add_payment(2, "77.00", on_second=True)
    before = database.read(["10234"], AUD)
    again = database.read(["10234"], AUD, unlike=before.marks)
    assert (again.sides, again.others, again.changed.keys, again.changed.numbers) == ({}, (), frozenset(), frozenset())
    assert (again.digest, again.marks, again.numbers) == (before.digest, before.marks, before.numbers)
    wanted = database.read(["10234"], AUD, unlike=before.marks, also=["10234"])
    assert wanted.sides == before.sides
    firm.add_payment(3, "5.00")
    own = database.read(["10234"], AUD, unlike=before.marks)
    assert own.changed.numbers == {"10234"}
    assert own.sides == database.read(["10234"], AUD).sides
    assert own.others == ()
    firm.add_payment(4, "6.00", on_second=True)
    other = database.read(["10234"], AUD, unlike=own.marks)
    assert other.changed.numbers == {"10235"}
    assert not other.sides
    assert other.others == database.read(["10234"], AUD).others
    assert database.read(["10234"], AUD, unlike=own.marks).digest == database.read(["10234"], AUD).digest


def test_an_invoice_changes_where_its_group_becomes_shared_elsewhere(reference: Firm, opened: Opened) -> None:
    """R10: the row itself is what it was."""
    database = opened(reference)
    reference.add_payment(1, group=7)
    before = database.read(["10234"], AUD)
    reference.add_payment(2, group=7, on_second=True)
    after = database.read(["10234"], AUD, unlike=before.marks)
    assert after.changed.numbers == {"10234", "10235"}
    assert [payment.is_multi_invoice for payment in after.sides["10234"].payments] == [True]


def test_some_invoices_are_read_by_their_keys(firm: Firm, opened: Opened) -> None:
    firm.add_payment(1)
    database = opened(firm)
    key = side_of(database).invoice.invoice_id
    assert database.sides_of([key, CaseInvoiceId(987_654) if firm.is_reference else CaseInvoiceId("no")], AUD) == (
        side_of(database),
    )


@pytest.mark.parametrize("column", ["amount", "notes", "key"])
def test_the_digest_covers_what_stands_elsewhere(firm: Firm, opened: Opened, column: str) -> None:
    """R16b, R18, R23b: a check may be left out only where nothing changed that decides, on any invoice."""
    database = opened(firm)
    firm.add_payment(1)
    firm.add_payment(2, "77.00", on_second=True)
    before = database.read(["10234"], AUD).digest
    assert database.read(["10234"], AUD).digest == before
    key = "payment_id" if firm.is_reference else "rcpt_code"
    firm.run(f"DELETE FROM {firm.payments} WHERE {key} = :key", key=firm.key(2))  # noqa: S608 - this test's own
    changed = {"amount": ("77.01", None, 2), "notes": ("77.00", "x", 2), "key": ("77.00", None, 3)}
    amount, notes, number = changed[column]
    firm.add_payment(number, amount, notes=notes, on_second=True)
    assert database.read(["10234"], AUD).digest != before


def test_the_digest_covers_long_notes_to_the_letter(firm: Firm, opened: Opened) -> None:
    """The line that names a Xero payment may stand anywhere in them."""
    database = opened(firm)
    found = set()
    for letter in "ab":
        firm.run(f"DELETE FROM {firm.payments}")  # noqa: S608 - this test's own
        firm.add_payment(1, notes=f"{'x' * 240}{letter}{'x' * 240}")
        found.add(database.read(["10234"], AUD).digest)
    assert len(found) == 2


def test_an_unreadable_row_elsewhere_costs_nothing_else(sqlite_url: str, opened: Opened) -> None:
    """R4, R30: it is counted with the others, also where its invoice is gone or cannot be made out."""
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    firm.run(
        "ALTER TABLE payments RENAME TO strict_payments",
        "CREATE TABLE payments (payment_id INTEGER PRIMARY KEY, invoice_id INTEGER, payment_date DATE, "
        "amount NUMERIC(12,2), payment_type VARCHAR(20), reference_number VARCHAR(50), notes VARCHAR(500), "
        "journal_number VARCHAR(20), payment_group INTEGER)",
        "INSERT INTO payments SELECT * FROM strict_payments",
        "INSERT INTO payments VALUES (2, 2, '2026-11-02', 5, 'EFT', '', '', NULL, NULL)",
        "INSERT INTO payments VALUES (3, 2, 'soon', 6, 'EFT', '', '', NULL, NULL)",
        "INSERT INTO payments VALUES (4, 99, '2026-11-02', 7, 'EFT', '', 'orphan', NULL, NULL)",
        "INSERT INTO payments VALUES (5, NULL, '2026-11-02', 8, 'EFT', '', '', NULL, NULL)",
        "UPDATE invoices SET total = 'lots' WHERE invoice_id = 2",
    )
    # A list of debtors wants the invoice's own figures, too.
    strict = opened(firm).read(["10234"], AUD, with_unpaid=True)
    (told,) = ([row.problem for row in s.unreadable] for s in strict.others if s.invoice.number == "10235")
    assert told == [
        "The payment date 'soon' is no date. Correct it in Case Manager.",
        "The total 'lots' is no number. Correct it in Case Manager.",
    ]
    found = opened(firm).read(["10234"], AUD)
    assert [len(side.payments) for side in found.sides.values()] == [1]
    assert found.other_payments == 4
    read = {
        side.invoice.number or side.invoice.invoice_id.value: (
            [payment.payment_id.value for payment in side.payments],
            [row.problem for row in side.unreadable],
        )
        for side in found.others
    }
    assert read == {
        "10235": ([2], ["The payment date 'soon' is no date. Correct it in Case Manager."]),
        99: ([4], []),
        "": ([], ["The invoice's key is empty. Correct it in Case Manager."]),
    }


@pytest.mark.parametrize("asked", [[], ["x"], ["010234"], ["10234 "], ["CM-10234"]])
def test_other_numbers_find_nothing(firm: Firm, opened: Opened, asked: list[str]) -> None:
    firm.add_payment(1)
    found = opened(firm).read(asked, AUD)
    assert (dict(found.sides), found.other_payments) == ({}, 1)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("amount", "NULL", "The amount is empty."),
        ("amount", "'abc'", "The amount 'abc' is no number."),
        ("amount", "10.005", "The amount 10.005 has more than two decimals."),
        ("amount", "1e30", "is no amount of money."),
        ("amount", "9e999", "is no amount of money."),
        ("amount", "0", "a payment is never nothing."),
        ("amount", "-5", "The amount -5.00 has the opposite sign of a payment"),
        ("payment_date", "NULL", "The payment date is empty."),
        ("payment_date", "'01/11/2026'", "The payment date '01/11/2026' is no date."),
        ("payment_date", "'2026-02-30'", "The payment date '2026-02-30' is no date."),
        ("payment_date", "20261101", "The payment date 20261101 is no date."),
        ("notes", "CAST(x'c328a7' AS TEXT)", "The notes holds b'\\xc3(\\xa7', which is no text."),
        ("reference_number", "x'00ff'", "The reference holds b'\\x00\\xff', which is no text."),
    ],
)
def test_a_foreign_row_costs_nothing_else(
    sqlite_url: str, opened: Opened, column: str, value: str, problem: str
) -> None:
    """R30: a SQLite file takes anything in any column."""
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    firm.run(
        "ALTER TABLE payments RENAME TO strict_payments",
        "CREATE TABLE payments (payment_id INTEGER PRIMARY KEY, invoice_id INTEGER, payment_date DATE, "
        "amount NUMERIC(12,2), payment_type VARCHAR(20), reference_number VARCHAR(50), notes VARCHAR(500), "
        "journal_number VARCHAR(20), payment_group INTEGER)",
        "INSERT INTO payments SELECT * FROM strict_payments",
        "INSERT INTO payments VALUES (17, 1, '2026-11-02', 5, 'EFT', '', '', NULL, NULL)",
        f"UPDATE payments SET {column} = {value} WHERE payment_id = 17",  # noqa: S608  # values of this test's own
    )
    side = side_of(opened(firm))
    assert [payment.payment_id.value for payment in side.payments] == [1]
    (row,) = side.unreadable
    assert row.place == "payments row 17 (payment_id)"
    assert problem in row.problem
    assert row.problem.endswith("Correct it in Case Manager.")
    assert (row.case_payment_id, row.invoice_number) == (CasePaymentId(17), "10234")
    assert row.amount == (None if column == "amount" else Money.of(5, AUD))
    assert row.paid_on == (None if column == "payment_date" else date(2026, 11, 2))


def test_a_third_decimal_is_unreadable_on_servers_too(firm: Firm, opened: Opened) -> None:
    if firm.is_reference:
        pytest.skip("this schema's columns take two decimals")
    firm.add_payment(1, "10.005")
    (row,) = side_of(opened(firm)).unreadable
    assert "has more than two decimals" in row.problem


@pytest.mark.parametrize("amount", ["0.1", "0.29", "1.15", "4.35", "1234567.89", "99999999.99", "0.01"])
def test_the_noise_of_a_float_is_no_third_decimal(sqlite_url: str, opened: Opened, amount: str) -> None:
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    firm.run(f"UPDATE payments SET amount = {amount} * 3.0 / 3.0")  # noqa: S608  # values of this test's own
    assert side_of(opened(firm)).payments[0].amount == Money.of(amount, AUD)


def test_a_number_is_compared_without_blanks_around_it(reference: Firm, opened: Opened) -> None:
    """R1: read whole, in lists, or under lock."""
    key = reference.add_payment(1)
    reference.run("UPDATE invoices SET invoice_number = '  10234 ' WHERE invoice_id = 1")
    database = opened(reference)
    side = side_of(database)
    assert (side.invoice.number, side.unreadable) == ("10234", ())
    assert [payment.payment_id for payment in side.payments] == [key]
    assert database.read(["10234"], AUD).sides == {"10234": side}
    assert not database.read(["0234", "  10234 "], AUD).sides
    seen: list[CaseInvoiceSide | None] = []

    def look(locked: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        seen.append(locked)
        return ()

    database.change_invoice(reference.invoice_id, AUD, look)
    assert seen == [side]


def test_numbers_that_differ_in_blanks_only_are_ambiguous(reference: Firm, opened: Opened) -> None:
    reference.run("UPDATE invoices SET invoice_number = ' 10234' WHERE invoice_id = 2")
    (row,) = side_of(opened(reference)).unreadable
    assert "Several invoices have the number 10234." in row.problem


def test_a_whole_number_equals_its_decimal_text(reference: Firm, opened: Opened) -> None:
    """R1: and noughts in front make another number."""
    reference.run(
        "ALTER TABLE invoices RENAME TO text_invoices",
        "CREATE TABLE invoices (invoice_id INTEGER PRIMARY KEY, invoice_number INTEGER, bill_to VARCHAR(120), "
        "case_name VARCHAR(120), invoice_date DATE, due_date DATE, total NUMERIC(12,2), adjustments NUMERIC(12,2), "
        "refunds NUMERIC(12,2))",
        "INSERT INTO invoices SELECT invoice_id, 10234, bill_to, case_name, invoice_date, due_date, total, 0, 0 "
        "FROM text_invoices WHERE invoice_id = 1",
    )
    assert set(opened(reference).read(["10234", "010234"], AUD).sides) == {"10234"}


def test_an_unreadable_invoice_is_there_but_said_to_be_unreadable(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)
    firm.add_payment(1)
    firm.run("UPDATE invoices SET total = 'lots', due_date = 'soon' WHERE invoice_id = 1")
    side = side_of(opened(firm))
    assert len(side.payments) == 1
    (row,) = side.unreadable
    assert row.place == "invoices row 1 (invoice_id)"
    assert row.problem == "The total 'lots' is no number. Correct it in Case Manager."


def test_two_invoices_of_one_number_are_ambiguous(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)
    firm.run(
        "ALTER TABLE invoices RENAME TO unique_invoices",
        "CREATE VIEW invoices AS SELECT invoice_id, '10234' AS invoice_number, bill_to, case_name, invoice_date, "
        "due_date, total, adjustments, refunds FROM unique_invoices",
    )
    firm.add_payment(1)
    firm.add_payment(2, on_second=True)
    side = side_of(opened(firm))
    assert [payment.payment_id.value for payment in side.payments] == [1, 2]
    assert [row.problem for row in side.unreadable] == [
        "Several invoices have the number 10234. Give each its own number in Case Manager."
    ]
