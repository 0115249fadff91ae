"""Say when Xero is checked. The threads here only say when: the timetable decides, the work is the worker's."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from cmxero_desktop.runtime.alarm import Alarm
from cmxero_desktop.runtime.steady import steady_s
from cmxero_desktop.runtime.watchdog import Advice, Watchdog
from cmxero_desktop.services.records.runs import MissedChecks, PollAsk, PollRun
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.timetable.timetable import LOOK_EVERY, Clocks, Orders, Timetable

_RENEW_EVERY_S = timedelta(hours=6) / timedelta(seconds=1)
_UPDATES_EVERY_S = timedelta(minutes=10) / timedelta(seconds=1)
_log = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the schedule calls, from a thread of its own or from that of whoever told it something; none may block.

    `ask` wishes for a check, `missed` has checks written into History, `renew_sign_in` has the sign-in kept alive.
    `ask_for_updates` is called every few minutes: whoever answers it knows whether a day has passed.
    """

    ask: Callable[[PollAsk], None]
    missed: Callable[[MissedChecks], None]
    renew_sign_in: Callable[[], None]
    ask_for_updates: Callable[[], None]


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
        clocks = self._clocks()
        self._timetable = Timetable(poll, zone, clocks)
        self._watchdog = Watchdog(clocks)
        self._renewed_s = clocks.steady_s
        self._updates_s = clocks.steady_s
        self._alarm: Alarm | None = None

    def start(self, *, asks_now: bool) -> None:
        """Begin; `asks_now` checks at once, because the program was started."""
        with self._lock:
            self._begin_alarm()
            self._watchdog.looked(self._clocks())
        if asks_now:
            self._follow(lambda clocks: self._timetable.begin(clocks.wall))
        else:
            self._follow(self._timetable.look)

    def stop(self) -> None:
        """End the schedule's threads, and have written down what was not made so far."""
        with self._lock:
            alarm, self._alarm = self._alarm, None
        if alarm is not None:
            # Without the lock, which a look that is under way may need.
            alarm.stop()
            self._follow(self._timetable.close)

    def watch(self) -> None:
        """See that looks are taken, and begin anew where they are not; called every so often from another thread."""
        with self._lock:
            if self._alarm is None:
                return
            advice = self._watchdog.advise(self._clocks())
            if advice is Advice.RING:
                self._alarm.ring_in(timedelta())
            elif advice is Advice.RENEW:
                self._renew(self._alarm)

    @property
    def still_since(self) -> datetime | None:
        """Since when (aware UTC) no check would be asked for, because the schedule stands still; None: it goes on."""
        with self._lock:
            return self._watchdog.still_since

    def pause(self, until: datetime | None) -> None:
        """Ask for nothing until an instant (aware UTC), or until `resume`."""
        self._follow(lambda clocks: self._timetable.pause(until, self._person, clocks))

    def resume(self) -> None:
        """End a pause."""
        self._follow(self._timetable.resume)

    def ended(self, run: PollRun | None, xero_until: datetime | None) -> None:
        """Take in how a check ended, whoever asked for it, and until when Xero asked for a pause, if it did."""
        self._follow(lambda clocks: self._timetable.ended(run, xero_until, clocks))

    def look_again(self, at: datetime | None) -> None:
        """Take in when a check is wanted before the next regular one (aware UTC); None wants none."""
        self._follow(lambda clocks: self._timetable.look_again(at, clocks))

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

    def _begin_alarm(self) -> None:
        alarm = Alarm(self._look, LOOK_EVERY)
        alarm.start()
        self._alarm = alarm

    def _renew(self, old: Alarm) -> None:
        _log.error("The schedule stands still since %s: it is started again", self._watchdog.still_since)
        self._timetable.stood_still()
        try:
            self._begin_alarm()
            # Nothing is waited for: what hangs there hangs on, and a look that is taken twice costs nothing.
            old.stop(waits=False)
        except Exception:  # noqa: BLE001 - tried again, and shown on screen until it works
            _log.exception("The schedule could not be started again")
        if self._alarm is not None:
            self._alarm.ring_in(timedelta())

    def _look(self) -> None:
        try:
            self._follow(self._timetable.look)
            with self._lock:
                clocks = self._clocks()
                self._watchdog.looked(clocks)
                is_renewal_due = clocks.steady_s - self._renewed_s >= _RENEW_EVERY_S
                if is_renewal_due:
                    self._renewed_s = clocks.steady_s
                are_updates_due = clocks.steady_s - self._updates_s >= _UPDATES_EVERY_S
                if are_updates_due:
                    self._updates_s = clocks.steady_s
            if is_renewal_due:
                self._wishes.renew_sign_in()
            if are_updates_due:
                self._wishes.ask_for_updates()
        except Exception:  # noqa: BLE001 - the next look comes in any case: a year does not end with one fault
            _log.exception("The schedule met something that nobody foresaw")

    def _follow(self, step: Callable[[Clocks], Orders]) -> None:
        """Take a step of the timetable, plan the next look, and do what it orders."""
        with self._lock:
            clocks = self._clocks()
            orders = step(clocks)
            next_look_at = self._timetable.next_look_at(clocks.wall)
            if self._alarm is not None and next_look_at is not None:
                self._alarm.ring_in(next_look_at - clocks.wall)
        if orders.ask is not None:
            _log.info("A check is asked for: %s", orders.ask)
            self._wishes.ask(PollAsk(trigger=orders.ask))
        for missed in orders.missed:
            _log.info("Not made: %d checks; %s", missed.count, missed.why)
            self._wishes.missed(missed)
