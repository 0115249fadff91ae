"""Say when Xero is checked: at an interval, with pauses. The thread here only says when; the work is the worker's."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

_JOB = "check-xero"
_log = logging.getLogger(__name__)


class Schedule:
    """Asks for a check every `interval_min` minutes until it is stopped or paused."""

    def __init__(self, ask: Callable[[], None], interval_min: int) -> None:
        """Prepare the schedule; nothing runs before `start`."""
        self._ask = ask
        self._interval = timedelta(minutes=interval_min)
        self._lock = threading.Lock()
        self._paused_until: datetime | None = None
        self._is_paused = False
        # Runs that were missed while the computer slept are made up for by one, however late it is.
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin; the first check is asked for one interval from now."""
        self._scheduler.add_job(self._fire, IntervalTrigger(seconds=int(self._interval.total_seconds())), id=_JOB)
        self._scheduler.start()

    def stop(self) -> None:
        """End the schedule's thread."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def pause(self, until: datetime | None) -> None:
        """Ask for nothing until an instant (aware UTC), or until `resume`."""
        with self._lock:
            self._is_paused, self._paused_until = True, until

    def resume(self) -> None:
        """End a pause."""
        with self._lock:
            self._is_paused, self._paused_until = False, None

    @property
    def is_paused(self) -> bool:
        """Whether a pause is on now."""
        with self._lock:
            return self._is_paused and (self._paused_until is None or datetime.now(UTC) < self._paused_until)

    @property
    def paused_until(self) -> datetime | None:
        """When the pause ends, None where there is none or it has no end."""
        return self._paused_until if self.is_paused else None

    @property
    def next_check_at(self) -> datetime | None:
        """When the next check is asked for (aware UTC)."""
        job = self._scheduler.get_job(_JOB) if self._scheduler.running else None
        return job.next_run_time if job else None

    def _fire(self) -> None:
        if self.is_paused:
            _log.info("A check was left out: checking is paused")
            return
        self.resume()
        self._ask()
