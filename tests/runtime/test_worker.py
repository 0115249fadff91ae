"""The worker runs jobs one at a time and survives what they do."""

import threading

import pytest

from cmxero_desktop.runtime.worker import Worker
from tests.support.patience import HUNG_S


def test_jobs_run_in_order_on_one_thread() -> None:
    worker, seen = Worker(), []
    for number in range(50):
        worker.submit(lambda n=number: seen.append((n, threading.current_thread().name)))  # type: ignore[misc]
    assert worker.stop(timeout_s=HUNG_S)
    assert seen == [(number, "desk-worker") for number in range(50)]


@pytest.mark.allow_log("cmxero_desktop.runtime.worker")
@pytest.mark.parametrize("error", [RuntimeError("nobody foresaw this"), SystemExit(3), KeyboardInterrupt()], ids=repr)
def test_a_job_that_fails_costs_only_itself(error: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    worker, seen = Worker(), []

    def fail() -> None:
        raise error

    worker.submit(fail)
    worker.submit(lambda: seen.append("next"))
    assert worker.stop(timeout_s=HUNG_S)
    assert seen == ["next"]
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [error]


def test_stopping_drops_nothing_that_was_submitted() -> None:
    worker, gate, seen = Worker(), threading.Event(), []
    worker.submit(lambda: _wait(gate))
    worker.submit(lambda: seen.append("after"))
    gate.set()
    assert worker.stop(timeout_s=HUNG_S)
    assert seen == ["after"]


def test_a_job_that_does_not_end_is_reported() -> None:
    worker, gate = Worker(), threading.Event()
    worker.submit(lambda: _wait(gate))
    assert not worker.stop(timeout_s=0)
    gate.set()
    worker._thread.join()


def _wait(gate: threading.Event) -> None:
    gate.wait()
