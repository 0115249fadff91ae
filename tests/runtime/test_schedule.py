"""The schedule takes the timetable's steps, wakes in time, obeys, and ends with its threads."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from cmxero_desktop.runtime.schedule import Schedule, Wishes
from cmxero_desktop.runtime.steady_jobs import EverySoOften, SteadyJobStore, steady_s
from cmxero_desktop.services.records.runs import Counts, MissedChecks, PollAsk, PollOutcome, PollRun, Trigger
from cmxero_desktop.services.records.settings import PollSettings

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Desk:
    """A schedule on clocks that the test sets, and what it wished for."""

    wall: datetime = NINE
    steady: float = 0.0
    asked: list[Trigger] = field(default_factory=list)
    missed: list[MissedChecks] = field(default_factory=list)
    tended: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        wishes = Wishes(ask=self.ask, missed=self.missed.append, tend=lambda: self.tended.append("tended"))
        self.schedule = Schedule(
            wishes, PollSettings(), UTC, "Ann", now=lambda: self.wall, steady_s=lambda: self.steady
        )

    def ask(self, ask: PollAsk) -> None:
        self.asked.append(ask.trigger)

    def pass_time(self, minutes: float) -> None:
        self.wall += minutes * MINUTE
        self.steady += minutes * 60

    def planned_at(self) -> datetime | None:
        job = self.schedule._scheduler.get_job("check")
        return job.next_run_time if job else None


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def started() -> Iterator[Desk]:
    # Far ahead, so that the threads, which live in the real time, have nothing to do during a test.
    desk = Desk(wall=datetime(2126, 11, 23, 9, tzinfo=UTC))
    desk.schedule.start(asks_now=False)
    yield desk
    desk.schedule.stop()


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


def test_the_next_look_is_planned_with_each_step(started: Desk) -> None:
    schedule, nine = started.schedule, started.wall
    assert started.planned_at() == nine + 10 * MINUTE
    schedule.pause(nine + 60 * MINUTE)
    assert started.planned_at() == nine + 60 * MINUTE
    schedule.pause(None)
    assert started.planned_at() is None
    schedule.pause(None)
    assert started.planned_at() is None
    schedule.resume()
    assert started.planned_at() == nine + 10 * MINUTE
    assert started.asked == []


def test_the_start_of_the_program_asks_at_once(desk: Desk) -> None:
    desk.schedule.start(asks_now=True)
    desk.schedule.stop()
    assert desk.asked[0] is Trigger.START


def test_the_end_of_the_program_loses_nothing_that_was_due() -> None:
    desk = Desk(wall=datetime(2126, 11, 23, 9, tzinfo=UTC))
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
        Wishes(ask=lambda _: asked.set(), missed=lambda _: None, tend=lambda: None),
        PollSettings(),
        UTC,
        "Ann",
        now=lambda: began if next(seconds, None) is not None else datetime.now(UTC),
        steady_s=lambda: 0.0,
    )
    schedule.start(asks_now=False)
    assert asked.wait(30)
    schedule.stop()


def test_the_sign_in_is_tended_every_six_hours_paused_or_not(started: Desk) -> None:
    job = started.schedule._scheduler.get_job("tend")
    now = datetime.now(UTC)
    assert job.trigger.get_next_fire_time(None, now) == now + timedelta(hours=6)
    started.schedule.pause(None)
    started.schedule._scheduler.get_job("tend").func()
    assert started.tended == ["tended"]


def test_a_clock_that_leaps_ahead_owes_one_run() -> None:
    every = EverySoOften(timedelta(seconds=30))
    assert every.get_next_fire_time(NINE, NINE + timedelta(days=3_000)) == NINE + timedelta(days=3_000, seconds=30)


def test_a_clock_that_is_put_back_makes_no_job_wait_for_hours() -> None:
    store, scheduler = SteadyJobStore(), BackgroundScheduler(timezone=UTC)
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    due_at = datetime.now(UTC) + timedelta(days=1)
    job = scheduler.add_job(print, DateTrigger(due_at), misfire_grace_time=None)
    assert store.get_due_jobs(due_at - timedelta(hours=1)) == []
    assert store.get_due_jobs(due_at - timedelta(hours=4)) == [job]
    assert store.get_next_run_time() == due_at - timedelta(hours=4)
    scheduler.shutdown()


def test_the_steady_clock_only_goes_ahead() -> None:
    first = steady_s()
    assert 0 < first <= steady_s()
