"""What Skipped comes to, each side by itself: those sums are in the tie-out; both sides' together would be nothing."""

from dataclasses import replace

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.ui.payments.columns import Stands
from cmxero_desktop.ui.payments.pages import _apart
from tests.ui.conftest import Stage
from tests.ui.views import C, X, day, firm_view, results_of, snapshot


def amounts(found: list[Money | None]) -> tuple[int, str]:
    there = [one for one in found if one is not None]
    return len(there), str(total(there, "AUD"))


def test_the_foot_of_skipped_says_what_is_left_out_on_each_side(stage: Stage) -> None:
    view = firm_view()
    rows = [row.placement for row in view.skipped]
    in_xero, here = amounts([p.xero_amount for p in rows]), amounts([p.case_amount for p in rows])
    assert in_xero[0]
    assert here[0]
    assert sum(p.xero_amount is not None and p.case_amount is not None for p in rows) == 0
    foot = stage.window.tabs.skipped.total_label.text()
    assert foot == (
        f"{len(rows)} shown: {in_xero[0]} only in Xero, {in_xero[1]}; {here[0]} only in Case Manager, {here[1]}"
        "; Case Manager less Xero +850.00"
    )


def test_a_sum_of_one_page_has_the_sign_that_it_has_in_the_tie_out(stage: Stage) -> None:
    statement = firm_view().tie_out
    assert statement is not None
    for page, is_its in ((stage.window.tabs.skipped, True), (stage.window.tabs.unmatched, False)):
        of_page = [line.amount for line in statement.lines if line.label.startswith("Skipped") is is_its]
        rows = page.model
        assert rows.sum_title == "Case Manager less Xero"
        assert rows.sums_at(range(rows.rows_shown)) == [total(of_page, "AUD")]


def test_what_both_sides_have_differently_counts_by_its_difference() -> None:
    xero = X(name="x", amount="100.00", on=day(3))
    case = C(number=1, amount="90.00", on=day(3))
    (result,) = results_of([snapshot("CM-1", "Acme", "", "500.00", [xero], [case])])
    row = replace(firm_view().skipped[0].placement, xero=result.snapshot.xero_payments[0])
    row = replace(row, case=result.snapshot.case_payments[0])
    shown = PaymentRow(placement=row, result=result)
    assert shown.less_xero == Money.of("-10.00", "AUD")
    assert _apart([(Stands.IN_BOTH, 1, [Money.of("-10.00", "AUD")])]) == (
        ": 1 on both sides; Case Manager less Xero -10.00"
    )
    assert _apart([(Stands.NOWHERE, 1, [])]) == ""


def test_of_one_side_or_of_pairs_there_is_one_sum(stage: Stage) -> None:
    skipped, matched = stage.window.tabs.skipped, stage.window.tabs.matched
    skipped.set_search(next(r for r in skipped.model.shown_rows() if r.placement.case is None).placement.invoice_number)
    assert "; Case Manager less Xero -" in skipped.total_label.text()
    assert "only in Xero, " in skipped.total_label.text()
    rows = matched.model.shown_rows()
    summed = total((row.placement.xero_amount for row in rows if row.placement.xero_amount is not None), "AUD")
    assert matched.total_label.text() == f"{len(rows)} shown, {summed} in all"
    skipped.set_search("nothing has this word")
    assert skipped.total_label.text() == "0 of 4 shown"
