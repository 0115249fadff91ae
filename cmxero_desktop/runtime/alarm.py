"""Call something every so often, or sooner where that is asked for, from a thread of APScheduler's."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

# However wrong a plan may be, it never keeps a processor busy.
_LEAST_DELAY = timedelta(milliseconds=100)


class EverySoOften(BaseTrigger):  # type: ignore[misc] # the library publishes no types
    """Fires at an interval counted from now, for ever: a clock that leaps ahead owes no run for each that it left out.

    It always has a next time, so the scheduler never takes the job away: a job that is taken away while another thread
    plans it, or stops the scheduler, ends the scheduler's thread.
    """

    def __init__(self, interval: timedelta) -> None:
        """Keep the interval."""
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return when to fire next."""
        return now + self._interval


class Alarm:
    """Calls from `start` to `stop`, one call at a time. It has one job, which stays and is only brought forward."""

    def __init__(self, call: Callable[[], None], every: timedelta) -> None:
        """Prepare; nothing is called before `start`. `call` must not block for long and must not stop the alarm."""
        self._every = every
        self._executor = ThreadPoolExecutor(1)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": self._executor},
            # However late, and late ones as one: what was left out is the timetable's to tell.
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
        )
        self._job = self._scheduler.add_job(call, EverySoOften(every))

    def start(self) -> None:
        """Begin: the first call comes after the interval, unless `ring_in` brings it forward."""
        self._scheduler.start()

    def ring_in(self, delay: timedelta) -> None:
        """Bring the next call forward, where it does not come sooner anyway; after `stop` nothing happens."""
        if delay < self._every:
            with suppress(JobLookupError):
                self._job.modify(next_run_time=datetime.now(UTC) + max(delay, _LEAST_DELAY))

    def stop(self, *, waits: bool = True) -> None:
        """End the threads; `waits` for a call that is under way."""
        if self._scheduler.running:
            # Not with `wait=True`: it waits for a call while it keeps the lock that the call's `ring_in` needs.
            self._scheduler.shutdown(wait=False)
            self._executor.shutdown(waits)
