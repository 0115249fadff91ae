"""The invented firm: the same for the same seed, right to the cent, with every scenario in it."""

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from cmxero_desktop.sandbox.case_manager.rows import import_note
from cmxero_desktop.sandbox.firm.firm import Firm, build_firm, local_today
from cmxero_desktop.sandbox.firm.running import RunningFirm, open_firm
from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.entries import CENTS
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError
from tests.sandbox.sandbox_client import NOW, connected

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def firm() -> Firm:
    return build_firm(TODAY, clock=Clock(NOW))


def test_the_same_seed_invents_the_same_firm(firm: Firm) -> None:
    again = build_firm(TODAY, clock=Clock(NOW))
    assert again.ledger.invoices == firm.ledger.invoices
    assert again.ledger.payments == firm.ledger.payments
    assert again.case == firm.case
    other = build_firm(TODAY, clock=Clock(NOW), seed=2)
    assert other.case != firm.case


def test_scenarios_do_not_depend_on_the_size(firm: Firm) -> None:
    bigger = build_firm(TODAY, clock=Clock(NOW), size=500)
    assert bigger.payment_ids("CM-20101") == firm.payment_ids("CM-20101")
    assert len(bigger.case.invoices) - len(firm.case.invoices) == 320


def test_every_scenario_is_there_once(firm: Firm) -> None:
    assert [each.number for each in firm.scenarios] == list(range(1, 45))
    numbers = Counter(chain.from_iterable(each.invoice_numbers for each in firm.scenarios))
    assert set(numbers.values()) == {1}
    in_xero = {each.number for each in firm.ledger.invoices.values()}
    in_case = {f"CM-{each.invoice_number}" for each in firm.case.invoices}
    assert set(numbers) <= in_xero | in_case


def test_the_sums_of_every_invoice_are_right(firm: Firm) -> None:
    for invoice in list(firm.ledger.invoices.values()):
        firm.ledger.settle(invoice.invoice_id, invoice.updated_at)
        settled = firm.ledger.invoices[invoice.invoice_id]
        assert settled == replace(invoice, fully_paid_on=settled.fully_paid_on)
        assert settled.due_cents >= 0


def test_nothing_is_stamped_after_now(firm: Firm) -> None:
    ledger = firm.ledger
    assert max(each.updated_at for each in ledger.invoices.values()) <= NOW
    assert max(each.updated_at for each in ledger.payments.values()) <= NOW
    assert max(each.updated_at for each in ledger.credits.values()) <= NOW


def test_case_rows_are_whole(firm: Firm) -> None:
    keys = {row.invoice_id for row in firm.case.invoices}
    assert {row.invoice_id for row in firm.case.payments} <= keys
    assert len({row.payment_id for row in firm.case.payments}) == len(firm.case.payments)
    assert all(row.amount == row.amount.quantize(Decimal("0.01")) for row in firm.case.payments)
    assert max(len(row.notes or "") for row in firm.case.payments) <= 500
    assert firm.case.settings[0]._asdict() == {"name": "forward_dating_days", "value": "5"}


def test_case_manager_is_overpaid_nowhere(firm: Firm) -> None:
    paid: Counter[int] = Counter()
    for row in firm.case.payments:
        paid[row.invoice_id] += int(row.amount * CENTS)
    for invoice in firm.case.invoices:
        assert paid[invoice.invoice_id] <= invoice.total * CENTS


def test_an_imported_copy_names_its_payment_on_a_line_of_its_own(firm: Firm) -> None:
    (payment_id,) = firm.payment_ids("CM-20301")
    (copy,) = firm.case.payments_on("20301")
    assert copy.notes == f"Xero payment {payment_id}"
    assert import_note("P1", "By phone") == "By phone\nXero payment P1"


def test_the_days_that_matter(firm: Firm) -> None:
    days = {}
    for number in ("CM-21201", "CM-21301"):
        (payment_id,) = firm.payment_ids(number)
        days[number] = firm.ledger.payments[payment_id].paid_on - TODAY
    assert days == {"CM-21201": timedelta(days=6), "CM-21301": timedelta(days=5)}


def test_there_is_enough_of_everything(firm: Firm) -> None:
    assert len(firm.linked_payment_ids) >= 60
    imported = sum("Xero payment" in (row.notes or "") for row in firm.case.payments)
    by_hand = sum(row.notes is None and row.journal_number is None for row in firm.case.payments)
    assert imported > 60
    assert by_hand > 15
    assert len(firm.ledger.batches) == 3
    assert any(each.amount_cents % CENTS for each in firm.ledger.payments.values())


def test_a_scenario_by_its_number(firm: Firm) -> None:
    scenario = firm.scenario(19)
    assert (scenario.name, scenario.invoice_numbers) == ("batch payment", ("CM-21901", "CM-21902", "CM-21903"))


def test_sydney_is_ahead() -> None:
    assert local_today(Clock(datetime(2026, 11, 22, 14, 0, tzinfo=UTC))) == date(2026, 11, 23)


@pytest.fixture
def running(tmp_path: Path) -> RunningFirm:
    return open_firm(tmp_path, today=TODAY, clock=Clock(NOW))


