"""The debtor lists in the window: the figure first, the largest difference on top, and how to copy it."""

from PySide6.QtGui import QGuiApplication

from cmxero_desktop.domain.debtor_lists import compare_debtors
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.ui.sheets.debtors_sheet import DebtorsSheet, show_debtors, summary_of
from tests.domain.support import POLICY, case, nov, run, snapshot, xero
from tests.ui.conftest import Stage

LEFTOVER = snapshot([], [case(9, "33", nov(9))], number=7, bill_to="Aon")
TO_ADD = snapshot([xero()])


def test_the_lists_are_compared_from_the_tie_out_and_from_the_menu(stage: Stage) -> None:
    stage.fake.debtors = compare_debtors([(s, run(s)) for s in (LEFTOVER, TO_ADD)], (), POLICY)
    content = stage.window.desk.content
    stage.window.flows.tie_out(content)
    stage.press("Debtors")
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, DebtorsSheet)
    rows = [[sheet.table.rows.index(r, c).data() for c in range(7)] for r in range(2)]
    assert [row[0] for row in rows] == ["CM-100", "CM-7"]
    assert rows[1][1:6] == [
        "Aon",
        "1,000.00",
        "967.00",
        "-33.00",
        "payment only in Case Manager -33.00 (may count twice)",
    ]
    assert sheet.totals.text().startswith("All 2 invoices: due in Xero 1,600.00")
    stage.press("Copy")
    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("Invoice\tBill To")
    show_debtors(stage.window.desk, stage.window)
    stage.settle()


def test_the_sum_is_said_in_words() -> None:
    assert summary_of(compare_debtors((), (), POLICY)) == "Both debtor lists agree on every invoice."
    below = compare_debtors([(LEFTOVER, run(LEFTOVER))], (), POLICY)
    assert summary_of(below) == "Case Manager is 33.00 below Xero, all of it named: 1 invoice."
    lost = compare_debtors([(TO_ADD, Correlation())], (), POLICY)
    assert summary_of(lost).startswith("Case Manager is 400.00 above Xero, 400.00 of it not explained: 1 invoice.")
    up, down = snapshot([xero()]), snapshot([], [case(9, "400", nov(9))], number=7)
    assert summary_of(compare_debtors([(up, run(up)), (down, run(down))], (), POLICY)).startswith("In sum both")
