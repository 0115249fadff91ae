"""The menu of groups: every page's rows lie in groups by its columns, by keys, by its menu and by the palette."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from cmxero_desktop.ui.widgets.table_view import DeskTable
from cmxero_desktop.ui.window.pages import PAGES
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import many_view

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def menu_of(stage: Stage) -> QMenu:
    menu = stage.window.views.groups.open()
    assert menu is not None
    return menu


def said_by_lines(stage: Stage) -> list[str]:
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    found = (table.rows.line_at(at) for at in range(table.rows.rowCount()))
    return [table.rows.line_text(line) for line in found if line is not None]


@pytest.mark.parametrize("number", [n for n, name in enumerate(PAGES) if name not in {"SOR watch", "Health"}])
def test_the_rows_of_every_page_lie_in_groups_by_any_of_its_ways(stage: Stage, number: int) -> None:
    stage.window.tabs.setCurrentIndex(number)
    table = stage.window.tabs.table()
    assert isinstance(table, DeskTable)
    before = sorted(map(repr, table.rows.shown_rows()))
    titles = [action.text() for action in menu_of(stage).actions() if action.text().startswith("By ")]
    assert titles
    for title in titles:
        entry = next(action for action in menu_of(stage).actions() if action.text() == title)
        entry.trigger()
        table.grab()
        assert bool(said_by_lines(stage)) is bool(before)
        assert sorted(map(repr, table.rows.shown_rows())) == before
        marked = [action.text() for action in menu_of(stage).actions() if action.isChecked()]
        assert marked == [title]


def test_lines_say_the_sums_of_each_side_by_itself(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(PAGES.index("Unmatched"))
    stage.window.tabs.unmatched.table.group_by("bill_to")
    assert all("only in " in text for text in said_by_lines(stage))
    stage.window.tabs.setCurrentIndex(PAGES.index("Skipped"))
    stage.window.tabs.skipped.table.group_by("reason")
    assert any(
        text.endswith("1 only in Case Manager, 640.00; Case Manager less Xero +640.00") for text in said_by_lines(stage)
    )


def test_keys_fold_and_unfold_all(stage: Stage) -> None:
    stage.window.tabs.setCurrentIndex(PAGES.index("Matched"))
    table = stage.window.tabs.matched.table
    table.group_by("bill_to")
    every = table.rows.rowCount()
    stage.window.activateWindow()
    table.setFocus()
    QApplication.processEvents()
    QTest.keyClick(stage.window, Qt.Key.Key_Left, CTRL_SHIFT)
    assert table.rows.rowCount() == len(said_by_lines(stage)) < every
    assert "42 shown" in stage.window.tabs.matched.total_label.text()
    QTest.keyClick(stage.window, Qt.Key.Key_Right, CTRL_SHIFT)
    assert table.rows.rowCount() == every


def test_without_groups_the_keys_say_what_to_do_first(stage: Stage) -> None:
    groups = stage.window.views.groups
    groups.fold_all()
    assert stage.window.strip.busy.text() == "Group the rows first (Ctrl+Shift+B)."
    assert groups.why_not_fold()
    stage.window.tabs.setCurrentIndex(PAGES.index("Health"))
    groups.unfold_all()
    assert stage.window.strip.busy.text() == "The rows of this page lie in no groups."
    assert groups.open() is None
    assert not groups.button.isEnabled()
    assert list(groups.listed()) == []


def test_the_palette_groups(stage: Stage) -> None:
    listed = {verb.title: verb for verb in stage.window.views.listed()}
    assert listed["No groups"].why_not
    listed["Group by Bill To"].run()
    assert said_by_lines(stage)
    {verb.title: verb for verb in stage.window.views.listed()}["No groups"].run()
    assert not said_by_lines(stage)


def test_groups_are_part_of_a_view_and_come_back_after_a_restart(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(5, most=100_000))
    stage.window.review.table.group_by("bill_to")
    stage.window.place.keep()
    again = make_stage(many_view(5, most=100_000), preferences=stage.preferences)
    assert said_by_lines(again)
    again.window.views.use_first()
    assert not said_by_lines(again)


def test_ctrl_z_finds_what_was_written_in_a_folded_history(stage: Stage) -> None:
    table = stage.window.history.table
    table.group_by("invoice")
    table.folding.fold_all(are_folded=True)
    stage.window.wishes.open_undo()
    assert table.selected_rows()
