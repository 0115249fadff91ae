"""Both debtor lists through the flow: as both sides are now, over every invoice of either, with or without payments."""

import pytest

from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.checking.debtors import debtor_lists, debtors_if_any
from tests.services.desk import NOV_1, Desk, nov


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
    lists = debtor_lists(desk.outside)
    assert (lists.invoices, str(lists.due_xero), str(lists.balance_case_manager)) == (4, "1,100.00", "1,645.00")
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
    (line,) = debtor_lists(desk.outside).lines
    assert [(r.cause, str(r.amount)) for r in line.reasons] == [(Cause.LEFTOVER, "-33.00")]
    assert debtors_if_any(desk.outside) == debtor_lists(desk.outside)
