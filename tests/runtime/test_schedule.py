"""The schedule takes the timetable's steps, wakes in time, obeys, and ends with its threads."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from cmxero_desktop.runtime import schedule
from cmxero_desktop.runtime.alarm import Alarm
from cmxero_desktop.runtime.schedule import Schedule, Wishes
from cmxero_desktop.runtime.steady import steady_s
from cmxero_desktop.services.records.runs import Counts, MissedChecks, PollAsk, PollOutcome, PollRun, Trigger
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.timetable.timetable import Clocks

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    """A schedule on clocks that the test sets, and what it wished for."""

    wall: datetime = NINE
    steady: float = 0.0
    asked: list[Trigger] = field(default_factory=list)
    missed: list[MissedChecks] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    asked_for_updates: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        wishes = Wishes(
            ask=self.ask,
            missed=self.missed.append,
            renew_sign_in=lambda: self.renewed.append("renewed"),
            ask_for_updates=lambda: self.asked_for_updates.append(self.steady),
        )
        self.schedule = Schedule(
            wishes, PollSettings(), UTC, "Ann", now=lambda: self.wall, steady_s=lambda: self.steady
        )

    def ask(self, ask: PollAsk) -> None:
        self.asked.append(ask.trigger)

    def pass_time(self, minutes: float) -> None:
        self.wall += minutes * MINUTE
        self.steady += minutes * 60


class HandAlarm(Alarm):
    """An alarm that rings in no time but a test's, and keeps what was asked of it."""

    made: list["HandAlarm"]

    def __init__(self, call: Callable[[], None], every: timedelta) -> None:
        super().__init__(call, every)
        self.call = call
        self.asked: list[timedelta | str] = []
        self.made.append(self)

    def start(self) -> None:
        self.asked.append("start")

    def ring_in(self, delay: timedelta) -> None:
        self.asked.append(delay)

    def stop(self, *, waits: bool = True) -> None:
        self.asked.append("stop" if waits else "leave")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> list[HandAlarm]:
    HandAlarm.made = []
    monkeypatch.setattr(schedule, "Alarm", HandAlarm)
    return HandAlarm.made


@pytest.fixture
def started(alarms: list[HandAlarm]) -> Desk:
    desk = Desk()
    desk.schedule.start(asks_now=False)
    assert [alarm.asked for alarm in alarms] == [["start", 10 * MINUTE]]
    alarms[0].asked.clear()
    return desk


def run(outcome: PollOutcome, at: datetime) -> PollRun:
    return PollRun(
        run_id="run", started_at=at, finished_at=at, is_full=False, outcome=outcome, fetched=0, requests=2,
        counts=Counts(),
    )  # fmt: skip


def test_a_check_is_asked_for_when_it_is_due(desk: Desk) -> None:
    assert desk.schedule.next_check_at == NINE + 10 * MINUTE
    desk.schedule._look()
    assert desk.asked == []
    desk.pass_time(10)
    desk.schedule._look()
    desk.schedule._look()
    assert desk.asked == [Trigger.WAKE]


def test_a_pause_leaves_checks_out_and_tells_them(desk: Desk) -> None:
    desk.schedule.pause(None)
    assert (desk.schedule.is_paused, desk.schedule.paused_until, desk.schedule.next_check_at) == (True, None, None)
    desk.pass_time(25)
    desk.schedule._look()
    assert desk.asked == []
    desk.schedule.resume()
    assert not desk.schedule.is_paused
    assert desk.asked == [Trigger.SCHEDULE]
    assert [(missed.count, missed.why) for missed in desk.missed] == [
        (1, "checking was paused by Ann from 09:00 to 09:25.")
    ]


def test_a_pause_with_an_end_is_over_at_its_end_without_a_look(desk: Desk) -> None:
    desk.schedule.pause(NINE + 60 * MINUTE)
    assert desk.schedule.paused_until == NINE + 60 * MINUTE
    desk.pass_time(60)
    assert [desk.schedule.is_paused, desk.schedule.paused_until] == [False, None]
    assert desk.schedule.next_check_at == desk.wall


def test_what_a_check_ended_with_decides_when_the_next_one_comes(desk: Desk) -> None:
    desk.schedule.ended(run(PollOutcome.OFFLINE, desk.wall), None)
    assert desk.schedule.next_check_at == NINE + timedelta(seconds=30)
    desk.schedule.ended(run(PollOutcome.PAUSED, desk.wall), NINE + 7 * MINUTE)
    assert desk.schedule.next_check_at == NINE + 7 * MINUTE
    desk.schedule.ended(run(PollOutcome.DONE, desk.wall), None)
    assert desk.schedule.next_check_at == NINE + 10 * MINUTE
    desk.schedule.ended(None, None)
    assert desk.schedule.next_check_at == NINE + timedelta(seconds=30)


def test_what_is_wanted_sooner_is_planned_at_once_s6(desk: Desk) -> None:
    desk.schedule.look_again(NINE + 4 * MINUTE)
    assert desk.schedule.next_check_at == NINE + 4 * MINUTE


def test_the_next_look_is_planned_with_each_step(started: Desk, alarms: list[HandAlarm]) -> None:
    schedule = started.schedule
    alarms[0].call()
    schedule.pause(NINE + 60 * MINUTE)
    schedule.pause(None)
    schedule.resume()
    schedule.ended(run(PollOutcome.OFFLINE, NINE), None)
    assert alarms[0].asked == [10 * MINUTE, 60 * MINUTE, 10 * MINUTE, timedelta(seconds=30)]
    assert started.asked == []


