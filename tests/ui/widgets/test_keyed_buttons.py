"""Buttons show their keys where there is room: the words stay whole, and no line more is taken for a key."""

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.ui.sheets.connection_sheet import ConnectionSheet
from cmxero_desktop.ui.sheets.palette_sheet import PaletteSheet
from cmxero_desktop.ui.widgets.keyed_button import KeyedButton, KeyedButtons
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, account_alert, firm_view


def test_as_many_keys_are_shown_as_take_no_other_line(qtbot: QtBot) -> None:
    pressed: list[str] = []
    buttons = [KeyedButton(text, "Ctrl+H", partial(pressed.append, text)) for text in ("Hold…", "Reject…")]
    line = KeyedButtons(buttons)
    qtbot.addWidget(line)
    bare = sum(one.sizeHint().width() for one in buttons)
    line.show()
    line.resize(bare + 2000, 60)
    QApplication.processEvents()
    assert [one.is_key_shown for one in buttons] == [True, True]
    assert sum(one.sizeHint().width() for one in buttons) > bare
    line.resize(bare + 10 + buttons[0].room_of_key, 60)
    QApplication.processEvents()
    assert [one.is_key_shown for one in buttons] == [True, False]
    line.resize(bare + 6, 60)
    QApplication.processEvents()
    assert [one.is_key_shown for one in buttons] == [False, False]
    assert [one.text() for one in buttons] == ["Hold…", "Reject…"], "the key is no part of the name"
    buttons[0].click()
    assert pressed == ["Hold…"]


def test_the_words_and_the_key_of_a_button_are_painted_whole(qtbot: QtBot) -> None:
    keyed, plain = KeyedButton("Hold…", "Ctrl+H", int), KeyedButton("Hold…  Ctrl+H", "", int)
    for one in (keyed, plain):
        qtbot.addWidget(one)
    keyed.show_key(is_shown=True)
    keyed.resize(plain.sizeHint())
    plain.resize(plain.sizeHint())
    assert keyed.grab().toImage() == plain.grab().toImage()


def test_a_key_approves_the_row_that_is_shown_and_its_button_shows_it(stage: Stage) -> None:
    window = stage.window
    window.resize(1920, 1000)
    stage.go_to("CM-10234")
    QApplication.processEvents()
    approve = window.evidence.approve_button
    assert isinstance(approve, KeyedButton)
    assert approve.key == "Ctrl+D"
    assert "(Ctrl+D)" in approve.toolTip()
    ids = stage.ids("CM-10234")
    QTest.keySequence(window, QKeySequence("Ctrl+D"))
    stage.settle()
    assert stage.fake.calls == [("approve", ids, "J. Wu", "")]
    states = {r.stored.proposal.invoice_number: r.stored.state for r in stage.fake.desk_view.review}
    assert states["CM-10234"] is ProposalState.APPROVED


@pytest.mark.parametrize("page", [1, 5])
def test_where_no_row_can_be_approved_the_key_says_why(stage: Stage, page: int) -> None:
    stage.window.tabs.setCurrentIndex(page)
    QTest.keySequence(stage.window, QKeySequence("Ctrl+D"))
    stage.settle()
    assert stage.fake.calls == []
    assert stage.window.strip.busy.text() in {"This row cannot be approved.", "Choose a row of Review first."}


def test_the_first_band_has_a_key_and_all_of_them_are_in_the_palette(make_stage: MakeStage) -> None:
    sign_in = Alert(
        key="a-1",
        kind=AlertKind.SIGN_IN,
        rule=Rule.R2,
        explanation="The sign-in to Xero ends in 5 days.",
        next_step="Sign in again.",
        raised_at=NOW,
    )
    stage = make_stage(replace(firm_view(), alerts=(sign_in, account_alert())))
    first = stage.window.bands.bands[0]
    assert first.button.is_key_shown
    next(action for action in stage.window.actions() if action.text() == "&Do…").trigger()
    QApplication.processEvents()
    sheet = stage.sheet()
    assert isinstance(sheet, PaletteSheet)
    of_bands = [listed for listed in sheet.model.shown_rows() if listed.place == "Band"]
    assert any("The sign-in to Xero ends" in listed.title and listed.key == "F7" for listed in of_bands)
    sheet.reject()
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keySequence(stage.window, QKeySequence("F7"))
    stage.settle()
    assert isinstance(stage.sheet(), ConnectionSheet)
