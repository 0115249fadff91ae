"""A row is rejected for one of the firm's reasons, the most used first, or in words of one's own."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton

from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.settings import ReasonSettings
from cmxero_desktop.ui.widgets.mnemonics import letter_in
from cmxero_desktop.ui.widgets.sheet import Sheet
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import keys_of, plain
from tests.ui.views import NOW, firm_view

ASKED = "Asked the client"


def opened(stage: Stage, number: str = "CM-10155") -> Sheet:
    stage.go_to(number)
    QTest.keyClick(stage.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    return stage.sheet()


def choices(sheet: Sheet) -> dict[str, QRadioButton]:
    return {plain(one.text()): one for one in sheet.findChildren(QRadioButton)}


def line(sheet: Sheet) -> QLineEdit:
    found = sheet.findChild(QLineEdit)
    assert found is not None
    return found


def rejected(stage: Stage) -> list[str]:
    return [str(call[3]) for call in stage.fake.calls if call[0] == "reject"]


def test_a_reason_of_the_firm_is_chosen_with_two_keys(stage: Stage) -> None:
    sheet = opened(stage)
    assert list(choices(sheet)) == list(stage.fake.settings.reasons.reject)
    assert line(sheet).hasFocus(), "whoever types goes on typing"
    choice = choices(sheet)[ASKED]
    QTest.keyClick(sheet, getattr(Qt.Key, f"Key_{letter_in(choice.text())}"), Qt.KeyboardModifier.AltModifier)
    while choice.isDown():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    assert (choice.isChecked(), line(sheet).text()) == (True, ASKED)
    QTest.keyClick(QApplication.focusWidget() or sheet, Qt.Key.Key_Return)
    stage.settle()
    assert rejected(stage) == [ASKED]


def test_what_was_chosen_may_be_changed_and_is_then_no_more_ticked(stage: Stage) -> None:
    sheet = opened(stage)
    choices(sheet)[ASKED].click()
    line(sheet).setFocus()
    QTest.keyClick(line(sheet), Qt.Key.Key_End)
    QTest.keyClicks(line(sheet), ", no answer")
    assert not any(choice.isChecked() for choice in choices(sheet).values())
    choices(sheet)["Will be corrected in Xero"].click()
    assert line(sheet).text() == "Will be corrected in Xero"
    choices(sheet)[ASKED].click()
    assert line(sheet).text() == ASKED
    line(sheet).setText(f"{ASKED}, no answer")
    stage.press("Reject")
    stage.settle()
    assert rejected(stage) == [f"{ASKED}, no answer"]


def test_own_words_need_no_choice_and_none_at_all_is_not_enough(stage: Stage) -> None:
    sheet = opened(stage)
    stage.press("Reject")
    assert sheet.isVisible()
    QTest.keyClicks(line(sheet), "ours is right")
    stage.press("Reject")
    stage.settle()
    assert rejected(stage) == ["ours is right"]


def test_the_most_used_stands_first(make_stage: MakeStage) -> None:
    view = firm_view()
    event = AuditEvent(at=NOW, by="Ann", what=AuditWhat.REJECTED, reason=ASKED)
    stage = make_stage(replace(view, history=(replace(view.history[0], event=event), *view.history)))
    assert next(iter(choices(opened(stage)))) == ASKED


def test_without_reasons_of_the_firm_there_is_the_line_alone(stage: Stage) -> None:
    stage.fake.settings = replace(stage.fake.settings, reasons=ReasonSettings(reject=()))
    stage.window.desk.refresh()
    stage.settle()
    sheet = opened(stage)
    assert choices(sheet) == {}
    assert line(sheet).hasFocus()


@pytest.mark.parametrize("many", [4, 12])
def test_every_key_means_one_thing_however_many_reasons_there_are(stage: Stage, many: int) -> None:
    reasons = tuple(f"Because of {number}" for number in range(many))
    stage.fake.settings = replace(stage.fake.settings, reasons=ReasonSettings(reject=reasons))
    stage.window.desk.refresh()
    stage.settle()
    double = {key: sorted(what) for key, what in keys_of(opened(stage)).items() if len(what) > 1}
    assert double == {}
