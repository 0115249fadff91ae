"""Both debtor lists through the flow: as both sides are now, over every invoice of either, with or without payments."""

from dataclasses import replace

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side, UnreadableRow
from cmxero_desktop.services.checking.debtors import debtor_lists, debtors_if_any
from tests.services.desk import NOV_1, Desk, nov

FIRST = XeroInvoiceId("invoice-1")


def test_before_the_first_check_there_is_nothing_to_compare(desk: Desk) -> None:
    with pytest.raises(DeskError, match="Nothing was compared yet"):
        debtor_lists(desk.outside)
    assert debtors_if_any(desk.outside) is None


def test_every_invoice_of_either_side_counts_also_those_without_a_payment(desk: Desk) -> None:
    desk.bill("100", "1000.00")
    desk.bill("200", "500.00")
    desk.case.bill("300", "70.00")
    desk.case.bill("400", "80.00")
    desk.case.type_in("400", "5.00", NOV_1)
    desk.xero.pay("CM-100", "400.00", NOV_1)
    desk.poll()
    lists, statement = debtor_lists(desk.outside), desk.view().tie_out
    assert (lists.invoices, str(lists.due_xero), str(lists.balance_case_manager)) == (4, "1,100.00", "1,645.00")
    assert statement is not None
    assert lists.less_paid == statement.less_paid == Money.of("400.00", "AUD")
    found = {line.invoice_number: [(r.cause, str(r.amount)) for r in line.reasons] for line in lists.lines}
    assert found == {
        "CM-100": [(Cause.TO_ADD, "400.00")],
        "CM-300": [(Cause.ONLY_CASE_MANAGER, "70.00")],
        "CM-400": [(Cause.ONLY_CASE_MANAGER, "75.00")],
    }


def test_what_is_typed_since_the_last_check_is_compared_too(desk: Desk) -> None:
    desk.bill()
    desk.poll()
    desk.case.type_in("100", "33.00", nov(2))
    lists = debtor_lists(desk.outside)
    (line,) = lists.lines
    assert [(r.cause, str(r.amount)) for r in line.reasons] == [(Cause.LEFTOVER, "-33.00")]
    assert lists.bridge_line == "The payments differ by the same 33.00 as the debtors."
    assert debtors_if_any(desk.outside) == debtor_lists(desk.outside)


def test_an_invoice_that_cannot_be_read_is_unknown_and_says_how_old_its_last_figure_is(desk: Desk) -> None:
    desk.bill("100", "1000.00")
    desk.bill("200", "500.00")
    desk.poll()
    desk.xero.invoices[FIRST] = replace(desk.xero.invoices[FIRST], total=Money.of("700.00", "AUD"))
    desk.xero.break_invoice(FIRST)
    desk.poll()
    lists = debtor_lists(desk.outside)
    assert (lists.invoices, str(lists.due_xero), str(lists.balance_case_manager)) == (2, "500.00", "500.00")
    (line,) = lists.unknown
    assert (line.invoice_number, line.due_xero, str(line.balance_case_manager)) == ("CM-100", None, "1,000.00")
    (reason,) = line.reasons
    assert reason.cause is Cause.DUE_UNKNOWN
    assert "The last one that could be read is of 22 Nov 2026: 1,000.00 due." in reason.entry


def test_an_invoice_that_could_never_be_read_is_unknown_and_not_called_missing_in_xero(desk: Desk) -> None:
    desk.bill("100", "1000.00")
    desk.xero.break_invoice(FIRST)
    desk.bill("200")
    desk.poll()
    lists = debtor_lists(desk.outside)
    (line,) = lists.lines
    assert (line.invoice_number, line.due_xero, str(line.balance_case_manager)) == ("CM-100", None, "1,000.00")
    assert "It could never be read." in line.entries


def test_a_row_of_case_manager_that_cannot_be_read_is_told_on_invoices_of_either_kind(desk: Desk) -> None:
    desk.bill("100", "1000.00")
    desk.case.bill("300", "70.00")
    desk.poll()
    row = UnreadableRow(side=Side.CASE_MANAGER, place="row 9", problem="No amount.", invoice_number="100")
    desk.case.unreadable += [row, replace(row, invoice_number="300")]
    lists = debtor_lists(desk.outside)
    assert {(one.invoice_number, str(one.due_xero), one.balance_case_manager) for one in lists.unknown} == {
        ("CM-100", "1,000.00", None),
        ("CM-300", "0.00", None),
    }
    assert (str(lists.due_xero), lists.difference.minor) == ("0.00", 0)
    assert lists.xero_as_of == desk.view().state.cursors.as_of
