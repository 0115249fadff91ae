"""However narrow the window is, its head says how fresh the figures are, and no word in it is cut in half."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.ui.window.header import Header
from tests.ui.conftest import MakeStage
from tests.ui.cut_texts import cut_texts
from tests.ui.gallery import settle
from tests.ui.story import failing_view, observing_view, stale_view, story_view

HEIGHT = 40
# Where the freshness may end: whole, or behind a time.
ENDS = ("up to date", "may be incomplete", "no connection to Xero", "10:42", "10:22", "08:52")


@contextmanager
def alone(header: Header) -> Iterator[QWidget]:
    """Put the head for a while onto a ground of its own, which asks for no width."""
    home, holder = header.parentWidget(), QWidget()
    holder.resize(1_400, HEIGHT)
    header.setParent(holder)
    header.move(0, 0)
    holder.show()
    header.show()
    try:
        yield holder
    finally:
        header.setParent(home)
        holder.deleteLater()


def lie(header: Header, width: int) -> None:
    for _ in range(2):
        header.resize(width, HEIGHT)
        settle()


@pytest.mark.parametrize("view", [story_view(), failing_view(), observing_view(), stale_view()])
def test_no_word_is_cut_in_any_width(make_stage: MakeStage, view: DeskView) -> None:
    header = make_stage(view).window.header
    with alone(header) as holder:
        for width in range(1_400, header.minimumSizeHint().width() - 1, -40):
            lie(header, width)
            assert cut_texts(holder) == [], width
            assert header.freshness.seen().rstrip("…").endswith(ENDS), width
            for part in (header.check_button, header.pause_button, header.bell_button, header.search):
                assert part.isVisible()


def test_whose_books_these_are_gives_way_and_comes_back_and_a_chosen_period_stays(make_stage: MakeStage) -> None:
    header = make_stage(failing_view()).window.header
    with alone(header) as holder:
        lie(header, 650)
        assert not header.title.isVisible()
        assert not header.period.isVisible()
        assert (header.check_button.text(), header.pause_button.text()) == ("Check", "")
        assert header.pause_button.accessibleName() == "Pause checking"
        header.period.setCurrentIndex(2)
        lie(header, 650)
        assert header.period.isVisible()
        assert cut_texts(holder) == []
        lie(header, 1_366)
        assert header.title.isVisible()
        assert (header.check_button.text(), header.pause_button.text()) == ("Check Xero  F5", "Pause  F9")


@pytest.mark.parametrize("names", [("Bright", "CaseManager of the whole group on SRV02"), ("Brightside " * 5, "Cases")])
def test_the_arrow_from_xero_to_case_manager_stays_whatever_is_cut_of_the_names(
    make_stage: MakeStage, names: tuple[str, str]
) -> None:
    title = make_stage(story_view()).window.header.title
    title.say(*names)
    for width in range(title.sizeHint().width() + 20, title.minimumSizeHint().width() - 1, -7):
        title.setFixedWidth(width)
        seen = title.seen()
        first, arrow, second = seen.partition("  →  ")
        assert arrow, width
        assert first.rstrip("…")
        assert names[0].startswith(first.rstrip("…"))
        before, _, after = second.partition("…")
        assert names[1].startswith(before)
        assert names[1].endswith(after)
        assert title.fontMetrics().horizontalAdvance(seen) <= width + 1


def test_the_key_of_a_button_without_words_works(make_stage: MakeStage) -> None:
    stage = make_stage(observing_view())
    stage.window.resize(700, 600)
    stage.window.activateWindow()
    stage.settle()
    assert not stage.window.header.pause_button.text()
    QTest.keyClick(stage.window, Qt.Key.Key_F9)
    stage.settle()
    assert stage.window.pause_menu.isVisible()
    stage.window.pause_menu.close()
