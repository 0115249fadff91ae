"""Which payment a proposal's money may be, on the command line: each with its distances, and what to say next."""

import pytest

from tests.cli.conftest import Office
from tests.ui.views import C, X, day, firm_view, results_of, snapshot, stored_of, view_of

THREE = snapshot(
    "CM-10300",
    "Acme Insurance",
    "4471 Lee, J",
    "2000.00",
    [X(name="z1", amount="400.00", on=day(10))],
    [
        C(number=601, amount="397.50", on=day(10), reference="net of fee"),
        C(number=602, amount="900.00", on=day(1)),
        C(number=603, amount="400.00", on=day(12), journal="1042"),
    ],
)
PIECES = snapshot(
    "CM-10301",
    "QBE",
    "4472 Ito, M",
    "2000.00",
    [X(name="y1", amount="500.00", on=day(1)), X(name="y2", amount="300.00", on=day(2))],
    [C(number=611, amount="800.00", on=day(3))],
)


@pytest.fixture
def chosen(office: Office) -> Office:
    results = results_of((THREE, PIECES))
    office.desk.desk_view = view_of(results, stored_of(results))
    return office


def id_of(office: Office, number: str) -> str:
    rows = office.desk.desk_view.review
    return next(row.row_id for row in rows if row.stored.proposal.invoice_number == number)


def test_each_payment_is_shown_with_its_distances_the_closest_first(chosen: Office) -> None:
    row_id = id_of(chosen, "CM-10300")
    found = chosen.json("choices", row_id)
    assert [
        (one["case_payment_id"], one["xero_is_more_by"], one["xero_is_later_by_days"], one["takes_xeros_values"])
        for one in found
    ] == [(601, "2.50", 0, True), (602, "-500.00", 9, True), (603, "0.00", -2, False)]
    assert chosen.run("choices", row_id) == 0
    lines = chosen.out.splitlines()
    assert lines[2].split() == ["603", "400.00", "2026-11-12", "equal", "2", "days", "later", *_ACCEPT]
    assert "2.50 less" in lines[0]
    assert "same day" in lines[0]
    assert "net of fee" in lines[0]
    assert lines[-1] == f"To say that one is the same money: cmxero approve {row_id} --link PAYMENT"


_ACCEPT = ["cannot", "be", "changed:", "accept", "it", "as", "the", "same"]


def test_where_the_row_holds_several_payments_each_line_says_which(chosen: Office) -> None:
    row_id = id_of(chosen, "CM-10301")
    assert chosen.run("choices", row_id) == 0
    assert "Xero's 500.00 of 2026-11-01 (y1)" in chosen.out
    assert chosen.out.rstrip().endswith("--link PAYMENT --xero XERO_ID")


def test_where_there_is_nothing_to_choose_it_says_so(office: Office) -> None:
    office.desk.desk_view = firm_view()
    assert office.run("choices", id_of(office, "CM-10234")) == 0
    assert office.out == "This proposal has no unmatched payment beside it.\n"
    assert office.run("choices", "p-none") == 1
    assert "No proposal has the id p-none." in office.err
