"""The worked examples at the end of the rules, each as it is printed there."""

from datetime import date

import pytest

from cmxero_desktop.domain.records import CasePayment, XeroPayment
from tests.domain.support import case, changes, nov, only, rows, run, snapshot, xero

P1 = xero("P1")
GONE = xero("P1", deleted=True)
P2_450 = xero("P2", "450", minute=1)

EXAMPLES = [
    pytest.param([P1], [], {"unmatched P1= R12"}, {"add P1 400.00"}, id="new"),
    pytest.param([P1], [case()], {"matched P1=1 R8"}, {"link P1=1 400.00"}, id="equal by hand"),
    pytest.param([P1], [case(names="P1")], {"matched P1=1 R7"}, set(), id="linked"),
    pytest.param(
        [P1, xero("P2")],
        [case()],
        {"matched P1=1 R8", "unmatched P2= R12"},
        {"link P1=1 400.00", "add P2 400.00 twin"},
        id="twin",
    ),
    pytest.param(
        [P1],
        [case(paid_on=nov(2))],
        {"unmatched =1 R19", "unmatched P1= R12"},
        {"add P1 400.00 near_double"},
        id="a day off",
    ),
    pytest.param([GONE], [case(names="P1")], {"unmatched =1 R15"}, {"remove =1 400.00"}, id="deleted"),
    pytest.param(
        [GONE, P2_450],
        [case(names="P1")],
        {"unmatched =1 R16", "unmatched P2= R16"},
        {"change P2=1 450.00"},
        id="edited",
    ),
    pytest.param(
        [GONE, P2_450],
        [case(names="P1", journalled=True)],
        {"skipped P1=1 JOURNALLED R17", "unmatched P2= R12"},
        {"add P2 450.00 journalled_counterpart"},
        id="edited, journalled",
    ),
    pytest.param([GONE], [case()], {"unmatched =1 R19"}, set(), id="deleted, by hand"),
    pytest.param([P1], [case(group=True)], {"matched P1=1 R9"}, set(), id="multi-invoice, equal"),
    pytest.param(
        [P1],
        [case(amount="350", group=True)],
        {"skipped =1 MULTI_INVOICE R18", "unmatched P1= R12"},
        {"add P1 400.00"},
        id="multi-invoice, differs",
    ),
    pytest.param([xero(paid_on=nov(27))], [], {"unmatched P1= R12"}, {"add P1 400.00"}, id="on the limit"),
    pytest.param([xero(paid_on=nov(28))], [], {"skipped P1= FUTURE_DATED R13"}, set(), id="beyond the limit"),
    pytest.param(
        [xero(amount="1000")],
        [case(amount="900", paid_on=date(2026, 10, 5))],
        {"unmatched =1 R19", "unmatched P1= R12"},
        {"add P1 1,000.00 would_overpay"},
        id="would overpay",
    ),
    pytest.param([], [], set(), set(), id="credit note, no payment"),
]


@pytest.mark.parametrize(("xero_side", "case_side", "expected_rows", "expected_changes"), EXAMPLES)
def test_worked_example(
    xero_side: list[XeroPayment],
    case_side: list[CasePayment],
    expected_rows: set[str],
    expected_changes: set[str],
) -> None:
    found = run(snapshot(xero_side, case_side))
    assert rows(found) == expected_rows
    assert changes(found) == expected_changes


def test_beyond_the_limit_names_the_first_day_it_is_accepted() -> None:
    (row,) = run(snapshot([xero(paid_on=nov(28))])).placements
    assert row.ready_on == nov(23)


def test_near_double_names_the_payment_on_both_rows() -> None:
    copy = case(paid_on=nov(2))
    found = run(snapshot([P1], [copy]))
    assert only(found).near == (copy,)
    near = {placement.near_case or placement.near_xero for placement in found.placements}
    assert near == {(copy.payment_id,), (P1.payment_id,)}


def test_edit_keeps_the_key_and_takes_over_the_name() -> None:
    change = only(run(snapshot([GONE, P2_450], [case(names="P1")])))
    assert change.case is not None
    assert change.after is not None
    assert change.case.payment_id.value == 1
    assert change.after.notes == "Xero payment P2"
