"""What is said for a while and what is selected can be read whole; the sums give way to it, but none that is wrong."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import MakeStage, Stage
from tests.ui.cut_texts import cut_texts
from tests.ui.seen_words import seen_words
from tests.ui.views import aud, firm_view

SAID = "Look at both sides of the payment, and then press Same payment (Ctrl+L)."


@pytest.mark.parametrize("width", [1920, 1366, 1100, 960])
def test_a_sentence_is_read_whole_at_any_width_and_goes_again(stage: Stage, width: int) -> None:
    strip = stage.window.strip
    stage.window.resize(width, 700)
    QApplication.processEvents()
    before = seen_words(strip)
    assert strip.counts.text() in before
    assert strip.difference.text() in before
    strip.say(SAID)
    QApplication.processEvents()
    assert SAID in seen_words(strip)
    for text in (strip.counts, strip.difference):
        assert text.text() in seen_words(strip) or not text.isVisible(), "half a sum is another sum"
    strip.say("")
    QApplication.processEvents()
    assert seen_words(strip) == before
    assert cut_texts(strip) == []


def test_what_is_selected_is_read_whole(stage: Stage) -> None:
    stage.window.resize(1000, 700)
    stage.window.strip.show_selection("17 selected, Case Manager +12,330.00 in all")
    QApplication.processEvents()
    assert "17 selected, Case Manager +12,330.00 in all" in seen_words(stage.window.strip)


def test_a_difference_that_is_not_explained_gives_way_to_nothing(make_stage: MakeStage) -> None:
    window = make_stage(firm_view()).window
    content = window.desk.content
    assert content is not None
    assert content.view.tie_out is not None
    lost = replace(content.view.tie_out, difference=aud("0.01"))
    window.strip.show_content(replace(content, view=replace(content.view, tie_out=lost)))
    window.resize(1000, 700)
    window.strip.say(SAID * 2)
    QApplication.processEvents()
    assert window.strip.difference.isVisible()
    assert window.strip.mark_of_difference.isVisible()
    assert window.strip.busy.toolTip() == SAID * 2


def test_counts_that_have_no_room_even_in_brief_are_left_to_the_tool_tip(stage: Stage) -> None:
    strip = stage.window.strip
    strip.show_age("10:22")
    strip.setFixedWidth(600)
    QApplication.processEvents()
    assert "Case Manager counts 585.00 less paid than Xero, all of it named" in seen_words(strip)
    assert not strip.counts.isVisible()
    assert "42 matched + 7 unmatched" in strip.accessibleName()
    assert cut_texts(strip) == []
    strip.setFixedWidth(1_000)
    QApplication.processEvents()
    assert strip.counts.isVisible()


def test_in_a_very_narrow_window_the_figure_stays_whole_and_the_counts_are_brief(stage: Stage) -> None:
    strip = stage.window.strip
    strip.setFixedWidth(660)
    QApplication.processEvents()
    assert "Case Manager counts 585.00 less paid than Xero, all of it named" in seen_words(strip)
    assert "Xero 51 = 42 + 7 + 2" in seen_words(strip)
    assert "42 matched + 7 unmatched" in strip.counts.toolTip()
    assert "42 matched + 7 unmatched" in strip.accessibleName()
