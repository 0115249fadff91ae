"""Names and fields of a form, and words and buttons of a line, stand at one height."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.widgets.forms import form
from cmxero_desktop.ui.widgets.parts import PlainLabel, label, row
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.widgets.ticks import radio_button
from cmxero_desktop.ui.widgets.wrapping import WrappingLayout
from tests.ui.conftest import MakeStage
from tests.ui.cut_texts import cut_texts
from tests.ui.gallery import settle
from tests.ui.views import view_of


def middle_of(part: QWidget) -> int:
    return part.mapTo(part.window(), QPoint(0, part.height() // 2)).y()


def test_a_name_stands_at_the_height_of_its_field_and_at_the_first_line_of_a_sentence(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    field, sentence = QLineEdit(), label("Said " * 60, is_wrapped=True)
    page.setLayout(form((("&Mail server", field), ("SOR watch", sentence))))
    page.resize(400, 300)
    page.show()
    settle()
    named = {part.text(): part for part in page.findChildren(PlainLabel)}
    assert abs(middle_of(named["&Mail server"]) - middle_of(field)) <= 1
    assert named["&Mail server"].buddy() is field
    assert abs(named["SOR watch"].y() - sentence.y()) <= 1
    assert named["SOR watch"].height() < sentence.height()


def test_words_and_buttons_of_one_line_have_their_middles_in_line(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    parts = (label("Not counted above:"), QPushButton("Settled in Xero"), QPushButton("Money went back in Xero"))
    lines = WrappingLayout()
    for part in parts:
        lines.addWidget(part)
    page.setLayout(lines)
    page.resize(800, 200)
    page.show()
    settle()
    assert len({middle_of(part) for part in parts[:2]}) == 1
    assert parts[0].y() > parts[1].y()
    page.resize(parts[0].width() + parts[1].width() + 10, 200)
    settle()
    assert parts[2].y() > parts[1].y()
    assert parts[2].x() == 0
    for part in parts:
        part.hide()
    assert lines.heightForWidth(300) == 0


def test_before_the_first_check_the_strip_begins_where_it_always_does(make_stage: MakeStage) -> None:
    strip = make_stage().window.strip
    settle()
    known = strip.difference.mapTo(strip, QPoint(0, 0)).x()
    strip = make_stage(view_of((), (), runs=(), polled_at=None)).window.strip
    settle()
    assert strip.counts.text() == "Nothing is known yet: Xero was not checked"
    assert strip.counts.mapTo(strip, QPoint(0, 0)).x() == known


def test_a_pane_of_no_row_can_not_be_scrolled(make_stage: MakeStage) -> None:
    stage = make_stage()
    window = stage.window
    window.resize(960, 500)
    settle()
    assert any(bar.isVisible() for bar in window.evidence.findChildren(QScrollBar)), "there is more than fits"
    title = window.evidence.findChildren(PlainLabel)[0]
    window.header.search.setText("nothing is called so")
    settle()
    assert not any(bar.isVisible() for bar in window.evidence.findChildren(QScrollBar))
    assert window.evidence.height() > 200
    assert not window.evidence.first_button().isVisible()
    assert title.height() < 60, "what is said stays at the top"
    window.header.search.clear()
    settle()
    assert any(bar.isVisible() for bar in window.evidence.findChildren(QScrollBar))


@pytest.mark.parametrize("kind", [label, radio_button])
def test_a_sheet_is_as_wide_as_its_words_also_where_that_is_most_of_the_screen(
    qtbot: QtBot, kind: Callable[[str], QWidget]
) -> None:
    sheet = Sheet("Which invoice is it?", "A question.")
    qtbot.addWidget(sheet)
    words = "These two are not the same money, which they never were, nor ever will be in any case."
    sheet.body.addLayout(row(kind(words)))
    sheet.show()
    settle()
    room = QGuiApplication.primaryScreen().availableSize().width()
    assert room * 2 // 3 < sheet.width() < room
    assert cut_texts(sheet) == []


def test_no_sheet_is_wider_than_its_screen_whatever_width_it_asks_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = SimpleNamespace(availableSize=lambda: QSize(720, 430), availableGeometry=lambda: QRect(0, 0, 720, 430))
    monkeypatch.setattr(Sheet, "screen", lambda _: room)
    sheet = Sheet("Apply 2 changes", "A question.")
    qtbot.addWidget(sheet)
    sheet.setMinimumWidth(860)
    sheet.resize(1000, 700)
    sheet.show()
    settle()
    assert (sheet.width(), sheet.height()) == (704, 390)
