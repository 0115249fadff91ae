"""Asks once what payments to an account are (R3)."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from cmxero_desktop.domain.accounts import AccountAnswer
from cmxero_desktop.ui.sheets.account_sheet import AccountSheet, payment_types_of
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.views import account_alert, firm_view


@pytest.fixture
def asked(make_stage: MakeStage) -> Stage:
    """Return a window in which an account is asked about."""
    return make_stage(replace(firm_view(), alerts=(account_alert(),)))


def sheet_of(stage: Stage) -> AccountSheet:
    sheet = stage.sheet()
    assert isinstance(sheet, AccountSheet)
    return sheet


def accept_of(stage: Stage) -> QPushButton:
    return next(b for b in stage.sheet().findChildren(QPushButton) if plain(b.text()) == "Keep it")


def test_the_band_opens_the_question_with_count_and_sum(asked: Stage) -> None:
    (band,) = asked.window.bands.bands
    assert [b.text() for b in band.findChildren(QPushButton)] == ["Answer…"]
    band.pressed.emit()
    words = "\n".join(label.text() for label in sheet_of(asked).findChildren(QLabel))
    assert "What is Trust money held (882)?" in words
    assert "12 payments, 4,310.00 in all" in words
    assert "Those that Case Manager lacks stay out of it" in words


def test_nothing_is_kept_before_an_answer_is_chosen(asked: Stage) -> None:
    asked.window.wishes.ask_about_account()
    assert accept_of(asked).toolTip() == "Choose first what it is."
    asked.press("Keep it")
    asked.press("Not now")
    asked.settle()
    assert asked.fake.calls == []


@pytest.mark.parametrize("answer", [AccountAnswer.NEVER_COPY, AccountAnswer.KEEP_FLAGGING])
def test_an_answer_is_kept_by_the_name_of_who_gave_it(asked: Stage, answer: AccountAnswer) -> None:
    said: list[str] = []
    asked.window.flows.said.connect(said.append)
    asked.window.wishes.ask_about_account()
    sheet_of(asked).choose_answer(answer)
    asked.press("Keep it")
    asked.settle()
    (call,) = asked.fake.calls
    assert call[:3] == ("say_account", "acc-882", answer)
    assert said == ["Kept."]


def test_an_account_is_trusted_with_a_payment_type_only(asked: Stage) -> None:
    asked.window.wishes.ask_about_account()
    sheet = sheet_of(asked)
    sheet.choose_answer(AccountAnswer.TRUST)
    sheet.payment_type.setCurrentText(" ")
    assert accept_of(asked).toolTip() == "Name a payment type first."
    sheet.payment_type.setCurrentText("Credit Card")
    asked.press("Keep it")
    asked.settle()
    assert asked.fake.calls[0][:4] == ("say_account", "acc-882", AccountAnswer.TRUST, "Credit Card")


def test_the_usual_payment_type_comes_first(asked: Stage) -> None:
    assert payment_types_of(asked.fake.desk_view)[0] == "EFT"
    assert {"Cash", "Cheque", "Credit Card"} <= set(payment_types_of(asked.fake.desk_view))


def test_where_no_account_waits_the_window_says_so(stage: Stage) -> None:
    stage.window.wishes.ask_about_account()
    assert not stage.has_sheet()
    assert "Every account that payments went to" in stage.window.strip.busy.text()
