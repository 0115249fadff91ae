"""A row that cannot be read costs only itself, is told, and nothing is proposed by older figures (R30)."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.records import Side, UnreadableRow
from tests.services.checking.checks import three_payments
from tests.services.desk import NOV_1, Desk


@pytest.mark.parametrize("is_told", [True, False])
def test_an_unreadable_row_costs_only_itself_until_it_can_be_read(desk: Desk, *, is_told: bool) -> None:
    three_payments(desk)
    desk.bill("200")
    desk.xero.pay("CM-200", "5.00", NOV_1)
    desk.xero.break_row(next(iter(desk.xero.payments)), is_told=is_told)
    run = desk.poll()
    assert (run.fetched, run.counts.proposed) == (4, 1)
    assert Reason.UNREADABLE in {row.placement.reason for row in desk.view().skipped}
    desk.xero.broken.clear()
    assert desk.poll().counts.proposed == 4
    assert desk.view().skipped == ()


def row_without_id(place: str, **values: object) -> UnreadableRow:
    row = UnreadableRow(side=Side.XERO, place=place, problem="PaymentID is missing.")
    return replace(row, **values)  # type: ignore[arg-type]  # by name


def test_a_row_that_tells_only_its_number_stands_with_that_invoice(desk: Desk) -> None:
    three_payments(desk)
    first = next(iter(desk.xero.payments))
    desk.xero.broken[first] = row_without_id("Payments page 1, row 1", invoice_number="CM-100")
    desk.poll()
    assert {row.placement.invoice_number for row in desk.view().skipped} == {"CM-100"}


def test_rows_that_are_surely_of_no_cm_invoice_are_left_out(desk: Desk) -> None:
    desk.xero.bill("INV-1")
    first = desk.xero.pay("INV-1", "5.00", NOV_1)
    desk.xero.broken[first] = row_without_id("Payments page 1, row 1", invoice_number="INV-1")
    assert desk.poll().counts.skipped == 0


def test_a_row_without_an_id_is_forgotten_once_a_full_reading_shows_it_no_more(desk: Desk) -> None:
    three_payments(desk)
    first, second, _ = desk.xero.payments
    desk.xero.broken[first] = row_without_id("Payments page 1, row 1")
    desk.xero.broken[second] = row_without_id("Payments page 1, row 2")
    desk.poll()
    assert len([r for r in desk.view().skipped if r.placement.reason is Reason.UNREADABLE]) == 2
    del desk.xero.broken[first]
    desk.poll(is_full=True)
    unreadable = [r for r in desk.view().skipped if r.placement.reason is Reason.UNREADABLE]
    assert [r.placement.unreadable for r in unreadable] == [desk.xero.broken[second]]
    desk.xero.broken.clear()
    assert desk.poll(is_full=True).counts.skipped == 0


@pytest.mark.parametrize("is_named", [True, False])
def test_r30_an_invoice_that_cannot_be_read_is_told_and_nothing_is_proposed_by_its_older_figures(
    desk: Desk, *, is_named: bool
) -> None:
    desk.bill()
    desk.bill("200")
    desk.poll()
    desk.xero.pay("CM-100", "40.00", NOV_1)
    desk.xero.break_invoice(XeroInvoiceId("invoice-1"), is_named=is_named)
    desk.xero.pay("CM-200", "5.00", NOV_1)
    assert desk.poll().counts.proposed == 1
    broken = [r.placement for r in desk.view().skipped if r.placement.unreadable is not None]
    assert [p.explanation for p in broken] == ["Invoices invoice-1: Total is missing."]
    assert broken[0].xero_amount is None
    desk.xero.broken_invoices.clear()
    desk.clock.pass_days(1)
    desk.poll(is_full=True)
    assert (len(desk.proposals()), desk.view().skipped) == (2, ())


def test_r30_an_unreadable_invoice_of_another_number_is_nobodys_concern(desk: Desk) -> None:
    desk.bill()
    desk.xero.break_invoice(desk.xero.bill("INV-7"))
    desk.poll()
    assert desk.view().skipped == ()


def test_an_unreadable_row_of_case_manager_holds_its_invoice(desk: Desk) -> None:
    three_payments(desk)
    row = UnreadableRow(
        side=Side.CASE_MANAGER, place="payments row 9", problem="The date is empty", invoice_number="100"
    )
    desk.case.unreadable.append(row)
    assert desk.poll().counts.proposed == 0