def test_the_case_database_holds_the_rows(running: RunningFirm) -> None:
    with sqlite3.connect(running.case_database.path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 (a test's own names)
            for table in ("invoices", "payments", "system_settings")
        ]
    connection.close()
    case = running.firm.case
    assert counts == [len(case.invoices), len(case.payments), 1]
    (row,) = running.case_database.payments_on("CM-20201")
    assert (row["amount"], row["payment_date"], row["payment_type"]) == (640, "2026-11-10", "EFT")


def test_a_database_that_was_taken_away_comes_back(running: RunningFirm) -> None:
    running.happenings.case_manager_down()
    other = sqlite3.connect(running.case_database.path, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("SELECT * FROM payments")
    running.happenings.case_manager_up()
    assert other.execute("SELECT count(*) FROM payments").fetchone()[0]
    other.close()


def test_what_can_happen_in_the_books(running: RunningFirm) -> None:
    happenings, ledger = running.happenings, running.firm.ledger
    deleted = str(happenings.payment_deleted()["payment_id"])
    assert not ledger.payments[deleted].is_live
    edited = happenings.payment_edited()
    new = ledger.payments[str(edited["new_payment_id"])]
    assert ledger.payments[str(edited["payment_id"])].amount_cents - new.amount_cents == 10
    assert ledger.payments[str(happenings.payment_reconciled()["payment_id"])].is_reconciled
    before = sum(each.is_live for each in ledger.payments.values())
    happenings.forty_deleted()
    assert before - sum(each.is_live for each in ledger.payments.values()) == 40
    assert happenings.outside_payment()["invoice_number"] == "CM-22002"
    happenings.outside_credit_note()
    assert ledger.invoice_numbered("CM-22002").credited_cents == 150_00
    assert not ledger.payments[str(happenings.instalment_deleted()["payment_id"])].is_live
    assert happenings.invoice_renumbered()["before"] == "CM-20301"
    assert ledger.invoice_numbered("CM-20301A").status == "PAID"
    assert ledger.payments[str(happenings.payment_arrives()["payment_id"])].is_live
    assert happenings.changed_after_approval()["invoice_number"] == "CM-22201"
    now = ledger.clock.now()
    happenings.slept_over_two_runs()
    happenings.future_dated_comes_due()
    assert ledger.clock.now() - now == timedelta(days=1, minutes=20)


def test_what_can_happen_to_an_invoice_under_a_schedule(running: RunningFirm) -> None:
    happen, ledger = running.happenings, running.firm.ledger
    with pytest.raises(LedgerRefusalError, match="no outside payment"):
        happen.sor.sor_outside_payment_removed()
    happen.outside_payment()
    removed = happen.sor.sor_outside_payment_removed()
    assert not ledger.payments[str(removed["payment_id"])].is_live
    paid = ledger.payments[str(happen.sor.sor_instalment_arrives()["payment_id"])]
    assert ledger.accounts[paid.account_id].name == "Apxium SOR Clearing"
    happen.sor.sor_overpayment_applied()
    happen.sor.sor_prepayment_applied()
    happen.sor.sor_reference_changed()
    invoice = ledger.invoice_numbered("CM-22002")
    assert (invoice.credited_cents, invoice.reference) == (130_00, "PO 77")
    happen.sor.sor_disbursement_receipted()
    assert ledger.invoice_numbered("CM-23401").due_cents == 0
    assert happen.sor.sor_invoice_renumbered() == {"invoice_number": "CM-23406B", "before": "CM-23406"}
    ledger.renumber_invoice(ledger.invoice_numbered("CM-23406B").invoice_id, "CM-23406")
    happen.sor.sor_invoice_voided()
    assert ledger.invoice_numbered("CM-23406").status == "VOIDED"
    happen.sor.sor_typed_in_case_manager()
    assert [row["amount"] for row in running.case_database.payments_on("CM-22002")][-1] == 90
    happen.sor.sor_adjusted_in_case_manager()
    with sqlite3.connect(running.case_database.path) as connection:
        adjusted = connection.execute("SELECT adjustments FROM invoices WHERE invoice_number = '22002'").fetchone()
    connection.close()
    assert adjusted == (-80,)


def test_what_can_happen_in_case_manager(running: RunningFirm) -> None:
    running.case_database.add_payment("CM-22401", "130.00", TODAY)
    assert running.happenings.journalled_since()["journalled"] == 1
    written = running.happenings.case_manager_link_writes()
    (copy,) = running.case_database.payments_on("CM-23001")
    assert copy["notes"] == f"Xero payment {written['payment_id']}"


def test_what_can_happen_on_the_line(running: RunningFirm) -> None:
    with running, connected(running.xero) as client:
        broken = [row for row in client.rows("Payments") if row["Status"] == "7F3"]
        assert [row["Invoice"]["InvoiceNumber"] for row in broken] == ["CM-23305"]
        running.happenings.connection_lost()
        with pytest.raises(Exception, match="Connection"):
            client.get("/Payments")
        running.happenings.connection_back()
        assert [row["Status"] for row in client.rows("Payments")].count("7F3") == 1
        running.happenings.sign_in_expired()
        assert client.get("/Payments").status == 401


def test_every_event_has_a_name(running: RunningFirm) -> None:
    assert set(running.happenings.by_name()) == set(running.xero.happenings)
    assert "forty_deleted" in running.xero.happenings
    assert len({event.label for event in running.happenings.events()}) == len(running.xero.happenings)


def test_forty_cannot_be_deleted_for_ever(tmp_path: Path) -> None:
    running = open_firm(tmp_path, today=TODAY, clock=Clock(NOW), size=80)
    running.happenings.forty_deleted()
    with pytest.raises(LedgerRefusalError, match="no payment"):
        running.happenings.forty_deleted()
