"""The window tells the schedule how each check ended, and shows when the next one is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.domain.errors import CaseManagerError
from cmxero_desktop.services.records.runs import Allowance, Pause, PollOutcome, PollRun
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import freshness_of
from cmxero_desktop.ui.desk.schedule import NoSchedule
from cmxero_desktop.ui.window import pause_menu
from tests.ui.conftest import Stage
from tests.ui.sor_boards import sor_board
from tests.ui.views import NOW, firm_view, results_of, run, view_of

Ended = tuple[PollRun | None, datetime | None]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[Ended]:
    told: list[Ended] = []
    monkeypatch.setattr(NoSchedule, "ended", lambda _, run, until: told.append((run, until)))
    return told


def test_the_schedule_is_told_how_each_check_ended(ended: list[Ended], stage: Stage) -> None:
    stage.window.desk.check()
    stage.settle()
    assert ended == [(stage.fake.poll_run, None)]
    until = NOW + timedelta(minutes=20)
    stage.fake.poll_run = run(NOW, PollOutcome.PAUSED, "Xero asked for a pause.")
    state = replace(
        firm_view().state, allowance=Allowance(pause=Pause(until=until, because="the calls of this minute are used up"))
    )
    stage.fake.desk_view = replace(firm_view(), state=state)
    stage.window.desk.check()
    stage.settle()
    assert ended[1:] == [(stage.fake.poll_run, until)]


def test_the_schedule_is_told_that_a_check_could_not_begin(ended: list[Ended], stage: Stage) -> None:
    stage.fake.error = CaseManagerError("The store is away.")
    stage.window.desk.check()
    stage.settle()
    assert ended == [(None, None)]


def test_the_schedule_is_told_when_the_watch_wants_to_look_again_s6(
    monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    told: list[datetime | None] = []
    monkeypatch.setattr(NoSchedule, "look_again", lambda _, at: told.append(at))
    at, board = NOW + timedelta(hours=2), sor_board()
    first, *others = board.rows
    cancelled = replace(first, schedule=replace(first.schedule, look_again_at=at))
    view = replace(firm_view(), sor=replace(board, rows=(cancelled, *others)))
    stage.window.show_content(DeskContent(view=view, settings=Settings()))
    stage.window.show_content(DeskContent(view=firm_view(), settings=Settings()))
    assert told[-2:] == [at, None]


def test_a_next_check_of_another_day_is_shown_with_its_date() -> None:
    class Tomorrow(NoSchedule):
        @property
        def next_check_at(self) -> datetime | None:
            return NOW + timedelta(days=1)

    content = DeskContent(view=view_of(results_of(()), ()), settings=Settings())
    text = freshness_of(content, Tomorrow(), NOW, is_checking=False).text
    assert f"next {(NOW + timedelta(days=1)).astimezone():%d}" in text


def test_until_tomorrow_is_eight_o_clock_local_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause_menu, "get_localzone", lambda: UTC)
    stage.window.tray.pause_menu.actions()[1].trigger()
    tomorrow = NOW.astimezone(UTC) + timedelta(days=1)
    assert stage.schedule.paused_until == tomorrow.replace(hour=8, minute=0, second=0, microsecond=0)
