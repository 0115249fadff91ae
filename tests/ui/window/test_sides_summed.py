"""What Skipped comes to, each side by itself: those sums are in the tie-out; both sides' together would be nothing."""

from cmxero_desktop.domain.money import Money, total
from tests.ui.conftest import Stage
from tests.ui.views import firm_view


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
    )


def test_of_one_side_or_of_pairs_there_is_one_sum(stage: Stage) -> None:
    skipped, matched = stage.window.tabs.skipped, stage.window.tabs.matched
    skipped.set_search(next(r for r in skipped.model.shown_rows() if r.placement.case is None).placement.invoice_number)
    assert skipped.total_label.text().endswith(" in all")
    assert "only in Xero, " in skipped.total_label.text()
    rows = matched.model.shown_rows()
    summed = total((row.placement.xero_amount for row in rows if row.placement.xero_amount is not None), "AUD")
    assert matched.total_label.text() == f"{len(rows)} shown, {summed} in all"
    skipped.set_search("nothing has this word")
    assert skipped.total_label.text() == "0 of 4 shown"
