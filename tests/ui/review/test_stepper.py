"""The three steps below Review."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.ui.review.stepper import APPLIED, APPROVED, TO_APPROVE, Stepper
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import NOW, firm, results_of, stored_of, view_of


def press(stage: Stage, step: int) -> None:
    QTest.mouseClick(stage.window.review.bar.stepper.steps[step], Qt.MouseButton.LeftButton)


def test_the_steps_say_how_far_the_work_is_and_show_their_rows(stage: Stage) -> None:
    review = stage.window.review
    texts = [step.text() for step in review.bar.stepper.steps]
    assert texts[:2] == ["1  To approve 6", "2  Approved 2 (+330.00)"]
    press(stage, APPROVED)
    assert review.view_box.currentText() == "Approved"
    press(stage, TO_APPROVE)
    assert review.view_box.currentText() == "To approve"
    press(stage, APPLIED)
    assert stage.window.tabs.currentWidget() is stage.window.history
    assert stage.window.history.kind_box.currentText() == "Applied"


def test_what_was_written_before_today_or_undone_does_not_count(make_stage: MakeStage) -> None:
    results = results_of(firm())
    first, second, third, *rest = stored_of(results)
    written = [
        replace(first, state=ProposalState.APPLIED, changed_at=NOW),
        replace(second, state=ProposalState.APPLIED, changed_at=NOW - timedelta(days=2)),
        replace(third, state=ProposalState.UNDONE, changed_at=NOW),
    ]
    stage = make_stage(view_of(results, [*written, *rest]))
    assert stage.window.review.bar.stepper.steps[APPLIED].text() == "3  Applied today 1"


def test_while_something_is_ticked_the_bar_speaks_of_that(stage: Stage) -> None:
    bar = stage.window.review.bar
    assert (bar.stepper.isVisible(), bar.status.isVisible(), bar.approve_button.isVisible()) == (True, False, False)
    stage.tick("CM-10234")
    assert (bar.stepper.isVisible(), bar.status.isVisible(), bar.approve_button.isVisible()) == (False, True, True)


def test_on_a_small_laptop_all_steps_are_in_view(stage: Stage) -> None:
    stage.window.resize(1366, 768)
    for _ in range(3):
        QApplication.processEvents()
    assert all(step.isVisible() for step in stage.window.review.bar.stepper.steps)


def test_tabs_count_as_the_strip_does(stage: Stage) -> None:
    stage.window.resize(1366, 728)
    stage.settle()
    assert stage.window.strip.counts.text() == "Xero 51 payments = 42 matched + 7 unmatched + 2 skipped"
    titles = [stage.window.tabs.tabText(index) for index in (1, 2, 3)]
    assert titles == ["Matched  42", "Unmatched  7 + 5 CM", "Skipped  2 + 2 CM"]
    assert "all of it named" in stage.window.strip.difference.text()


def test_where_there_is_no_room_the_last_steps_are_left_out_whole(qtbot: QtBot) -> None:
    stepper = Stepper()
    qtbot.addWidget(stepper)
    stepper.show_steps(("1  To approve 6", "2  Approved 2 (+330.00)", "3  Applied today 1"))
    stepper.show()
    steps = [step.sizeHint().width() for step in stepper.steps]
    for room, shown in ((2_000, 3), (steps[0] + 4, 1), (sum(steps) - 1, 2), (2_000, 3)):
        stepper.resize(room, stepper.height())
        assert sum(not step.isHidden() for step in stepper.steps) == shown
        assert sum(not arrow.isHidden() for arrow in stepper.arrows) == shown - 1
