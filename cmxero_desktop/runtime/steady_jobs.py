"""Keep APScheduler's jobs going when the computer's clock is corrected by hours or by years."""

import time
from datetime import datetime, timedelta

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.triggers.base import BaseTrigger

# The clock that runs on asleep: Linux has the first, macOS the second; Windows' `time.monotonic` is one itself.
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


class EverySoOften(BaseTrigger):  # type: ignore[misc] # the library publishes no types
    """Fires at an interval counted from now: a clock that leaps ahead owes no run for every interval it left out."""

    def __init__(self, interval: timedelta) -> None:
        """Keep the interval."""
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return when to fire next."""
        return now + self._interval


class SteadyJobStore(MemoryJobStore):  # type: ignore[misc] # the library publishes no types
    """Keeps jobs in memory; where the clock was put back, each is due at once instead of hours later.

    The jobs must not mind running once too often.
    """

    def __init__(self) -> None:
        """Begin without jobs."""
        super().__init__()
        self._asked_at: datetime | None = None

    def get_due_jobs(self, now: datetime) -> list[object]:
        """Return the jobs that are due."""
        if self._asked_at is not None and now < self._asked_at:
            for job in self.get_all_jobs():
                job.next_run_time = now
                self.update_job(job)
        self._asked_at = now
        due: list[object] = super().get_due_jobs(now)
        return due


def steady_s() -> float:
    """Return seconds that no correction of the clock changes, and that are counted while the computer sleeps too."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
