"""Which payment a row's money is: each unmatched one of its invoice can be chosen, with its distances."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.records import InvoiceSnapshot
from cmxero_desktop.ui.sheets.link_sheet import LinkSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.views import C, X, day, results_of, snapshot, stored_of, view_of

CTRL = Qt.KeyboardModifier.ControlModifier


def of(*case: C, xero: tuple[X, ...] = (X(name="z1", amount="400.00", on=day(10)),)) -> InvoiceSnapshot:
    """Return an invoice whose totals differ, so that nothing on it agrees in sum."""
    return snapshot("CM-10300", "Acme Insurance", "4471 Lee, J", "2000.00", xero, case, xero_total="2005.00")


FEE, FAR, DATED = (
    C(number=601, amount="397.50", on=day(10), reference="net of fee"),
    C(number=602, amount="900.00", on=day(1)),
    C(number=604, amount="400.00", on=day(12)),
)
LOCKED = C(number=603, amount="400.00", on=day(12), journal="1042")
LOCKED_LESS = C(number=605, amount="399.50", on=day(10), journal="1042")


def staged(make_stage: MakeStage, *invoices: InvoiceSnapshot) -> Stage:
    results = results_of(invoices)
    stage = make_stage(view_of(results, stored_of(results)))
    stage.go_to("CM-10300")
    return stage


def opened(stage: Stage) -> LinkSheet:
    QTest.keyClick(stage.window, Qt.Key.Key_L, CTRL)
    sheet = stage.sheet()
    assert isinstance(sheet, LinkSheet)
    return sheet


def enter_presses(sheet: LinkSheet) -> list[str]:
    return [plain(b.text()) for b in sheet.findChildren(QPushButton) if b.isDefault()]


def test_the_closest_comes_first_and_each_says_its_distances(make_stage: MakeStage) -> None:
    stage = staged(make_stage, of(FAR, FEE, DATED))
    assert plain(stage.window.evidence.link_button.text()) == "Same payment: one of 3…"
    sheet = opened(stage)
    assert sheet.windowTitle() == "Which is the same money as Xero's 400.00 of 10 Nov 2026? CM-10300"
    shown = sheet.table.rows.shown_rows()
    assert [(one.payment.payment_id.value, one.apart) for one in shown] == [
        (604, ("equal", "2 days later")),
        (601, ("2.50 less", "same day")),
        (602, ("500.00 more", "9 days earlier")),
    ]


def test_what_follows_is_said_of_the_chosen_one_and_enter_moves_no_amount(make_stage: MakeStage) -> None:
    stage = staged(make_stage, of(FAR, FEE, DATED))
    sheet = opened(stage)
    assert "becomes 400.00 of 10 Nov 2026" in sheet.follows.text()
    assert enter_presses(sheet) == ["Same payment"]
    QTest.keyClick(sheet.table, Qt.Key.Key_Down)
    assert "no. 601: 397.50 of 10 Nov 2026" in sheet.follows.text()
    assert enter_presses(sheet) == ["Cancel"]
    QTest.keyClick(sheet.table, Qt.Key.Key_Down)
    QApplication.processEvents()
    stage.press("Change to 400.00")
    stage.settle()
    assert stage.fake.calls == [("choose_link", *stage.ids("CM-10300"), CasePaymentId(602), "J. Wu")]


def test_a_payment_far_away_in_days_is_linked_by_enter(make_stage: MakeStage) -> None:
    far = C(number=606, amount="400.00", on=day(1, 9))
    stage = staged(make_stage, of(far, FAR))
    sheet = opened(stage)
    QTest.keyClick(sheet.table, Qt.Key.Key_Return)
    stage.settle()
    assert stage.fake.calls == [("choose_link", *stage.ids("CM-10300"), CasePaymentId(606), "J. Wu")]


@pytest.mark.parametrize("case", [(LOCKED,), (LOCKED, FEE)])
def test_a_locked_one_of_the_same_amount_is_accepted_as_it_stands_with_a_reason(
    make_stage: MakeStage, case: tuple[C, ...]
) -> None:
    stage = staged(make_stage, of(*case))
    QTest.keyClick(stage.window, Qt.Key.Key_L, CTRL)
    if len(case) > 1:
        sheet = stage.sheet()
        assert isinstance(sheet, LinkSheet)
        sheet.table.go_to(1)
        QApplication.processEvents()
        assert "Nothing is written." in sheet.follows.text()
        stage.press("Accept as the same…")
    assert stage.sheet().windowTitle() == "The same money? CM-10300, 400.00 of 12 Nov 2026"
    stage.type_reason("locked in October's journal")
    stage.press("Accept as the same")
    stage.settle()
    assert stage.fake.calls[-1] == (
        "explain",
        CasePaymentId(603),
        None,
        ("z1",),
        "J. Wu",
        "locked in October's journal",
    )


def test_a_locked_one_of_another_amount_cannot_be_chosen_and_says_why(make_stage: MakeStage) -> None:
    stage = staged(make_stage, of(LOCKED_LESS, FAR))
    sheet = opened(stage)
    assert not sheet.table.rows.shown_rows()[0].is_fixed
    at = next(i for i, one in enumerate(sheet.table.rows.shown_rows()) if one.payment.payment_id.value == 605)
    sheet.table.go_to(at)
    assert not sheet.yes.isEnabled()
    assert sheet.follows.text() == sheet.yes.toolTip()
    assert "correct it there" in sheet.follows.text()
    assert enter_presses(sheet) == ["Cancel"]


def test_where_only_a_locked_one_of_another_amount_is_there_the_button_is_closed(make_stage: MakeStage) -> None:
    stage = staged(make_stage, of(LOCKED_LESS))
    button = stage.window.evidence.link_button
    assert button.isVisible()
    assert not button.isEnabled()


def test_pieces_that_agree_in_sum_can_be_paired_one_by_one(make_stage: MakeStage) -> None:
    here = (X(name="y1", amount="500.00", on=day(1)), X(name="y2", amount="300.00", on=day(2)))
    there = (C(number=611, amount="490.00", on=day(1)), C(number=612, amount="310.00", on=day(2)))
    stage = staged(make_stage, snapshot("CM-10300", "Acme Insurance", "4471 Lee, J", "2000.00", here, there))
    assert plain(stage.window.evidence.link_button.text()) == "Pair one by one…"
    sheet = opened(stage)
    assert sheet.windowTitle() == "Which are the same money? CM-10300"
    first = sheet.table.current_row()
    assert first is not None
    assert (first.xero.payment_id, first.payment.payment_id.value) == ("y1", 611)
    stage.press("Change to 500.00")
    stage.settle()
    assert stage.fake.calls[-1][:3] == ("choose_link", *stage.ids("CM-10300"), CasePaymentId(611))


def test_what_was_there_a_moment_ago_and_is_gone_opens_nothing(make_stage: MakeStage) -> None:
    stage = staged(make_stage, of(FAR, FEE))
    stored = stage.window.evidence.stored
    assert stored is not None
    stage.window.flows.linking.link(replace(stored, proposal=replace(stored.proposal, near=())))
    assert not stage.has_sheet()
