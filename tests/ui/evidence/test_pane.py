"""The evidence pane: what it says before a button is pressed, and its ways out."""

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication

from tests.ui.conftest import MakeStage, Stage


def effects(stage: Stage) -> str:
    return stage.window.evidence.effects.text()


def test_what_follows_is_said_above_the_buttons_and_only_while_something_can_follow(stage: Stage) -> None:
    stage.go_to("CM-10240")
    for said in ("<b>If linked:</b>", "date becomes 23 Nov 2026", "<b>If added:</b>", "It cannot be approved."):
        assert said in effects(stage)
    pane = stage.window.evidence
    assert pane.effects.y() < pane._buttons.y()
    stage.go_to("CM-10101")
    assert "is deleted from Case Manager; the balance becomes 880.00." in effects(stage)
    stage.window.tabs.setCurrentIndex(3)
    assert not pane.effects.isVisible()


def test_what_else_was_looked_at_is_there_where_there_is_anything(stage: Stage) -> None:
    stage.go_to("CM-10160")
    assert "matched with Xero&#x27;s 200.00 of 9 Nov 2026" in stage.window.evidence.body.others.text()
    stage.go_to("CM-10234")
    assert not stage.window.evidence.body.also.isVisible()


def test_all_of_it_is_copied_as_text(stage: Stage) -> None:
    stage.go_to("CM-10240")
    stage.window.evidence.body.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    for said in ("Add 330.00 dated 23 Nov 2026 to CM-10240", "If linked:", "Owed now"):
        assert said in copied
    assert "<" not in copied


def test_the_history_of_the_invoice_opens_from_the_pane(stage: Stage) -> None:
    stage.go_to("CM-10240")
    stage.window.evidence.body.story_button.click()
    assert stage.sheet().windowTitle() == "History of CM-10240"


def test_an_invoice_opens_in_xero_but_not_from_the_demo(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    demo = make_stage()
    demo.window.evidence.body.xero_button.click()
    assert opened == []
    assert "has no pages" in demo.window.strip.busy.text()
    firm = make_stage(is_demo=False)
    firm.go_to("CM-10240")
    firm.window.evidence.body.xero_button.click()
    assert opened == ["https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=inv-CM-10240"]


def test_long_words_do_not_push_anything_out_of_the_pane(stage: Stage) -> None:
    pane = stage.window.evidence
    room = pane.body.minimumSizeHint().width()
    pane.body.history.setText("x" * 400)
    assert pane.body.minimumSizeHint().width() == room
