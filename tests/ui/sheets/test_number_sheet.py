"""Asks which invoice of Case Manager one of Xero's is (R1)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QRadioButton

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.ui.sheets.number_sheet import NumberSheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.cut_texts import cut_texts
from tests.ui.fake_desk import NUMBERS
from tests.ui.keys import plain
from tests.ui.views import firm_view

ALERT = Alert(
    key="renumbered:i-1:CM-101",
    kind=AlertKind.RENUMBERED,
    rule=Rule.R1,
    explanation="CM-100 is called CM-101 in Xero now.",
    next_step="Say which invoice of Case Manager it is.",
    raised_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    invoice_number="CM-101",
)


@pytest.fixture
def asked(make_stage: MakeStage) -> Stage:
    """Return a window with an invoice that was renumbered."""
    return make_stage(replace(firm_view(), alerts=(ALERT,)))


def sheet_of(stage: Stage) -> NumberSheet:
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, NumberSheet)
    return sheet


def open_from_band(stage: Stage) -> NumberSheet:
    (band,) = stage.window.bands.bands
    assert [b.text() for b in band.findChildren(QPushButton)] == ["Which one…"]
    band.pressed.emit()
    return sheet_of(stage)


def accept_of(stage: Stage) -> QPushButton:
    return next(b for b in stage.sheet().findChildren(QPushButton) if plain(b.text()) == "It is this one")


def test_the_band_opens_the_choices_with_the_figures_of_both_sides(asked: Stage) -> None:
    sheet = open_from_band(asked)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert "Which invoice is CM-101?" in words
    assert "CM-100 is called CM-101 in Xero now. It is compared with Case Manager's invoice 100." in words
    assert [w for w in words if w in {"1,000.00", "900.00", "3", "2"}].count("1,000.00") == 2
    assert "Has the payments copied from Xero, its first number." in words
    assert "Invoice 101" in words
    assert "Its number in Xero now. Case Manager has no invoice 101." in words
    radios = {plain(r.text()): r for r in sheet.findChildren(QRadioButton)}
    assert [(text, r.isEnabled()) for text, r in radios.items()] == [
        ("Invoice 100", True),
        ("Another invoice, number", True),
    ]
    assert "total 1,000.00, balance 900.00" in radios["Invoice 100"].accessibleDescription()


def test_nothing_is_kept_before_one_is_chosen(asked: Stage) -> None:
    open_from_band(asked)
    assert accept_of(asked).toolTip() == "Choose which one it is."
    asked.press("It is this one")
    asked.press("Not now")
    asked.settle()
    assert asked.fake.calls == []


def test_one_is_said_by_keys_alone(asked: Stage) -> None:
    sheet = open_from_band(asked)
    radio = next(r for r in sheet.findChildren(QRadioButton) if r.isEnabled())
    radio.setFocus()
    QTest.keyClick(radio, Qt.Key.Key_Space)
    sheet.reason.setText("only the label")
    QTest.keyClick(sheet.reason, Qt.Key.Key_Return)
    asked.settle()
    (call,) = asked.fake.calls
    assert (call[0], call[1], call[2], call[4]) == ("renumber", "CM-101", "100", "only the label")


def test_another_number_is_chosen_by_typing_it(asked: Stage) -> None:
    sheet = open_from_band(asked)
    sheet.choose_number("100")
    sheet.other.setChecked(True)
    assert accept_of(asked).toolTip() == "Enter its number."
    sheet.choose_number("100")
    field = next(f for f in sheet.findChildren(QLineEdit) if f is sheet.number)
    QTest.keyClicks(field, "105")
    assert sheet.other.isChecked()
    asked.press("It is this one")
    asked.settle()
    assert asked.fake.calls[0][:3] == ("renumber", "CM-101", "105")
    assert asked.window.strip.busy.text() == "Kept."


def test_an_invoice_that_goes_with_none_and_one_that_two_claim_say_so(asked: Stage) -> None:
    asked.fake.numbers = replace(
        NUMBERS, goes_with="", is_in_doubt=False, shown="", rivals=("Xero's CM-7 that is voided",), choices=()
    )
    sheet = open_from_band(asked)
    words = " ".join(label.text() for label in sheet.findChildren(QLabel))
    assert "Which invoice is (no number)?" in words
    assert "The same invoice of Case Manager may also be Xero's CM-7 that is voided." in words
    assert "It is compared with no invoice of Case Manager." in words


def test_the_row_of_an_invoice_in_doubt_leads_there(make_stage: MakeStage) -> None:
    view = firm_view()
    first = view.proposals[next(iter(view.proposals))]
    stage = make_stage(view)
    content = stage.window.desk.content
    assert content is not None
    row = next(r for r in content.view.review if r.row_id == first.proposal_id)
    doubted = replace(first.proposal, flags=frozenset({Flag.NUMBER_SHARED}))
    pane = stage.window.evidence
    pane.show_review(row, content)
    assert not pane.number_button.isVisibleTo(pane)
    pane.show_review(replace(row, stored=replace(first, proposal=doubted)), content)
    assert pane.number_button.isVisibleTo(pane)
    pane.number_button.click()
    assert sheet_of(stage).windowTitle() == "Which invoice is CM-101?"


def test_a_payment_without_an_invoice_leads_there_too(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view())
    content = stage.window.desk.content
    assert content is not None
    row = content.view.skipped[0]
    pane = stage.window.evidence
    pane.show_payment(replace(row, placement=replace(row.placement, reason=Reason.NO_INVOICE)), content)
    assert pane.number_button.isVisibleTo(pane)
    stage.window.wishes.ask_which_invoice()
    assert sheet_of(stage).windowTitle() == "Which invoice is CM-101?"


def test_without_a_row_the_window_says_so(stage: Stage) -> None:
    stage.window.evidence.clear()
    stage.window.wishes.ask_which_invoice()
    assert not stage.has_sheet()
    assert stage.window.strip.busy.text() == "Choose a row of the invoice first."


def test_without_choices_no_figure_of_the_invoice_is_cut(asked: Stage) -> None:
    sheet = NumberSheet(replace(NUMBERS, contact="Unknown Company Pty Ltd", choices=()), lambda *_: None, asked.window)
    sheet.show()
    asked.settle()
    assert cut_texts(sheet) == []
    sheet.reject()
