"""The window changes the mode; after another writer was seen it says first what has to be true, and asks why."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from cmxero_desktop.domain.other_writer import COMING_BACK
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.records.alerts import OTHER_WRITER_KEY, Alert, AlertKind
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.ui.sheets.mode_rungs import rungs
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.views import NOW, firm_view

WRITER = Alert(
    key=OTHER_WRITER_KEY,
    kind=AlertKind.OTHER_WRITER,
    rule=Rule.R29,
    explanation="3 imported payments were not written by this program.",
    next_step="Switch it off.",
    raised_at=NOW,
)


@pytest.fixture
def warned(make_stage: MakeStage) -> Stage:
    """Return a window whose settings say approve while the alert stands."""
    view = firm_view()
    return make_stage(replace(view, alerts=(WRITER, *view.alerts)))


def button(stage: Stage, text: str) -> QPushButton:
    return next(b for b in stage.sheet().findChildren(QPushButton) if plain(b.text()) == text)


def test_approving_becomes_observing_at_once(stage: Stage) -> None:
    stage.window.wishes.change_mode()
    assert stage.sheet().windowTitle() == "Only observe?"
    stage.press("Only observe")
    stage.settle()
    assert ("mode", Mode.OBSERVE, "J. Wu", "") in stage.fake.calls


def test_observing_becomes_approving_after_a_question(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    stage.window.wishes.change_mode()
    assert stage.sheet().windowTitle() == "Approve and write?"
    stage.press("Go to approving")
    stage.settle()
    assert ("mode", Mode.APPROVE, "J. Wu", "") in stage.fake.calls


def test_the_way_back_says_what_has_to_be_true_and_takes_a_reason(warned: Stage) -> None:
    warned.window.wishes.change_mode()
    words = [label.text() for label in warned.sheet().findChildren(QLabel)]
    assert WRITER.explanation in words
    assert [word[4:] for word in words if word[:1].isdigit() and word[1] == "."] == list(COMING_BACK)
    assert not button(warned, "Go back to approving").isEnabled()
    warned.type_reason("switched off in Case Manager")
    warned.press("Go back to approving")
    warned.settle()
    assert ("mode", Mode.APPROVE, "J. Wu", "switched off in Case Manager") in warned.fake.calls


def test_while_another_program_writes_the_window_shows_that_it_observes(warned: Stage) -> None:
    assert warned.window.header.mode.toolTip() == "Mode: Observe only"
    assert not warned.window.review.bar.approve_button.isEnabled()


def test_without_any_content_there_is_no_mode_to_change(stage: Stage) -> None:
    stage.window.desk.content = None
    stage.window.wishes.change_mode()
    assert not stage.has_sheet()


def test_before_it_goes_to_approving_the_three_conditions_are_seen_each_with_its_mark(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    stage.window.wishes.change_mode()
    content = stage.window.desk.content
    assert content is not None
    words = [label.text() for label in stage.sheet().findChildren(QLabel)]
    marks = [label.accessibleName() for label in stage.sheet().findChildren(QLabel) if label.accessibleName()]
    for _, said in rungs(content, NOW):
        assert said in words
    assert {"holds", "does not hold", "is tried then"} & set(marks)


def test_the_mode_in_the_head_opens_it(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    assert isinstance(stage.window.header.mode, QPushButton)
    QTest.mouseClick(stage.window.header.mode, Qt.MouseButton.LeftButton)
    assert stage.sheet().windowTitle() == "Approve and write?"
    assert stage.window.header.mode.accessibleName() == "Mode: Observe only. Change it…"


def test_what_only_observes_says_what_comes_before_an_approval_and_where(make_stage: MakeStage) -> None:
    stage = make_stage(mode=Mode.OBSERVE)
    stage.go_to("CM-10234")
    assert "First go to approving (File, Mode" in stage.window.evidence.as_text()
    assert "File, Mode" in stage.window.review.bar.reason.text()
    assert "First go to approving" not in make_stage().window.evidence.as_text()
