"""The alarm keeps its thread whatever is asked of it at whatever moment, and ends with it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any

import pytest

from cmxero_desktop.runtime.alarm import Alarm, EverySoOften

HOUR = timedelta(hours=1)
NOW = timedelta()


class Gate:
    """Stands before a lock of the library's, and tells when another thread comes to it."""

    def __init__(self, lock: Any) -> None:  # noqa: ANN401 - whatever kind of lock it is
        self.lock = lock
        self.is_reached = threading.Event()

    def __enter__(self) -> None:
        self.is_reached.set()
        self.lock.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.lock.release()


def gate_before_shutdown(alarm: Alarm) -> Gate:
    """Return what is reached when a shutdown has begun: the scheduler calls itself stopped, and its jobs are there."""
    gate = Gate(alarm._scheduler._executors_lock)
    alarm._scheduler._executors_lock = gate
    return gate


@contextmanager
def in_the_loop(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> Iterator[threading.Event]:
    """Let something happen in the scheduler's own loop, once: a job was handed out, and is about to be put away."""
    has_happened = threading.Event()
    get_next = EverySoOften.get_next_fire_time

    def then(self: EverySoOften, previous: datetime | None, now: datetime) -> datetime:
        if previous is not None and not has_happened.is_set():
            happens()
            has_happened.set()
        return get_next(self, previous, now)

    with monkeypatch.context() as patch:
        patch.setattr(EverySoOften, "get_next_fire_time", then)
        yield has_happened


def test_it_rings_when_it_is_asked_to_and_again_and_again() -> None:
    rung = threading.Semaphore(0)
    alarm = Alarm(rung.release, HOUR)
    alarm.start()
    for _ in range(3):
        alarm.ring_in(NOW)
        rung.acquire()
    alarm.stop()


def test_a_ring_that_comes_later_than_the_next_one_changes_nothing() -> None:
    alarm = Alarm(lambda: None, HOUR)
    alarm.start()
    planned = alarm._job.next_run_time
    alarm.ring_in(2 * HOUR)
    assert alarm._job.next_run_time == planned
    alarm.ring_in(HOUR / 2)
    assert alarm._job.next_run_time < planned
    alarm.stop()


def test_a_stop_while_the_loop_puts_a_job_away_ends_the_loop_in_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Alarm(lambda: None, HOUR)
    gate, stopping = gate_before_shutdown(alarm), threading.Thread(target=alarm.stop)

    def stop_meanwhile() -> None:
        stopping.start()
        gate.is_reached.wait()

    with in_the_loop(monkeypatch, stop_meanwhile) as has_happened:
        alarm.start()
        gate.is_reached.clear()
        alarm.ring_in(NOW)
        has_happened.wait()
        stopping.join()


def test_a_ring_that_is_asked_for_while_the_loop_puts_a_job_away_leaves_the_job_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung = threading.Semaphore(0)
    alarm = Alarm(rung.release, HOUR)
    with in_the_loop(monkeypatch, lambda: alarm.ring_in(NOW)) as has_happened:
        alarm.start()
        alarm.ring_in(NOW)
        has_happened.wait()
        rung.acquire()
        alarm.ring_in(NOW)
        rung.acquire()
    alarm.stop()


def test_a_call_that_asks_for_the_next_ring_while_the_alarm_is_stopped_is_waited_for() -> None:
    is_called, ended = threading.Event(), list[str]()

    def call() -> None:
        is_called.set()
        gate.is_reached.wait()
        alarm.ring_in(NOW)
        ended.append("call")

    alarm = Alarm(call, HOUR)
    gate = gate_before_shutdown(alarm)
    alarm.start()
    gate.is_reached.clear()
    alarm.ring_in(NOW)
    is_called.wait()
    alarm.stop()
    assert ended == ["call"]


def test_a_stopped_alarm_neither_rings_nor_minds_being_asked() -> None:
    alarm = Alarm(lambda: None, HOUR)
    alarm.stop()
    alarm.start()
    alarm.stop()
    alarm.ring_in(NOW)
    alarm.stop()


def test_a_call_that_hangs_can_be_left_behind() -> None:
    is_called, may_end = threading.Event(), threading.Event()

    def call() -> None:
        is_called.set()
        may_end.wait()

    alarm = Alarm(call, HOUR)
    alarm.start()
    alarm.ring_in(NOW)
    is_called.wait()
    alarm.stop(waits=False)
    may_end.set()


def test_a_clock_that_leaps_ahead_owes_one_call() -> None:
    every, nine = EverySoOften(timedelta(seconds=30)), datetime(2026, 11, 23, 9, tzinfo=UTC)
    leapt = nine + timedelta(days=3_000)
    assert every.get_next_fire_time(nine, leapt) == leapt + timedelta(seconds=30)
