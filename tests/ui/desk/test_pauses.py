"""While the window is open the collector comes only around a reading, and what was shown is let go of whole."""

import gc
import sys
import weakref

import pytest

from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.pauses import Collecting, let_go, without_pauses
from tests.ui.conftest import MakeStage
from tests.ui.fake_desk import FakeDesk
from tests.ui.views import firm_view, many_view


class Circle:
    """What only the collector frees."""

    def __init__(self) -> None:
        self.me = self


def content_of(view_of: object = None) -> DeskContent:
    view = view_of if view_of is not None else firm_view()
    return DeskContent(view=view, settings=FakeDesk(firm_view()).settings)  # type: ignore[arg-type] # a DeskView or none


def test_the_collector_is_held_back_while_the_window_is_open_and_comes_again_afterwards() -> None:
    before = sys.getswitchinterval()
    with without_pauses():
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 0
        assert sys.getswitchinterval() < before
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert sys.getswitchinterval() == before


def test_what_was_left_before_a_reading_is_collected_and_what_was_read_is_not_looked_at() -> None:
    collecting = Collecting()
    with without_pauses():
        circle = weakref.ref(Circle())
        assert circle() is not None
        collecting.before_reading()
        assert circle() is None
        frozen = gc.get_freeze_count()
        collecting.after_reading(content_of())
        assert gc.get_freeze_count() >= frozen


@pytest.mark.parametrize(("rows", "readings", "is_freed"), [(10, 1, True), (1_000, 1, False), (1_000, 144, True)])
def test_a_circle_that_was_put_aside_is_freed_at_once_or_once_a_day(
    rows: int, readings: int, *, is_freed: bool
) -> None:
    collecting = Collecting()
    with without_pauses():
        circle = weakref.ref(Circle())
        collecting.after_reading(content_of(many_view(rows)))
        for _ in range(readings):
            collecting.before_reading()
            gc.freeze()
        assert (circle() is None) is is_freed


def test_without_a_window_nothing_is_done_to_the_collector() -> None:
    collecting, before = Collecting(), gc.get_freeze_count()
    collecting.before_reading()
    collecting.after_reading(content_of())
    assert gc.get_freeze_count() == before


def test_content_is_let_go_of_to_the_last_row() -> None:
    content = content_of(many_view(1_200))
    held, kept = weakref.ref(content), [content]
    del content
    let_go(kept)
    assert kept == []
    assert held() is None


def test_content_that_was_shown_is_let_go_of_on_the_worker(make_stage: MakeStage) -> None:
    stage = make_stage()
    before = weakref.ref(stage.window.desk.content) if stage.window.desk.content is not None else None
    assert before is not None
    stage.window.desk.refresh()
    stage.settle()
    assert before() is None
