"""What is searched for is looked for in every column, and marked where it stands."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cmxero_desktop.ui.theme.colours import tones_of
from cmxero_desktop.ui.widgets.found_words import spans_of
from cmxero_desktop.ui.widgets.table_view import DeskTable
from tests.ui.conftest import MakeStage, Stage
from tests.ui.views import many_view


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Acme Insurance", ("acme",), ["Acme"]),
        ("Acme Insurance", ("ins", "me"), ["me", "Ins"]),
        ("CM-10101", ("101", "10"), ["10101"]),
        ("aaaa", ("aa",), ["aaaa"]),
        ("Acme", ("b",), []),
        ("Acme", (), []),
        ("Acme", ("",), []),
        ("\u0130stanbul", ("stan",), []),
    ],
)
def test_words_are_found_wherever_they_stand(text: str, words: tuple[str, ...], found: list[str]) -> None:
    assert [text[begin:end] for begin, end in spans_of(text, words)] == found


@given(text=st.text("abAB ", max_size=20), words=st.lists(st.text("ab", min_size=1, max_size=3), max_size=3))
def test_a_letter_is_marked_exactly_where_a_word_covers_it(text: str, words: list[str]) -> None:
    covered = {
        at + inside
        for word in words
        for at in range(len(text))
        if text.lower().startswith(word, at)
        for inside in range(len(word))
    }
    spans = spans_of(text, words)
    assert {at for begin, end in spans for at in range(begin, end)} == covered
    assert all(before[1] < after[0] for before, after in pairwise(spans))


def marked_columns(table: DeskTable[Any]) -> set[str]:
    """Return the columns of the first row in which something is marked, by their pixels."""
    QApplication.processEvents()
    image = table.viewport().grab().toImage()
    wanted = tones_of(QApplication.palette()).found
    found = set()
    for at, column in enumerate(table.rows.columns):
        cell = table.visualRect(table.rows.index(0, at))
        if any(
            image.pixelColor(x, y).name() == wanted
            for x in range(cell.left(), cell.right(), 2)
            for y in range(cell.top(), cell.bottom(), 2)
            if image.rect().contains(x, y)
        ):
            found.add(column.key)
    return found


@pytest.mark.parametrize(
    ("typed", "columns"),
    [("harbour", {"bill_to"}), ("12 nov 620.00", {"paid_on", "amount"}), ("entered", {"how"}), ("", set())],
)
def test_what_was_searched_for_is_marked(stage: Stage, typed: str, columns: set[str]) -> None:
    stage.window.resize(1500, 800)
    stage.window.tabs.setCurrentIndex(1)
    stage.window.header.search.setText(typed)
    assert marked_columns(stage.window.tabs.matched.table) == columns


def test_a_search_finds_also_what_stands_in_columns_that_are_not_shown(stage: Stage) -> None:
    stage.window.header.search.setText("cheque account")
    assert stage.window.tabs.matched.model.rowCount() > 0
    assert stage.window.review.model.rowCount() > 0


def test_copied_amounts_are_numbers_in_the_order_of_the_columns(make_stage: MakeStage) -> None:
    stage = make_stage(many_view(2), is_demo=False)
    table = stage.window.tabs.matched.table
    header = table.horizontalHeader()
    header.moveSection(header.visualIndex(3), 0)
    table.selectAll()
    table.copy_rows()
    heads, *lines = (line.split("\t") for line in QGuiApplication.clipboard().text().splitlines())
    assert heads[0] == "Amount"
    assert len(lines) == table.rows.rowCount() > 0
    assert all(float(line[0]) > 0 for line in lines)
