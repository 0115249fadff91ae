"""On a small screen, as a laptop's at 200 %, rows and evidence take turns, and all else makes way for them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from cmxero_desktop.domain.errors import CaseManagerAwayError
from cmxero_desktop.ui.widgets.density import Density
from tests.ui.conftest import MakeStage, Stage
from tests.ui.screens import a_screen
from tests.ui.story import story_view

SMALL, LARGE = (683, 364), (1366, 728)
INSIDE = (667, 316)


@pytest.fixture
def small(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(QWidget, "screen", lambda _: a_screen(*SMALL))
    stage = make_stage(story_view())
    lie(stage, *INSIDE)
    stage.window.activateWindow()
    stage.window.wishes.focus_table()
    return stage


def lie(stage: Stage, width: int, height: int) -> None:
    for _ in range(2):
        stage.window.resize(width, height)
        stage.settle()


def seen(stage: Stage) -> tuple[bool, bool]:
    """Say whether the rows are seen, and whether the evidence is."""
    return stage.window.tabs.isVisible(), stage.window.evidence.isVisible()


def press(stage: Stage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(stage.window.focusWidget(), key, modifier)
    stage.settle()


def test_enter_looks_at_a_row_and_escape_goes_back_to_it(small: Stage) -> None:
    small.go_to("CM-10160")
    assert seen(small) == (True, False)
    press(small, Qt.Key.Key_Return)
    assert seen(small) == (False, True)
    assert small.window.evidence.invoice_number == "CM-10160"
    press(small, Qt.Key.Key_Escape)
    assert seen(small) == (True, False)
    assert small.window.review.table.hasFocus()
    small.window.tabs.look_button.click()
    assert seen(small) == (False, True)


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_window_is_no_larger_than_the_screen_and_shows_rows_and_apply(
    small: Stage, make_stage: MakeStage, *, is_demo: bool
) -> None:
    stage = small if is_demo else make_stage(story_view(), is_demo=False)
    lie(stage, *INSIDE)
    window, table = stage.window, stage.window.review.table
    assert (window.width(), window.height()) == INSIDE
    assert window.place.density is Density.COMPACT
    # With a warning above them, and what names their group.
    rows = range(1 if is_demo else 2)
    assert table.viewport().height() >= sum(map(table.rowHeight, rows))
    apply = window.review.bar.apply_button
    assert apply.isVisible()
    assert window.rect().contains(apply.mapTo(window, apply.rect().bottomRight()))


def test_a_decision_is_made_where_one_looks_and_the_next_row_is_looked_at(small: Stage) -> None:
    small.go_to("CM-10101")
    small.window.side.look()
    assert small.window.evidence.hold_button.hasFocus() or small.window.evidence.approve_button.hasFocus()
    small.window.evidence.hold_button.click()
    small.press("Put on hold")
    small.settle()
    assert seen(small) == (False, True)
    assert small.window.evidence.invoice_number not in {"", "CM-10101"}


def test_the_keys_of_a_decision_act_on_the_row_that_is_stood_on_while_rows_are_seen(small: Stage) -> None:
    small.go_to("CM-10101")
    press(small, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    assert "CM-10101" in small.sheet().windowTitle()
    small.sheet().reject()


def test_next_and_previous_look_at_other_rows_of_the_page(small: Stage) -> None:
    previous, following = (
        next(b for b in small.window.side.findChildren(QPushButton) if b.text() == word)
        for word in ("Previous", "Next")
    )
    for page in (0, 1):
        small.window.wishes.go_to_page(page)
        table = small.window.tabs.table()
        assert table is not None
        small.window.side.look()
        at = table.currentIndex().row()
        following.click()
        assert table.currentIndex().row() > at
        previous.click()
        assert table.currentIndex().row() == at
        assert seen(small) == (False, True)


def test_what_asks_for_rows_shows_them(small: Stage) -> None:
    asks: tuple[Callable[[], object], ...] = (
        lambda: small.window.header.search.setText("CM-10160"),
        lambda: small.window.wishes.go_to_page(2),
        small.window.wishes.focus_table,
    )
    for ask in asks:
        small.window.side.look()
        assert seen(small) == (False, True)
        ask()
        small.settle()
        assert seen(small)[0]


def test_pages_without_evidence_offer_none(small: Stage) -> None:
    small.window.wishes.go_to_page(5)
    small.settle()
    assert not small.window.tabs.look_button.isVisible()
    small.window.side.look()
    assert seen(small) == (True, False)


def test_when_no_row_is_left_the_rows_are_seen(small: Stage) -> None:
    small.go_to("CM-10101")
    small.window.side.look()
    small.window.tabs.set_search("nothing is called so")
    small.settle()
    assert seen(small) == (True, False)


def test_on_a_large_screen_all_is_unfolded_again(small: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    small.window.side.look()
    monkeypatch.setattr(QWidget, "screen", lambda _: a_screen(*LARGE))
    lie(small, *LARGE)
    assert seen(small) == (True, True)
    assert not small.window.tabs.look_button.isVisible()
    assert small.window.header.title.isVisible()
    assert not small.window.menuBar().styleSheet()
    press(small, Qt.Key.Key_Escape)
    assert seen(small) == (True, True)


def test_why_nothing_can_be_applied_has_one_line_and_the_mouse_brings_the_rest(small: Stage) -> None:
    bar, why = small.window.review.bar, CaseManagerAwayError("SRV02 does not answer.", "Check again when it is there.")
    small.window.desk.tell_uncaught(why)
    small.settle()
    assert not bar.reason.isVisible()
    assert bar.brief_reason.isVisible()
    assert bar.brief_reason.height() < 2 * bar.brief_reason.fontMetrics().height()
    assert "Case Manager cannot be reached" in bar.brief_reason.text()
    assert bar.brief_reason.text() in bar.brief_reason.toolTip()
    table = small.window.review.table
    assert table.viewport().height() >= table.rowHeight(0)


def test_the_demo_has_one_line_with_the_next_step(small: Stage) -> None:
    assert small.window.story is not None
    card = small.window.story.card
    assert card.height() <= 30
    assert [step.isVisible() for step in card.steps].count(True) == 1


def test_a_warning_has_one_line_and_the_mouse_brings_the_rest(small: Stage) -> None:
    band = next(band for band in small.window.bands.bands if band.isVisible())
    assert band.height() <= 40
    assert any(band.text in child.toolTip() for child in band.findChildren(QWidget))
