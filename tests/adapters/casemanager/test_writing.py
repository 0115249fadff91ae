"""A change of an invoice is all or nothing, is checked before and read back after, and never doubles a payment."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmxero_desktop.adapters.casemanager import CaseManagerDatabase
from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.domain.identifiers import CaseInvoiceId, CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import PaymentValues
from cmxero_desktop.services.records.readings import CaseInvoiceSide, CaseWrite
from tests.adapters.casemanager.conftest import new_sqlite_url
from tests.adapters.casemanager.firms import (
    AUD,
    Firm,
    always,
    delete,
    insert,
    number_by_itself_no_more,
    other_firm,
    reference_firm,
    update,
    with_mapping,
    with_notes,
)
from tests.support.patience import HUNG_S

Opened = Callable[[Firm], CaseManagerDatabase]
_PHANTOM = "INSERT INTO payments SELECT NULL, 1, '2026-11-01', 1, 'EFT', '', '', NULL, NULL"


def now(database: CaseManagerDatabase) -> dict[CasePaymentId, PaymentValues]:
    side = database.read(["10234"], AUD).sides["10234"]
    assert side.unreadable == ()
    return {payment.payment_id: PaymentValues.of(payment) for payment in side.payments}


def test_insert_update_and_delete_in_one_change(firm: Firm, opened: Opened) -> None:
    database = opened(firm)
    kept, removed = firm.add_payment(1, notes="typed"), firm.add_payment(2, "7.00")
    other = firm.add_payment(3, on_second=True)
    changed = firm.values("450.55", notes="typed\nXero payment ab1", reference="Zürich ✓", day=9)
    added = firm.values("0.01", notes="Xero payment ab2")
    written = database.change_invoice(
        firm.invoice_id,
        AUD,
        always(update(kept, firm.values(notes="typed"), changed), delete(removed, firm.values("7.00")), insert(added)),
    )
    new = written["i"]
    assert (written["u"], written["d"]) == (kept, removed)
    assert now(database) == {kept: changed, new: added}
    assert new not in {kept, removed, other}
    assert database.read(["10235"], AUD).sides["10235"].payments[0].payment_id == other


def test_decide_sees_what_reading_sees(firm: Firm, opened: Opened) -> None:
    firm.add_payment(1, group=7, is_journalled=True, notes="x")
    firm.add_payment(2, group=7, on_second=True)
    database = opened(firm)
    seen: list[CaseInvoiceSide | None] = []

    def look(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        seen.append(side)
        return ()

    assert database.change_invoice(firm.invoice_id, AUD, look) == {}
    assert seen == [database.read(["10234"], AUD).sides["10234"]]


def test_an_invoice_that_is_gone_is_none(firm: Firm, opened: Opened) -> None:
    gone = CaseInvoiceId(99 if firm.is_reference else "Z-9")
    seen: list[CaseInvoiceSide | None] = []

    def look(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        seen.append(side)
        return ()

    opened(firm).change_invoice(gone, AUD, look)
    assert seen == [None]
    with pytest.raises(CaseManagerError, match="is not in Case Manager any more"):
        opened(firm).change_invoice(gone, AUD, always(insert(firm.values())))


def test_only_changed_columns_are_written(firm: Firm, opened: Opened) -> None:
    """A link writes the note; the amount and the empty reference stay exactly as they are stored."""
    key = firm.add_payment(1, "400.10")
    opened(firm).change_invoice(
        firm.invoice_id, AUD, always(update(key, firm.values("400.10"), firm.values("400.10", notes="Xero payment a1")))
    )
    (row,) = firm.run(f"SELECT * FROM {firm.payments}")  # noqa: S608  # a name of this test's own
    if firm.is_reference:
        assert (row[5], row[6], row[7], row[8]) == ("", "Xero payment a1", None, None)
    else:
        assert (str(row[5]), row[6], row[7], row[8], row[9]) == ("", "Xero payment a1", "N", "N", "Ann")


def test_an_insert_fills_the_constants_and_leaves_empty_what_is_empty(firm: Firm, opened: Opened) -> None:
    opened(firm).change_invoice(firm.invoice_id, AUD, always(insert(firm.values("12.30"))))
    (row,) = firm.run(f"SELECT * FROM {firm.payments}")  # noqa: S608  # a name of this test's own
    if firm.is_reference:
        assert tuple(row)[4:] == ("EFT", None, None, None, None)
    else:
        assert float(row[3]) == -12.30
        assert (row[4], row[5].strip(), row[6], row[7], row[8], row[9]) == (4, "", None, "N", "N", "Xero Desk")
        assert (str(row[10]), bool(row[11])) == ("2026-11-22", False)


@pytest.mark.parametrize("what", ["changed", "gone", "other invoice"])
def test_a_write_that_does_not_fit_undoes_the_whole_change(firm: Firm, opened: Opened, what: str) -> None:
    database = opened(firm)
    key = firm.add_payment(1)
    missing = firm.add_payment(2, on_second=True) if what == "other invoice" else CasePaymentId(firm.key(9))
    target, before = (key, firm.values("399.99")) if what == "changed" else (missing, firm.values())
    for write in (update(target, before, firm.values("1.00")), delete(target, before)):
        with pytest.raises(CaseManagerError, match=r"meanwhile|not on this invoice any more") as caught:
            database.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("5.00")), write))
        assert "Nothing was changed" in caught.value.remedy
        assert now(database) == {key: firm.values()}


def test_any_error_in_decide_undoes_everything_and_passes(firm: Firm, opened: Opened) -> None:
    database = opened(firm)
    key = firm.add_payment(1)

    def fail(_: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.change_invoice(firm.invoice_id, AUD, fail)
    database.change_invoice(firm.invoice_id, AUD, always(delete(key, firm.values())))
    assert now(database) == {}


def test_a_xero_payment_is_never_copied_twice(firm: Firm, opened: Opened) -> None:
    database = opened(firm)
    copy = insert(firm.values(notes="Xero payment AB-1"))
    database.change_invoice(firm.invoice_id, AUD, always(copy))
    with pytest.raises(CaseManagerError, match="would be there twice"):
        database.change_invoice(firm.invoice_id, AUD, always(copy))
    typed = firm.add_payment(2)
    link = update(typed, firm.values(), firm.values(notes="Xero payment ab-1"))
    with pytest.raises(CaseManagerError, match="would be there twice"):
        database.change_invoice(firm.invoice_id, AUD, always(link))
    assert [values.notes for values in now(database).values()].count("Xero payment AB-1") == 1
    assert now(database)[typed] == firm.values()


def test_two_copies_that_were_there_can_be_tidied_up(firm: Firm, opened: Opened) -> None:
    one, two = firm.add_payment(1, notes="Xero payment a1"), firm.add_payment(2, notes="Xero payment a1")
    third = firm.add_payment(3, notes="Xero payment a1")
    database = opened(firm)
    database.change_invoice(firm.invoice_id, AUD, always(delete(one, firm.values(notes="Xero payment a1"))))
    assert set(now(database)) == {two, third}


def test_notes_and_reference_fit_to_the_last_character(reference: Firm, opened: Opened) -> None:
    database = opened(reference)
    full = reference.values(notes="ü" * 500, reference="é" * 50)
    database.change_invoice(reference.invoice_id, AUD, always(insert(full)))
    assert list(now(database).values()) == [full]
    for long in (replace(full, notes="n" * 501), replace(full, reference="r" * 51)):
        with pytest.raises(CaseManagerError, match="and the column takes"):
            database.change_invoice(reference.invoice_id, AUD, always(insert(long)))
    assert list(now(database).values()) == [full]


@pytest.mark.parametrize("amount", [Money.of("5", "NZD"), Money.zero(AUD)])
def test_only_money_of_the_organisation_is_written(sqlite_url: str, opened: Opened, amount: Money) -> None:
    firm = reference_firm(sqlite_url)
    with pytest.raises(CaseManagerError, match="no amount in AUD"):
        opened(firm).change_invoice(firm.invoice_id, AUD, always(insert(replace(firm.values(), amount=amount))))


def test_the_payment_type_is_never_changed(firm: Firm, opened: Opened) -> None:
    key = firm.add_payment(1)
    write = update(key, firm.values(), replace(firm.values(), payment_type="Cash"))
    with pytest.raises(CaseManagerError, match="payment type"):
        opened(firm).change_invoice(firm.invoice_id, AUD, always(write))


@pytest.mark.parametrize(
    ("trigger", "write_kind"),
    [
        ("AFTER INSERT ON payments BEGIN UPDATE payments SET notes = upper(notes); END", "insert"),
        ("AFTER UPDATE ON payments BEGIN UPDATE payments SET amount = 1 WHERE payment_id = 1; END", "update"),
        (f"AFTER DELETE ON payments BEGIN {_PHANTOM}; END", "delete"),
        ("BEFORE INSERT ON payments BEGIN SELECT RAISE(IGNORE); END", "insert"),
        (f"AFTER INSERT ON payments WHEN NEW.amount = 9 BEGIN {_PHANTOM}; END", "insert"),
    ],
)
def test_what_a_trigger_alters_does_not_pass_silently(
    sqlite_url: str, opened: Opened, trigger: str, write_kind: str
) -> None:
    firm = reference_firm(sqlite_url)
    key = firm.add_payment(1)
    firm.run(f"CREATE TRIGGER meddler {trigger}")
    writes = {
        "insert": insert(firm.values("9.00", notes="Xero payment a1")),
        "update": update(key, firm.values(), firm.values("9.00")),
        "delete": delete(key, firm.values()),
    }
    database = opened(firm)
    with pytest.raises(CaseManagerError, match=r"is not what is there now|new ones are there"):
        database.change_invoice(firm.invoice_id, AUD, always(writes[write_kind]))
    assert now(database) == {key: firm.values()}


@pytest.mark.mariadb
def test_a_server_that_cuts_text_is_found_out(mariadb_url: str, opened: Opened) -> None:
    """Without strict mode MariaDB rounds and cuts with a mere warning."""
    firm = reference_firm(mariadb_url)
    lenient = opened(replace(firm, url=f"{firm.url}&init_command=SET+sql_mode%3D%27%27"))
    lenient.check()
    firm.run("ALTER TABLE payments MODIFY amount DECIMAL(3,2)")
    with pytest.raises(CaseManagerError, match="is not what is there now"):
        lenient.change_invoice(firm.invoice_id, AUD, always(insert(firm.values("400.00"))))
    assert firm.run("SELECT * FROM payments") == []


@pytest.mark.mariadb
def test_a_table_without_transactions_is_not_written(mariadb_url: str, opened: Opened) -> None:
    firm = reference_firm(mariadb_url)
    firm.run(
        "CREATE TABLE without_keys AS SELECT * FROM payments",
        "DROP TABLE payments",
        "ALTER TABLE without_keys ENGINE = MyISAM, MODIFY payment_id INTEGER PRIMARY KEY AUTO_INCREMENT",
        "RENAME TABLE without_keys TO payments",
    )
    with pytest.raises(CaseManagerError, match="storage engine MyISAM"):
        opened(firm).change_invoice(firm.invoice_id, AUD, always(insert(firm.values())))
    assert firm.run("SELECT * FROM payments") == []


def test_two_writers_on_one_invoice_take_turns(firm: Firm) -> None:
    """The second one sees what the first one wrote, and so does not write it again."""
    first_is_in, second_starts = threading.Event(), threading.Event()
    seen: dict[str, int] = {}

    def decide(name: str) -> Callable[[CaseInvoiceSide | None], Sequence[CaseWrite]]:
        def once(side: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
            assert side is not None
            seen[name] = len(side.payments)
            if name == "first":
                first_is_in.set()
                second_starts.wait()
            return () if side.payments else (insert(firm.values(notes="Xero payment a1")),)

        return once

    def run(name: str) -> None:
        with closing(firm.open(lock_wait_s=HUNG_S)) as database:
            database.check()
            if name == "second":
                first_is_in.wait()
                second_starts.set()
            database.change_invoice(firm.invoice_id, AUD, decide(name))

    threads = [threading.Thread(target=run, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"first": 0, "second": 1}
    assert len(firm.run(f"SELECT * FROM {firm.payments}")) == 1  # noqa: S608  # a name of this test's own


def test_a_locked_invoice_gives_up_in_time_with_a_remedy(firm: Firm, opened: Opened) -> None:
    firm.add_payment(1)
    impatient = opened(firm)
    impatient.check()

    def meanwhile(_: CaseInvoiceSide | None) -> Sequence[CaseWrite]:
        with pytest.raises(CaseManagerError, match="another program keeps it locked") as caught:
            impatient.change_invoice(firm.invoice_id, AUD, always())
        assert "try again" in caught.value.remedy
        assert len(impatient.read(["10234"], AUD).sides["10234"].payments) == 1
        return ()

    opened(firm).change_invoice(firm.invoice_id, AUD, meanwhile)


def test_the_next_number_is_a_key_where_the_database_gives_none(
    reference: Firm, opened: Opened, tmp_path: Path
) -> None:
    firm = with_mapping(reference, tmp_path, 'key_source = "generated"', 'key_source = "next_number"')
    number_by_itself_no_more(firm)
    firm.add_payment(41, on_second=True)
    writes = (insert(firm.values("1.00"), "a"), insert(firm.values("2.00"), "b"))
    written = opened(firm).change_invoice(firm.invoice_id, AUD, always(*writes))
    assert written == {"a": CasePaymentId(42), "b": CasePaymentId(43)}


@pytest.mark.parametrize("key", ["'abc'", "x'41'"])
def test_a_key_of_text_in_a_file_has_no_next_number(sqlite_url: str, tmp_path: Path, opened: Opened, key: str) -> None:
    """A SQLite file keeps anything in a column of whole numbers that is not its row's own number."""
    firm = with_mapping(reference_firm(sqlite_url), tmp_path, 'key_source = "generated"', 'key_source = "next_number"')
    firm.run("DROP TABLE payments")
    firm.run(
        "CREATE TABLE payments (payment_id BIGINT PRIMARY KEY, invoice_id INTEGER, payment_date DATE, "
        "amount NUMERIC(12,2), payment_type VARCHAR(20), reference_number VARCHAR(50), notes VARCHAR(500), "
        "journal_number VARCHAR(20), payment_group INTEGER)",
        f"INSERT INTO payments VALUES ({key}, 1, '2026-11-01', 1, 'EFT', '', '', NULL, NULL)",  # noqa: S608  # its own
    )
    with pytest.raises(CaseManagerError, match="The highest payment_id of payments is no number") as caught:
        opened(firm).change_invoice(firm.invoice_id, AUD, always(insert(firm.values("4.00"))))
    assert "key_source" in caught.value.remedy


