"""A Full HD screen at 200 % has 960 by 540 points: whatever is shown or ticked, the window stays within them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.widgets.parts import CutLabel, PartsLabel, PlainLabel
from cmxero_desktop.ui.window.pages import PAGES
from cmxero_desktop.ui.window.tab_titles import TabTitles
from tests.ui.conftest import MakeStage, Stage
from tests.ui.cut_texts import cut_texts
from tests.ui.story import failing_view, story_view

SCREEN = (960, 540)


def test_no_page_and_no_tick_makes_the_window_wider(stage: Stage) -> None:
    window = stage.window
    window.resize(*SCREEN)
    for page in range(len(PAGES)):
        window.wishes.go_to_page(page)
        stage.settle()
        assert (window.width(), window.height()) == SCREEN, PAGES[page]
    window.wishes.go_to_page(0)
    model = window.review.model
    for rows in ([0], range(model.rowCount())):
        model.set_ticked(rows, is_ticked=True)
        stage.settle()
        assert (window.width(), window.height()) == SCREEN
        for button in (window.review.bar.approve_button, window.review.bar.apply_button):
            assert button.width() >= button.sizeHint().width(), button.text()


def test_whose_books_these_are_stays_in_sight(stage: Stage) -> None:
    window = stage.window
    window.resize(*SCREEN)
    stage.settle()
    title = window.header.title
    assert title.width() >= title.fontMetrics().horizontalAdvance("Brightside")
    assert title.text() in title.toolTip()


def test_a_name_that_is_cut_says_so(qtbot: QtBot) -> None:
    def first(made: PlainLabel, width: int, seen: int) -> QImage:
        qtbot.addWidget(made)
        made.resize(width, 30)
        return made.grab().toImage().copy(0, 0, seen, 30)

    name = "Brightside Rehab Pty Ltd"
    whole = CutLabel(name).fontMetrics().horizontalAdvance(name)
    assert first(CutLabel(name), 80, 80) != first(CutLabel(name), whole, 80)
    assert first(CutLabel(name), whole, whole) == first(CutLabel(name), whole + 50, whole)


def lie(stage: Stage, width: int, height: int) -> None:
    """Give the window a size; what stood in a wide one keeps it from being narrow at once."""
    for _ in range(2):
        stage.window.resize(width, height)
        stage.settle()


def test_on_a_narrow_screen_every_tab_and_every_figure_of_the_evidence_is_seen(make_stage: MakeStage) -> None:
    stage = make_stage(story_view())
    tabs = stage.window.tabs
    lie(stage, 1366, 728)
    assert tabs.tabText(2) == "Unmatched  8 + 5 CM"
    lie(stage, *SCREEN)
    for page in range(len(PAGES)):
        stage.window.wishes.go_to_page(page)
        stage.settle()
        assert cut_texts(stage.window) == []
    stage.window.wishes.go_to_page(1)
    stage.settle()
    said = [(tabs.tabText(at), tabs.tabToolTip(at)) for at in range(5)]
    assert said == [
        ("Review  7", "7 to approve"),
        ("Matched  47", "47 matched"),
        ("Unmatched  8+5", "8 payments of Xero, 5 only in Case Manager"),
        ("Skipped  2+2", "2 payments of Xero, 2 only in Case Manager"),
        ("SOR watch  1", "1 alert"),
    ]
    assert "agrees" in stage.window.evidence.body.ledger.text()
    lie(stage, 1366, 728)
    assert tabs.tabText(2) == "Unmatched  8 + 5 CM"


def test_in_a_low_pane_what_follows_is_scrolled_and_not_cut(make_stage: MakeStage) -> None:
    stage = make_stage(story_view())
    pane = stage.window.evidence
    buttons = pane.approve_button
    lie(stage, 1366, 728)
    assert pane.effects.mapTo(pane, QPoint(0, 0)).y() < buttons.mapTo(pane, QPoint(0, 0)).y()
    lie(stage, *SCREEN)
    assert "What to do" in pane.effects.text()
    assert pane.effects.isVisible()
    assert pane.effects.height() >= pane.effects.heightForWidth(pane.effects.width())
    assert pane.effects.mapTo(pane, QPoint(0, 0)).y() > buttons.mapTo(pane, QPoint(0, 0)).y()
    assert "What to do" in pane.as_text()
    lie(stage, 1366, 728)
    assert pane.effects.mapTo(pane, QPoint(0, 0)).y() < buttons.mapTo(pane, QPoint(0, 0)).y()
    assert pane.effects.isVisible()


def test_where_not_even_brief_counts_have_room_there_are_names(qtbot: QtBot) -> None:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    for name in ("Review", "Matched"):
        tabs.addTab(QWidget(), name)
    titles = TabTitles(tabs, ("Review", "Matched"))
    for at in (0, 1):
        titles.say(at, "1,000,000 + 1,000,000 CM", "1,000,000+1,000,000", "A million")
    tabs.resize(5_000, 100)
    titles.fit()
    # How wide letters are depends on the fonts of the machine.
    room = titles.needed()
    for told in ("Review  1,000,000 + 1,000,000 CM", "Review  1,000,000+1,000,000", "Review"):
        tabs.resize(room, 100)
        titles.fit()
        assert tabs.tabText(0) == told
        room = titles.needed() - 1
    tabs.resize(90, 100)
    titles.fit()
    assert tabs.tabText(0) == "Review"
    assert tabs.tabToolTip(0) == "A million"


def test_the_freshness_is_whole_before_the_names_are(make_stage: MakeStage) -> None:
    stage = make_stage(failing_view())
    header = stage.window.header
    lie(stage, 1366, 728)
    assert header.freshness.seen() == header.freshness.text()
    assert header.freshness.text().endswith("may be incomplete - no connection to Xero")
    assert header.title.seen().startswith("Bright")
    assert "…" in header.title.seen()[1:-1], "both ends tell: which firm, and which database"
    lie(stage, *SCREEN)
    assert header.freshness.seen() == "Not checked since 10:22…"
    assert header.freshness.text() in header.freshness.toolTip()


@pytest.mark.parametrize(
    ("width", "seen"), [(400, "Checked; all good - next 10:52"), (120, "Checked; all good…"), (70, "Checked…")]
)
def test_a_sentence_gives_up_its_last_part_first(qtbot: QtBot, width: int, seen: str) -> None:
    made = PartsLabel("Checked; all good - next 10:52")
    qtbot.addWidget(made)
    made.resize(width, 20)
    assert made.seen() == seen
    made.resize(20, 20)
    assert made.seen() not in {"", "Checked…"}


def test_keys_stand_on_the_buttons_where_there_is_room_and_work_where_there_is_none(stage: Stage) -> None:
    header = stage.window.header
    lie(stage, 1366, 728)
    assert (header.check_button.text(), header.pause_button.text()) == ("Check Xero  F5", "Pause  F9")
    lie(stage, *SCREEN)
    assert (header.check_button.text(), header.pause_button.text()) == ("Check Xero", "Pause")
    assert "F5" in header.check_button.toolTip()
    assert "F9" in header.pause_button.toolTip()
    stage.window.activateWindow()
    stage.settle()
    QTest.keyClick(stage.window, Qt.Key.Key_F9)
    stage.settle()
    menu = stage.window.pause_menu
    assert menu.isVisible()
    menu.close()