def test_the_start_of_the_program_asks_at_once(desk: Desk) -> None:
    desk.schedule.start(asks_now=True)
    desk.schedule.stop()
    assert desk.asked[0] is Trigger.START


def test_the_end_of_the_program_loses_nothing_that_was_due() -> None:
    desk = Desk()
    desk.schedule.start(asks_now=False)
    desk.schedule.pause(None)
    desk.pass_time(35)
    desk.schedule.stop()
    desk.schedule.stop()
    assert [missed.count for missed in desk.missed] == [3]
    assert desk.asked == []


@pytest.mark.allow_log("cmxero_desktop.runtime.schedule")
def test_a_fault_in_one_look_does_not_end_the_schedule(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.pass_time(10)

    def stand_still() -> float:
        raise OSError("No clock.")

    with monkeypatch.context() as broken:
        broken.setattr(desk.schedule, "_steady_s", stand_still)
        desk.schedule._look()
    assert desk.asked == []
    desk.schedule._look()
    assert desk.asked == [Trigger.WAKE]


def test_the_schedules_own_thread_asks_when_the_time_has_come() -> None:
    asked, seconds = threading.Event(), iter([0.0])
    began = datetime.now(UTC) - timedelta(minutes=10) + timedelta(milliseconds=300)
    # It was built ten minutes ago, and the next check is due in a moment.
    schedule = Schedule(
        Wishes(
            ask=lambda _: asked.set(), missed=lambda _: None, renew_sign_in=lambda: None, ask_for_updates=lambda: None
        ),
        PollSettings(),
        UTC,
        "Ann",
        now=lambda: began if next(seconds, None) is not None else datetime.now(UTC),
        steady_s=lambda: 0.0,
    )
    schedule.start(asks_now=False)
    asked.wait()
    schedule.stop()


def test_the_sign_in_is_renewed_every_six_hours_paused_or_not(started: Desk) -> None:
    for hours in (5, 1, 5, 1):
        started.schedule.pause(None)
        started.pass_time(hours * 60)
        started.schedule._look()
        started.schedule._look()
    assert started.renewed == ["renewed", "renewed"]


def test_news_of_a_newer_version_is_wished_for_every_ten_minutes_of_counted_time(started: Desk) -> None:
    for minutes in (9, 1, 1, 8, 1):
        started.pass_time(minutes)
        started.schedule._look()
    assert started.asked_for_updates == [600.0, 1200.0]


def test_a_schedule_that_is_not_started_or_goes_on_is_only_watched(desk: Desk, alarms: list[HandAlarm]) -> None:
    desk.pass_time(60)
    desk.schedule.watch()
    assert (desk.schedule.still_since, alarms) == (None, [])
    desk.schedule.start(asks_now=False)
    desk.schedule.watch()
    assert [alarm.asked for alarm in alarms] == [["start", 10 * MINUTE]]


@pytest.mark.allow_log("cmxero_desktop.runtime.schedule")
def test_a_schedule_that_stands_still_says_so_begins_anew_and_tells_what_that_cost(
    started: Desk, alarms: list[HandAlarm]
) -> None:
    watched = started.schedule
    started.pass_time(35)
    watched.watch()
    assert alarms[0].asked == [timedelta()], "a computer that slept needs a moment"
    assert watched.still_since is None
    started.steady += 10
    watched.watch()
    assert [alarm.asked for alarm in alarms] == [[timedelta(), "leave"], ["start", timedelta()]]
    assert watched.still_since == NINE
    alarms[1].call()
    assert watched.still_since is None
    assert started.asked == [Trigger.WAKE]
    why = "this program's schedule stood still from 09:00 to 09:35, and was started again."
    assert [(missed.count, missed.why) for missed in started.missed] == [(2, why)]


@pytest.mark.allow_log("cmxero_desktop.runtime.schedule")
def test_a_schedule_that_cannot_begin_anew_says_so_and_is_tried_again(
    started: Desk, alarms: list[HandAlarm], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: HandAlarm) -> None:
        raise RuntimeError("can't start new thread")

    watched = started.schedule
    started.pass_time(5)
    watched.watch()
    with monkeypatch.context() as broken:
        broken.setattr(HandAlarm, "start", refuse)
        for _ in range(3):
            started.pass_time(3)
            watched.watch()
            assert (watched.still_since, watched._alarm) == (NINE, alarms[0])
    started.pass_time(3)
    watched.watch()
    assert watched._alarm is alarms[-1]


@pytest.mark.allow_log("cmxero_desktop.runtime.schedule")
def test_a_thread_that_has_ended_is_followed_by_another_that_looks(desk: Desk) -> None:
    has_looked, looked = threading.Event(), desk.schedule._watchdog.looked

    def tell(clocks: Clocks) -> None:
        looked(clocks)
        has_looked.set()

    desk.schedule.start(asks_now=False)
    desk.schedule._watchdog.looked = tell  # type: ignore[method-assign] # looking over its shoulder
    dead = desk.schedule._alarm
    assert dead is not None
    dead.stop()
    for _ in range(2):
        desk.pass_time(5)
        desk.schedule.watch()
    has_looked.wait()
    desk.schedule.stop()


def test_the_steady_clock_only_goes_ahead() -> None:
    first = steady_s()
    assert 0 < first <= steady_s()