def test_many_new_rows_are_told_apart_without_comparing_each_with_each(
    sqlite_url: str, tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random keys come back in any order; the invoice is locked meanwhile."""
    count, compared = 60, list[object]()
    firm = other_firm(sqlite_url, tmp_path)
    really = PaymentValues.__eq__

    def counted(one: PaymentValues, other: object) -> bool:
        compared.append(one)
        return really(one, other)

    monkeypatch.setattr(PaymentValues, "__eq__", counted)
    monkeypatch.setattr(PaymentValues, "__hash__", lambda one: hash(one.amount))
    writes = [insert(firm.values(f"{100 + k}.00"), f"i{k}") for k in range(count)]
    keys = opened(firm).change_invoice(firm.invoice_id, AUD, always(*writes))
    assert len(compared) <= 6 * count
    monkeypatch.undo()
    (side,) = opened(firm).read(["10234"], AUD).sides.values()
    assert {keys[f"i{k}"] for k in range(count)} == {payment.payment_id for payment in side.payments}
    amounts = {payment.payment_id: str(payment.amount) for payment in side.payments}
    assert [amounts[keys[f"i{k}"]] for k in range(count)] == [f"{100 + k}.00" for k in range(count)]


def test_a_file_locked_by_another_program_says_so(sqlite_url: str, opened: Opened) -> None:
    firm = reference_firm(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CaseManagerError, match=r"case.db on this computer: .*another program keeps it locked"):
            opened(firm).change_invoice(firm.invoice_id, AUD, always())
        other.execute("ROLLBACK")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    minor=st.integers(1, 999_999_999),
    day=st.dates(),
    reference=texts,
    notes=texts,
    again=st.tuples(st.integers(1, 999_999_999), st.dates(), texts),
)
def test_what_is_read_is_what_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    minor: int,
    day: date,
    reference: str,
    notes: str,
    again: tuple[int, date, str],
) -> None:
    firm = reference_firm(new_sqlite_url(tmp_path_factory.mktemp("firm")))
    written = PaymentValues(
        paid_on=day, amount=Money.from_minor(minor, AUD), reference=reference, notes=notes, payment_type="EFT"
    )
    with closing(firm.open()) as database:
        key = database.change_invoice(firm.invoice_id, AUD, always(insert(written)))["i"]
        assert now(database) == {key: written}
        changed = with_notes(replace(written, amount=Money.from_minor(again[0], AUD), paid_on=again[1]), again[2])
        database.change_invoice(firm.invoice_id, AUD, always(update(key, written, changed)))
        assert now(database) == {key: changed}
        database.change_invoice(firm.invoice_id, AUD, always(delete(key, changed)))
        assert now(database) == {}
