"""A table comes back as a person arranged it: which columns, in which order, how wide, and sorted by what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmxero_desktop.ui.widgets.shown_columns import Arrangement
from cmxero_desktop.ui.widgets.table_view import DeskTable
from tests.ui.conftest import MakeStage
from tests.ui.views import many_view

KEYS = st.text("abc", min_size=1, max_size=3)


def position(table: DeskTable[Any], key: str) -> int:
    return next(at for at, column in enumerate(table.rows.columns) if column.key == key)


def titles(table: DeskTable[Any]) -> list[str]:
    return table.rows_as_text().splitlines()[0].split("\t")


@given(
    order=st.lists(KEYS, unique=True).map(tuple),
    widths=st.dictionaries(KEYS, st.integers(1, 900)),
    shown=st.dictionaries(KEYS, st.booleans()),
    sorted_by=st.one_of(st.just(""), KEYS),
    is_down=st.booleans(),
)
def test_an_arrangement_is_read_as_it_was_written(
    order: tuple[str, ...], widths: dict[str, int], shown: dict[str, bool], sorted_by: str, *, is_down: bool
) -> None:
    told = Arrangement(order=order, widths=widths, shown=shown, sorted_by=sorted_by, is_down=is_down)
    assert Arrangement.from_text(told.as_text()) == told


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"order": 5}', "null", '{"order": [], "widths": []}'])
def test_of_what_cannot_be_read_nothing_is_taken(text: str) -> None:
    assert Arrangement.from_text(text) == Arrangement()


def test_order_widths_choice_and_sort_come_back_after_a_restart(make_stage: MakeStage) -> None:
    first = make_stage(many_view(5), is_demo=False)
    first.window.resize(1900, 800)
    QApplication.processEvents()
    table = first.window.review.table
    header = table.horizontalHeader()
    amount, bill_to = position(table, "amount"), position(table, "bill_to")
    header.moveSection(header.visualIndex(amount), 1)
    table.setColumnWidth(bill_to, 333)
    menu = table.choose_columns()
    next(a for a in menu.actions() if a.text() == "Paid to").setChecked(True)
    next(a for a in menu.actions() if a.text() == "Flags").setChecked(False)
    menu.close()
    at = QPoint(header.sectionViewportPosition(amount) + 20, 10)
    for _ in range(2):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    before, amounts = titles(table), [row.stored.proposal.amount for row in table.rows.shown_rows()]
    assert before[0] == "Amount"
    assert "Paid to" in before
    assert "Flags" not in before
    first.window.leave()
    again = make_stage(many_view(5), preferences=first.preferences)
    table = again.window.review.table
    assert titles(table) == before
    assert table.columnWidth(bill_to) == 333
    assert [row.stored.proposal.amount for row in table.rows.shown_rows()] == amounts
    assert table.horizontalHeader().isSortIndicatorShown()


def test_one_press_brings_everything_back_to_what_it_was_at_first(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(5), is_demo=False)
    table = stage.window.review.table
    rows, first = [row.row_id for row in table.rows.shown_rows()], titles(table)
    header = table.horizontalHeader()
    header.moveSection(2, 5)
    table.setColumnWidth(3, 400)
    table.sort_by(5, Qt.SortOrder.DescendingOrder)
    menu = table.choose_columns()
    next(a for a in menu.actions() if a.text() == "Invoice").setChecked(False)
    assert titles(table) != first
    menu.actions()[-1].trigger()
    menu.close()
    assert titles(table) == first
    assert [row.row_id for row in table.rows.shown_rows()] == rows
    assert not header.isSortIndicatorShown()
    assert table.arrangement() == Arrangement()
    stage.window.leave()
    assert not any(value for key, value in stage.preferences._values.items() if key.startswith("table_"))


def test_columns_of_another_version_are_passed_over_and_new_ones_stand_behind(make_stage: MakeStage) -> None:
    first = make_stage(many_view(2))
    told = Arrangement(order=("gone", "amount", "tick"), widths={"gone": 9}, shown={"gone": True}, sorted_by="gone")
    first.preferences.set("table_matched", told.as_text())
    again = make_stage(preferences=first.preferences)
    table = again.window.tabs.matched.table
    assert titles(table)[:2] == ["Amount", "Invoice"]
    assert len(titles(table)) == len([c for c in table.rows.columns if c.is_default])
