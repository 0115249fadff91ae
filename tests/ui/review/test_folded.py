"""Review in groups that fold: what is approved is exactly what the button said, whatever is folded."""

import re
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.review.page import ReviewPage
from cmxero_desktop.ui.theme.words import effect
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import many_view

WAYS = ("bill_to", "invoice", "change")


def lines_of(page: ReviewPage) -> list[int]:
    return [at for at in range(page.model.rowCount()) if page.model.line_at(at) is not None]


def tick(stage: Stage, number: str) -> None:
    model = stage.window.review.model
    model.set_ticked(model.positions_of(stage.ids(number)), is_ticked=True)


def approved(stage: Stage) -> list[list[str]]:
    """Return the ids of each approval, sorted."""
    calls = [call[1] for call in stage.fake.calls if call[0] == "approve"]
    return [sorted(map(str, ids)) for ids in calls if isinstance(ids, tuple)]


@pytest.mark.untraced
@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_folded_what_is_approved_is_what_the_button_said(make_stage: MakeStage, seed: int) -> None:
    stage, chance = make_stage(many_view(30, most=100_000)), Random(seed)
    page = stage.window.review
    page.table.group_by(chance.choice(WAYS))
    for _ in range(40):
        at = chance.randrange(page.model.rowCount())
        line = page.model.line_at(at)
        if line is not None and chance.random() < 0.7:
            page.model.fold(line, is_folded=chance.random() < 0.5)
        elif line is not None:
            page.model.set_line_ticked(line, at, is_ticked=chance.random() < 0.8)
        else:
            page.model.set_ticked([at], is_ticked=chance.random() < 0.8)
        if chance.random() < 0.05:
            page.model.fold_all(are_folded=chance.random() < 0.5)
    stage.settle()
    ticked, button = page.ticked(), page.bar.approve_button
    said = button.text().replace("&", "")
    if not ticked:
        assert said == "Approve ticked"
        return
    folded = len(page.model.folded_ticks)
    assert said == f"Approve {len(ticked)} addition{'s' if len(ticked) > 1 else ''} - " + effect(
        row.stored.proposal for row in ticked
    ) + (f" ({folded} folded)" if folded else "")
    on_lines = [page.model.ticks_of(line) for at in lines_of(page) if (line := page.model.line_at(at)) is not None]
    assert sum(on_lines) == len(ticked)
    button.click()
    stage.settle()
    assert approved(stage) == [sorted(row.row_id for row in ticked)]


def test_a_folded_tick_is_said_by_line_bar_and_button(stage: Stage) -> None:
    page = stage.window.review
    page.table.group_by("invoice")
    tick(stage, "CM-10234")
    at = next(at for at in lines_of(page) if page.model.name_at(at).endswith("CM-10234"))
    line = page.model.line_at(at)
    assert line is not None
    assert "folded" not in page.bar.approve_button.text() + page.bar.status.text()
    page.model.fold(line, is_folded=True)
    assert re.search(r"   1 ticked$", page.model.line_text(line))
    assert line.size == 1
    assert "1 of them in folded groups" in page.bar.status.text()
    assert page.bar.approve_button.text().endswith("(1 folded)")
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(stage.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert approved(stage) == [list(stage.ids("CM-10234"))]


def test_ticks_do_not_outlive_the_rows_of_a_folded_group(stage: Stage) -> None:
    page = stage.window.review
    page.table.group_by("invoice")
    tick(stage, "CM-10234")
    page.model.fold_all(are_folded=True)
    page.bar.approve_button.click()
    stage.settle()
    assert page.ticked() == []
    assert page.model.folded_ticks == frozenset()
    assert page.bar.approve_button.isHidden()


def test_groups_of_a_person_take_the_place_of_those_by_risk(stage: Stage) -> None:
    page = stage.window.review
    assert page.model.blocks
    page.table.group_by("bill_to")
    assert page.model.blocks == ()
    assert not any(head.isVisible() for head in page.heads)
    said = [page.model.line_text(line) for at in lines_of(page) if (line := page.model.line_at(at)) is not None]
    assert any("Case Manager " in text for text in said)
    page.table.group_by("")
    assert page.model.blocks


def test_next_and_previous_go_over_lines(stage: Stage) -> None:
    page = stage.window.review
    page.table.group_by("invoice")
    page.table.go_to(1)
    first = page.table.current_row()
    page.go_to_next(1)
    second = page.table.current_row()
    assert second is not None
    assert second != first
    page.go_to_next(-1)
    assert page.table.current_row() == first
    page.go_to_next(-1)
    assert page.table.current_row() == first


def test_a_line_has_no_evidence_and_nothing_is_decided_by_it(stage: Stage) -> None:
    page, evidence = stage.window.review, stage.window.evidence
    page.table.group_by("invoice")
    page.table.go_to(0)
    QApplication.processEvents()
    assert stage.window.tabs.shown_row() is None
    assert not evidence.approve_button.isVisible()


def test_after_a_decision_the_next_row_is_current_and_no_line(stage: Stage) -> None:
    page = stage.window.review
    page.table.group_by("invoice")
    page.table.go_to(page.model.position_of(stage.ids("CM-10234")[0]))
    stage.window.evidence.approve_button.click()
    assert page.table.current_row() is not None
    stage.settle()
    assert page.table.current_row() is not None


def test_the_key_that_approves_a_group_by_risk_says_that_these_are_others(stage: Stage) -> None:
    stage.window.review.table.group_by("bill_to")
    stage.window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(stage.window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    assert stage.window.strip.busy.text().startswith("These groups are your own.")
    assert approved(stage) == []


def test_lines_are_as_high_as_one_line_and_rows_as_before_once_there_are_none(stage: Stage) -> None:
    page, table = stage.window.review, stage.window.review.table
    before = [table.rowHeight(at) for at in range(page.model.rowCount())]
    table.group_by("invoice")
    lines = lines_of(page)
    assert {table.rowHeight(at) for at in lines} == {table.height_of_one()}
    rows = set(range(page.model.rowCount())) - set(lines)
    assert {table.rowHeight(at) for at in rows} == {table.height_of_two()}
    page.model.fold_all(are_folded=True)
    assert {table.rowHeight(at) for at in range(page.model.rowCount())} == {table.height_of_one()}
    page.model.fold_all(are_folded=False)
    assert {table.rowHeight(at) for at in rows} == {table.height_of_two()}
    table.group_by("")
    assert [table.rowHeight(at) for at in range(page.model.rowCount())] == before


def test_a_range_of_ticks_over_a_folded_group_ticks_nothing_that_is_folded(make_stage: MakeStage) -> None:
    """Nobody sees the rows of the folded group: a yes to them would be a yes to money that was not looked at."""
    stage = make_stage(many_view(12, most=100_000))
    page = stage.window.review
    page.table.group_by("invoice")
    line = page.model.line_at(2)
    assert line is not None
    page.model.fold(line, is_folded=True)
    stage.settle()
    page.table.setFocus()
    page.table.go_to(1)
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    folded = {row.row_id for row in page.model.all_rows} - {row.row_id for row in shown_of(page)}
    assert folded
    last = next(at for at in reversed(range(page.model.rowCount())) if page.model.row_at(at) is not None)
    page.table.go_to(last)
    QTest.keyClick(page.table, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    ticked = {row.row_id for row in page.ticked()}
    assert ticked == {row.row_id for row in shown_of(page)}
    assert not ticked & folded


def shown_of(page: ReviewPage) -> list[ReviewRow]:
    rows = (page.model.row_at(at) for at in range(page.model.rowCount()))
    return [row for row in rows if row is not None]
