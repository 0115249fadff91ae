"""Before the first check nothing is praised, and where it was long ago nothing is said to be whole."""

from datetime import timedelta

import pytest

from cmxero_desktop.ui.desk.desk import Trouble
from tests.ui.conftest import MakeStage
from tests.ui.views import NOW, results_of, view_of


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_page_of_which_nothing_was_checked_says_that_it_is_not_known(make_stage: MakeStage, page: int) -> None:
    window = make_stage(view_of((), (), polled_at=None)).window
    body = (window.tabs.matched, window.tabs.unmatched, window.tabs.skipped)[page - 1].body
    assert (body._text.title, body._text.shape) == ("Not known yet", None)
    assert window.tabs.sor.body._text.title == "Not known yet"
    assert window.strip.between.isHidden()


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_page_that_was_not_checked_lately_has_no_tick(make_stage: MakeStage, page: int) -> None:
    window = make_stage(view_of(results_of(()), (), polled_at=NOW - timedelta(hours=2))).window
    body = (window.tabs.matched, window.tabs.unmatched, window.tabs.skipped)[page - 1].body
    assert (body._text.title, body._text.shape) == ("Nothing in what we know", None)
    assert not window.strip.between.isHidden()


def test_where_nothing_could_be_read_no_page_says_that_it_is_reading(make_stage: MakeStage) -> None:
    stage = make_stage(view_of((), (), polled_at=None))
    window = stage.window
    window.desk.content = None
    window.desk.troubled.emit(Trouble("Too old", "A newer program renewed the records.", "Install it."))
    for page in (window.tabs.review, window.tabs.matched, window.tabs.unmatched, window.tabs.skipped, window.history):
        text = page.body._text
        assert (text.title, text.text) == ("Too old", "A newer program renewed the records. Install it.")
