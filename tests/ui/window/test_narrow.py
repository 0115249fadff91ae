"""A Full HD screen at 200 % has 960 by 540 points: whatever is shown or ticked, the window stays within them."""

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from cmxero_desktop.ui.widgets.parts import CutLabel, PlainLabel
from cmxero_desktop.ui.window.pages import PAGES
from tests.ui.conftest import Stage

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
