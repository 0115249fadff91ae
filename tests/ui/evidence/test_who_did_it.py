"""Who did it in Xero is asked for by a button, told below the history, and there again with the row."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.domain.errors import NotAllowedError, SignInError
from cmxero_desktop.ui.evidence.who_did_it import WhoDidIt
from tests.ui.conftest import Stage
from tests.ui.keys import plain


def who(stage: Stage) -> WhoDidIt:
    return stage.window.evidence.body.who


def asked(stage: Stage) -> list[object]:
    return [call[1] for call in stage.fake.calls if call[0] == "ask_history"]


def test_a_removal_asks_who_deleted_the_payment_and_keeps_the_answer_with_its_row(stage: Stage) -> None:
    stage.go_to("CM-10101")
    assert who(stage).answer.isHidden()
    who(stage).button.click()
    assert (plain(who(stage).button.text()), who(stage).button.isEnabled()) == ("Asking Xero…", False)
    stage.settle()
    said = who(stage).answer.text()
    assert said.startswith("880.00 on 30 Oct 2026. Xero's history: Created by J. Wu, ")
    assert "Deleted by R. Patel, " in said
    assert who(stage).button.isEnabled()
    assert said in stage.window.evidence.as_text()
    stage.go_to("CM-10234")
    assert who(stage).answer.isHidden()
    stage.go_to("CM-10101")
    assert who(stage).answer.text() == said
    assert len(asked(stage)) == 1


@pytest.mark.parametrize("height", [700, 560])
def test_whoever_asks_by_the_key_alone_has_the_answer_in_sight(stage: Stage, height: int) -> None:
    window = stage.window
    window.resize(1_000, height)
    stage.go_to("CM-10101")
    QTest.keyClick(window, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    stage.settle()
    QApplication.processEvents()
    answer = who(stage).answer
    assert answer.visibleRegion().boundingRect().height() == answer.height() > 0


def test_an_answer_that_comes_when_another_row_is_shown_is_not_told_of_that_one(stage: Stage) -> None:
    stage.go_to("CM-10101")
    who(stage).button.click()
    stage.go_to("CM-10234")
    stage.settle()
    assert who(stage).answer.isHidden()
    assert who(stage).button.isEnabled()


def test_why_xero_gave_no_answer_stands_in_its_place_and_raises_no_band(stage: Stage) -> None:
    stage.go_to("CM-10101")
    stage.fake.error = SignInError("This program is not signed in to Xero.", "Sign in to Xero first.")
    who(stage).button.click()
    stage.settle()
    assert who(stage).answer.text() == (
        "Xero gave no answer. This program is not signed in to Xero. Sign in to Xero first."
    )
    assert not stage.window.bands.is_troubled
    stage.fake.error = NotAllowedError("Only 2 of the 5,000 calls are left.", "Ask again tomorrow.")
    who(stage).button.click()
    stage.settle()
    assert "Only 2 of the 5,000 calls" in who(stage).answer.text()
    stage.fake.error = None
    who(stage).button.click()
    stage.settle()
    assert "Created by J. Wu" in who(stage).answer.text()


def test_a_row_without_a_payment_of_xeros_says_why_there_is_nothing_to_ask(stage: Stage) -> None:
    page = stage.window.tabs.unmatched
    stage.window.tabs.setCurrentWidget(page)
    rows = [row.placement for row in page.model.shown_rows()]
    page.table.go_to(next(i for i, row in enumerate(rows) if row.invoice_number == "CM-10115"))
    assert not who(stage).button.isEnabled()
    assert who(stage).button.toolTip() == "Xero has no payment in this row."
