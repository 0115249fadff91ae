"""The transition in the window: the weeks with their payments, and each step opens the very rows."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from cmxero_desktop.domain.transition import Transition
from cmxero_desktop.domain.transition_steps import Hurdle, Step
from cmxero_desktop.services.records.settings import Mode
from cmxero_desktop.ui.sheets.transition_sheet import TransitionSheet, open_transition, typists_text
from cmxero_desktop.ui.window.pages import PAGES
from tests.ui.conftest import MakeStage, Stage
from tests.ui.keys import plain
from tests.ui.sheets.test_mode import WRITER
from tests.ui.transitions import rows_of, transition
from tests.ui.views import firm_view


def opened(stage: Stage, found: Transition | None = None) -> TransitionSheet:
    stage.fake.transition = found or transition(in_the_way=tuple(Hurdle))
    open_transition(stage.window, stage.window.desk, stage.window.steps.show)
    stage.settle()
    sheet = stage.sheet()
    assert isinstance(sheet, TransitionSheet)
    return sheet


def show(stage: Stage, hurdle: Hurdle, found: Transition | None = None) -> None:
    opened(stage, found).show_buttons[hurdle].click()
    stage.settle()


def page(stage: Stage) -> str:
    return PAGES[stage.window.tabs.currentIndex()]


def test_the_newest_week_is_chosen_with_what_was_typed_in_it(stage: Stage) -> None:
    sheet = opened(stage)
    first = sheet.found.weeks[-1]
    assert sheet.weeks.row_at(0) == first
    assert sheet.typed_title.text() == "Typed in the week of 23 Nov 2026: 2"
    assert [one.row_id for one in sheet.typed.shown_rows()] == [
        one.row_id for one in sheet.found.typed_in(first.begins_on)
    ]
    sheet.chart.chosen.emit(len(sheet.found.weeks) - 2)
    assert sheet.typed_title.text() == "Typed in the week of 16 Nov 2026: 3"
    assert sheet.chart.current == len(sheet.found.weeks) - 2
    for model in (sheet.weeks, sheet.typed):
        for column in range(model.columnCount()):
            model.sort(column)


def test_a_step_has_the_number_of_its_button_and_says_why_nothing_is_to_be_shown(stage: Stage) -> None:
    sheet = opened(stage, transition(in_the_way=(Hurdle.SKIPPED,)))
    said = [label.text() for label in sheet.findChildren(QLabel)]
    assert f"7.  {sheet.found.steps[6].title}" in said
    assert plain(sheet.show_buttons[Hurdle.SKIPPED].text()) == "Show 7"
    closed = [shown for shown in sheet.show_buttons.values() if not shown.isEnabled()]
    assert {shown.toolTip() for shown in closed} == {"It holds: there is nothing to show."}
    assert said.count("It holds: there is nothing to show.") == len(closed)


def test_before_the_first_check_it_says_so(stage: Stage) -> None:
    sheet = opened(stage, Transition())
    assert sheet.typed_title.text() == ""
    assert typists_text(sheet.found) == "Nobody typed a payment in the last four weeks."


def test_who_types_is_said(stage: Stage) -> None:
    assert typists_text(opened(stage).found).startswith(
        "Typed in the last four weeks: R. Patel: 6 (last in the week of 23 Nov), "
    )


@pytest.mark.parametrize(
    ("hurdle", "where"), [(Hurdle.SKIPPED, "Skipped"), (Hurdle.NEW_LEFTOVERS, "Unmatched"), (Hurdle.WAITING, "Review")]
)
def test_a_step_shows_the_very_rows_and_no_others(stage: Stage, hurdle: Hurdle, where: str) -> None:
    stage.window.header.search.setText("nothing has these words")
    show(stage, hurdle)
    assert page(stage) == where
    table = stage.window.tabs.table()
    assert table is not None
    names = {table.rows.name_at(place) for place in range(table.rows.rowCount())}  # type: ignore[attr-defined]  # a DeskTable
    assert names == set(rows_of(firm_view())[hurdle])
    stage.window.tabs.filters_cleared.emit()
    assert table.rows.rowCount() >= len(names)  # type: ignore[attr-defined]  # as above
    assert table.rows.named is None  # type: ignore[attr-defined]  # as above


def test_above_the_rows_stands_why_they_alone_are_shown_until_all_are_wanted(stage: Stage) -> None:
    show(stage, Hurdle.SKIPPED)
    body, model = stage.window.tabs.skipped.body, stage.window.tabs.skipped.model
    assert body._only_text.text() == "Only what stands in the way: nothing is skipped that a person has to mend"
    every = model.total_rows
    assert model.rowCount() < every
    model.show_every()
    assert model.rowCount() == every


def test_what_is_no_row_opens_where_it_is_mended(stage: Stage) -> None:
    show(stage, Hurdle.CHECKS)
    assert page(stage) == "Health"
    show(stage, Hurdle.WHOLE)
    assert stage.sheet().windowTitle() == "Tie-out"
    stage.sheet().close()
    QApplication.processEvents()
    show(stage, Hurdle.ADDED)
    assert (page(stage), stage.window.review.kind_box.currentText()) == ("Review", "Add")
    show(stage, Hurdle.ADDED, transition())
    assert page(stage) == "History"


def test_the_mode_is_changed_from_there(make_stage: MakeStage) -> None:
    stage = make_stage(firm_view(), mode=Mode.OBSERVE)
    show(stage, Hurdle.MODE)
    assert stage.sheet().windowTitle() == "Approve and write?"


def test_a_warning_opens_as_from_its_band(make_stage: MakeStage) -> None:
    stage = make_stage(replace(firm_view(), alerts=(WRITER,)))
    show(stage, Hurdle.OTHER_WRITER)
    assert stage.sheet().windowTitle() == "Copied by others"
    stage.sheet().close()
    QApplication.processEvents()
    show(stage, Hurdle.TOTALS)
    assert not stage.has_sheet(), "the warning has gone meanwhile"


def test_what_holds_has_nothing_to_show_but_what_is_worth_a_look(stage: Stage) -> None:
    sheet = opened(stage, Transition(steps=tuple(Step(hurdle=hurdle, is_clear=True) for hurdle in Hurdle)))
    enabled = {hurdle for hurdle, shown in sheet.show_buttons.items() if shown.isEnabled()}
    assert enabled == {Hurdle.MODE, Hurdle.CHECKS, Hurdle.WHOLE, Hurdle.ADDED}
