"""The line at the foot says what was done, with a button that takes exactly that back as long as it stands there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.ui.sheets.undo_sheet import UndoSheet
from cmxero_desktop.ui.window.possible import NOTHING_BACK
from tests.ui.conftest import Stage


def state_of(stage: Stage, number: str) -> ProposalState:
    view = stage.fake.desk_view
    rows = (*view.review, *view.rejected)
    return next(row.stored.state for row in rows if row.stored.proposal.invoice_number == number)


def decide(stage: Stage, how: str) -> None:
    """Decide about CM-10234 by keys alone."""
    stage.go_to("CM-10234")
    stage.window.wishes.focus_table()
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keySequence(stage.window, QKeySequence({"approve": "Ctrl+G", "hold": "Ctrl+H", "reject": "Ctrl+R"}[how]))
    QApplication.processEvents()
    if how != "approve":
        stage.type_reason("waits for the client")
        stage.press("Put on hold" if how == "hold" else "Reject")
    stage.settle()


@pytest.mark.parametrize("by_key", [True, False])
@pytest.mark.parametrize("how", ["approve", "hold", "reject"])
def test_a_decision_is_taken_back_where_it_is_told(stage: Stage, how: str, *, by_key: bool) -> None:
    strip = stage.window.strip
    ids = stage.ids("CM-10234")
    decide(stage, how)
    assert state_of(stage, "CM-10234") is not ProposalState.PROPOSED
    assert "CM-10234" in strip.busy.text()
    assert strip.back_button.isVisible()
    assert strip.back_button.text() == "Take back  Ctrl+Shift+Z"
    if by_key:
        stage.window.activateWindow()
        QApplication.processEvents()
        QTest.keySequence(stage.window, QKeySequence("Ctrl+Shift+Z"))
    else:
        QTest.mouseClick(strip.back_button, Qt.MouseButton.LeftButton)
    stage.settle()
    assert stage.fake.calls[-1][:2] == ("reopen", ids)
    assert state_of(stage, "CM-10234") is ProposalState.PROPOSED
    assert strip.busy.text() == "CM-10234 put back to Review."
    assert not strip.back_button.isVisible(), "what was put back was no decision that waits"


def test_it_goes_with_the_line_and_its_key_says_where_else_to_go(stage: Stage) -> None:
    strip = stage.window.strip
    decide(stage, "approve")
    strip.say("")
    assert not strip.back_button.isVisible()
    before = list(stage.fake.calls)
    QTest.keySequence(stage.window, QKeySequence("Ctrl+Shift+Z"))
    stage.settle()
    assert strip.busy.text() == NOTHING_BACK
    assert stage.fake.calls == before


def test_another_sentence_takes_the_button_along(stage: Stage) -> None:
    decide(stage, "approve")
    stage.window.strip.say("Saved.")
    assert not stage.window.strip.back_button.isVisible()
    assert not stage.window.strip.can_take_back


def test_what_was_not_waiting_before_is_not_brought_to_another_state(stage: Stage) -> None:
    review = stage.window.review
    review.view_box.setCurrentText("Approved")
    stage.go_to("CM-10190")
    stage.window.evidence.reject_button.click()
    if stage.has_sheet():
        stage.type_reason("not ours")
        stage.press("Reject")
        stage.settle()
        assert not stage.window.strip.back_button.isVisible()


def test_what_is_written_takes_the_old_line_away_and_offers_undo(stage: Stage) -> None:
    strip = stage.window.strip
    decide(stage, "approve")
    assert "not written yet" in strip.busy.text()
    stage.window.wishes.open_apply()
    stage.press("Apply 3")
    assert "not written yet" not in strip.busy.text()
    stage.settle()
    assert strip.busy.text() == "3 changes written to Case Manager."
    stage.sheet().accept()
    QApplication.processEvents()
    assert strip.busy.text() == "3 changes written to Case Manager."
    assert strip.back_button.text() == "Undo…  Ctrl+Shift+Z"
    QTest.mouseClick(strip.back_button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert isinstance(stage.sheet(), UndoSheet)
