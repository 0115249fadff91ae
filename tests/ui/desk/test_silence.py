"""That checks no longer end is noticed whatever keeps them, and never where none is due or a computer just woke up."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from cmxero_desktop.services.records.runs import Allowance, Pause
from cmxero_desktop.services.records.settings import PollSettings, Settings, WorkingHours
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.notices import NoticeBoard
from cmxero_desktop.ui.desk.schedule import NoSchedule, ScheduleView
from cmxero_desktop.ui.desk.silence import Silence, SilenceWatch
from tests.ui.views import NOW, results_of, view_of

TICK = timedelta(seconds=15)
MINUTE = timedelta(minutes=1)
CONTENT = DeskContent(view=view_of(results_of(()), ()), settings=Settings())


class Planned(NoSchedule):
    """A schedule that would ask, and says so: it is nobody's word that a check ends."""

    @property
    def next_check_at(self) -> datetime | None:
        return NOW


def looked(
    watch: SilenceWatch,
    begin: datetime,
    lasting: timedelta,
    content: DeskContent | None = CONTENT,
    schedule: ScheduleView | None = None,
) -> Silence | None:
    """Look every 15 seconds for so long, and return what was seen last."""
    seen, now = None, begin
    while now <= begin + lasting:
        seen = watch.look(content, schedule or Planned(), now)
        now += TICK
    return seen


def watch_after_a_check() -> SilenceWatch:
    watch = SilenceWatch()
    watch.check_began(NOW - MINUTE)
    watch.check_ended(NOW)
    return watch


def test_a_schedule_that_asks_for_nothing_any_more() -> None:
    watch = watch_after_a_check()
    assert looked(watch, NOW, 24 * MINUTE) is None
    assert looked(watch, NOW + 24 * MINUTE, 2 * MINUTE) == Silence(NOW, is_checking=False)
    watch.check_began(NOW + 27 * MINUTE)
    assert looked(watch, NOW + 27 * MINUTE, 5 * MINUTE) is None


def test_no_check_at_all_since_the_program_was_started() -> None:
    assert looked(SilenceWatch(), NOW, 26 * MINUTE) == Silence(NOW, is_checking=False)


def test_a_check_that_does_not_end() -> None:
    watch = watch_after_a_check()
    watch.check_began(NOW)
    assert looked(watch, NOW, 60 * MINUTE) is None, "a first load may take so long"
    assert looked(watch, NOW + 60 * MINUTE, 6 * MINUTE) == Silence(NOW, is_checking=True)
    # Also where the content could not even be read yet.
    assert looked(watch, NOW + 67 * MINUTE, MINUTE, None) == Silence(NOW, is_checking=True)


def test_a_computer_that_wakes_up_has_time_for_its_check() -> None:
    watch = watch_after_a_check()
    assert looked(watch, NOW, 21 * MINUTE) is None
    assert looked(watch, NOW + timedelta(hours=9), 3 * MINUTE) is None
    watch.check_ended(NOW + timedelta(hours=9, minutes=3))
    assert looked(watch, NOW + timedelta(hours=9, minutes=3), 20 * MINUTE) is None


def test_a_clock_that_is_put_back_makes_no_silence_of_what_was() -> None:
    watch = watch_after_a_check()
    assert looked(watch, NOW - timedelta(hours=3), 24 * MINUTE) is None
    watch.check_began(NOW)
    assert looked(watch, NOW - timedelta(hours=3), 60 * MINUTE) is None


def paused_by_a_person() -> ScheduleView:
    schedule = Planned()
    schedule.pause(None)
    return schedule


def with_poll(poll: PollSettings) -> DeskContent:
    return replace(CONTENT, settings=Settings(poll=poll))


def paused_by_xero() -> DeskContent:
    state = CONTENT.view.state
    pause = Pause(until=NOW + timedelta(hours=20), because="its day is used up")
    return replace(CONTENT, view=replace(CONTENT.view, state=replace(state, allowance=Allowance(pause=pause))))


EARLY = WorkingHours(start=time(0, 0), end=time(0, 1))


@pytest.mark.parametrize(
    ("content", "schedule"),
    [
        (CONTENT, NoSchedule()),
        (CONTENT, paused_by_a_person()),
        (paused_by_xero(), Planned()),
        (with_poll(PollSettings(working_days=frozenset())), Planned()),
        (with_poll(PollSettings(working_hours=EARLY)), Planned()),
        (with_poll(PollSettings(interval_min=60)), Planned()),
        (None, Planned()),
    ],
    ids=["by hand", "paused", "Xero's pause", "no day", "no hour", "hourly", "nothing read yet"],
)
def test_where_no_check_is_due_there_is_no_silence(content: DeskContent | None, schedule: ScheduleView) -> None:
    assert looked(watch_after_a_check(), NOW, 90 * MINUTE, content, schedule) is None


def test_a_silence_is_said_once_and_names_what_helps() -> None:
    board = NoticeBoard()
    silence = Silence(NOW, is_checking=False)
    notice = board.silence_notice(silence, NOW)
    assert notice is not None
    assert notice.title == "Not checking Xero since 10:45"
    assert notice.text == "No check ends, although one is due. Quit and start the program again."
    assert board.silence_notice(silence, NOW) is None
    assert board.silence_notice(None, NOW) is None
    again = board.silence_notice(replace(silence, is_checking=True), NOW)
    assert again is not None
    assert again.text.startswith("A check does not end.")
    board.silence_notice(None, NOW)
    board.quiet_on = NOW.astimezone().date()
    assert board.silence_notice(silence, NOW) is None
