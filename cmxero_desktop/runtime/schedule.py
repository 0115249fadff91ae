"""Say when Xero is checked. The threads here only say when: the timetable decides, the work is the worker's."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

from cmxero_desktop.runtime.steady_jobs import EverySoOften, SteadyJobStore, steady_s
from cmxero_desktop.services.records.runs import MissedChecks, PollAsk, PollRun
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.timetable.timetable import LOOK_EVERY, Clocks, Orders, Timetable

_TEND_EVERY = timedelta(hours=6)
_CHECK, _LOOK, _TEND = "check", "look", "tend"
_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the schedule calls, from a thread of its own or from that of whoever told it something; none may block.

    `ask` wishes for a check, `missed` has checks written into History, `tend` has the sign-in looked after.
    """

    ask: Callable[[PollAsk], None]
    missed: Callable[[MissedChecks], None]
    tend: Callable[[], None]


class Schedule:
    """Asks for checks from `start` to `stop`. Every member may be used from any thread and none waits for work."""

    def __init__(
        self,
        wishes: Wishes,
        poll: PollSettings,
        zone: tzinfo,
        person: str,
        *,
        now: Callable[[], datetime] = _utc_now,
        steady_s: Callable[[], float] = steady_s,
    ) -> None:
        """Prepare; nothing runs before `start`. `person` is who pauses; `now` is aware UTC, `steady_s` only counts."""
        self._wishes = wishes
        self._person = person
        self._now = now
        self._steady_s = steady_s
        self._lock = threading.Lock()
        self._timetable = Timetable(poll, zone, self._clocks())
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": SteadyJobStore()},
            executors={"default": ThreadPoolExecutor(1)},
            # However late, and late ones as one: what was left out is the timetable's to tell.
            job_defaults={"coalesce": True, "max_instances": 2, "misfire_grace_time": None},
        )

    def start(self, *, asks_now: bool) -> None:
        """Begin; `asks_now` checks at once, because the program was started."""
        self._scheduler.add_job(self._look, EverySoOften(LOOK_EVERY), id=_LOOK)
        self._scheduler.add_job(self._wishes.tend, EverySoOften(_TEND_EVERY), id=_TEND)
        self._scheduler.start()
        if asks_now:
            self._follow(lambda clocks: self._timetable.begin(clocks.wall))
        else:
            self._follow(self._timetable.look)

    def stop(self) -> None:
        """End the schedule's threads, and have written down what was not made so far."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
            self._follow(self._timetable.close)

    def pause(self, until: datetime | None) -> None:
        """Ask for nothing until an instant (aware UTC), or until `resume`."""
        self._follow(lambda clocks: self._timetable.pause(until, self._person, clocks))

    def resume(self) -> None:
        """End a pause."""
        self._follow(self._timetable.resume)

    def ended(self, run: PollRun | None, xero_until: datetime | None) -> None:
        """Take in how a check ended, whoever asked for it, and until when Xero asked for a pause, if it did."""
        self._follow(lambda clocks: self._timetable.ended(run, xero_until, clocks))

    @property
    def is_paused(self) -> bool:
        """Whether a person's pause is on now."""
        with self._lock:
            return self._timetable.is_paused(self._now())

    @property
    def paused_until(self) -> datetime | None:
        """When a person's pause ends; None where there is none or it has no end."""
        with self._lock:
            return self._timetable.paused_until(self._now())

    @property
    def next_check_at(self) -> datetime | None:
        """When the next check is asked for (aware UTC); None while a person's pause is on."""
        with self._lock:
            return self._timetable.next_check_at(self._now())

    def _clocks(self) -> Clocks:
        return Clocks(wall=self._now(), steady_s=self._steady_s())

    def _look(self) -> None:
        try:
            self._follow(self._timetable.look)
        except Exception:  # noqa: BLE001 - the next look comes in any case: a year does not end with one fault
            _log.exception("The schedule met something that nobody foresaw")

    def _follow(self, step: Callable[[Clocks], Orders]) -> None:
        """Take a step of the timetable, plan the next look, and do what it orders."""
        with self._lock:
            clocks = self._clocks()
            orders = step(clocks)
            self._plan(self._timetable.next_look_at(clocks.wall))
        if orders.ask is not None:
            _log.info("A check is asked for: %s", orders.ask)
            self._wishes.ask(PollAsk(trigger=orders.ask))
        for missed in orders.missed:
            _log.info("Not made: %d checks; %s", missed.count, missed.why)
            self._wishes.missed(missed)

    def _plan(self, at: datetime | None) -> None:
        """Have a look taken at an instant, besides the regular ones."""
        if not self._scheduler.running:
            return
        job = self._scheduler.get_job(_CHECK)
        if at is not None and (job is None or job.next_run_time != at):
            self._scheduler.add_job(self._look, DateTrigger(at), id=_CHECK, replace_existing=True)
        elif at is None and job is not None:
            self._scheduler.remove_job(_CHECK)
