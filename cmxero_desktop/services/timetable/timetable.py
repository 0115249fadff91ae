"""Decide which checks are asked for and which are told as missed, from what happens and what two clocks show."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from cmxero_desktop.services.records.runs import MissedChecks, PollOutcome, PollRun, Trigger, is_pause_until
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.timetable.due_checks import CameDue, Due, Hindrance, one, one_after, outage_words, span
from cmxero_desktop.services.timetable.planning import due_between, is_working, next_check, next_working, retry_delay

LOOK_EVERY = timedelta(seconds=30)
"""The timetable is looked at no less often: looks that lie much farther apart mean that the computer slept."""

_SLEPT_AFTER = timedelta(minutes=2)
_MOMENT = timedelta(microseconds=1)
_NO_ANSWER = frozenset({PollOutcome.OFFLINE, PollOutcome.BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What two clocks show: the wall's (aware UTC), which may be corrected, and one that only counts, asleep or not."""

    wall: datetime
    steady_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What is to be done now: a check to ask for, rows to write into History."""

    ask: Trigger | None = None
    missed: tuple[MissedChecks, ...] = ()


class Timetable:
    """Where checking stands. Each check that is due is either asked for, late if need be, or told as missed, once.

    Not for several threads at a time. It has no clock: whoever calls says what the clocks show.
    """

    def __init__(self, poll: PollSettings, zone: tzinfo, clocks: Clocks) -> None:
        """Begin: the first check is due an interval from now, or when working hours begin."""
        self._poll = poll
        self._zone = zone
        self._seen = clocks
        self._due_at = next_check(clocks.wall, poll, zone)
        self._retry_at: datetime | None = None
        self._wanted_at: datetime | None = None
        self._failures = 0
        self._pause: Hindrance | None = None
        self._pause_until: datetime | None = None
        self._xero_pause: Hindrance | None = None
        self._xero_until = clocks.wall
        self._outage: Hindrance | None = None
        # The check that was asked for and has not ended: the one that it makes is open, those due meanwhile are lost.
        self._running: Hindrance | None = None
        self._stood_still = False

    def is_paused(self, now: datetime) -> bool:
        """Say whether a person's pause is on."""
        return self._pause is not None and (self._pause_until is None or now < self._pause_until)

    def paused_until(self, now: datetime) -> datetime | None:
        """Return when a person's pause ends by itself; None where none is on, or it lasts until resumed."""
        return self._pause_until if self.is_paused(now) else None

    def next_check_at(self, now: datetime) -> datetime | None:
        """Return when the next check is asked for (aware UTC); None while a person's pause is on."""
        if self.is_paused(now):
            return None
        planned = self._planned() if self._xero_pause is None else self._xero_until
        return next_working(max(planned, now), self._poll, self._zone)

    def next_look_at(self, now: datetime) -> datetime | None:
        """Return when to look next at the latest (aware UTC); None where only a person can change something."""
        if self.is_paused(now):
            return self._pause_until
        return self._planned() if self._xero_pause is None else self._xero_until

    def begin(self, now: datetime) -> Orders:
        """Check at once because the program was started, also outside working hours: a person did that."""
        self._running = Hindrance(since=now, words="one check took")
        return Orders(ask=Trigger.START)

    def stood_still(self) -> None:
        """Take in that nobody looked for a while because of a fault, which is what the next look then tells."""
        self._stood_still = True

    def look(self, clocks: Clocks) -> Orders:
        """See what has come due. Looking once more costs nothing."""
        now, before = clocks.wall, self._seen
        self._seen = clocks
        if now < before.wall - _SLEPT_AFTER:
            return self._plan_anew(before, clocks)
        came = CameDue() if self.is_paused(now) else self._came_due(before, clocks)
        self._stood_still = False
        is_wanted = came.is_forced or came.newest_at is not None
        if self._xero_pause is not None or not is_wanted or not self._may_ask(came.newest_at, now):
            return Orders(missed=came.missed(is_newest_made=False))
        self._run(came.newest_at, now)
        trigger = Trigger.WAKE if _slept(before, clocks) else Trigger.RETRY if came.is_forced else Trigger.SCHEDULE
        return Orders(ask=trigger, missed=came.missed(is_newest_made=True))

    def pause(self, until: datetime | None, by: str, clocks: Clocks) -> Orders:
        """Ask for nothing until an instant (aware UTC), or until resumed; a second pause moves the end of the first."""
        orders = self.look(clocks)
        if self._pause is None:
            self._pause = Hindrance(since=clocks.wall, words=f"checking was paused by {by}")
        self._pause_until = until
        return orders

    def resume(self, clocks: Clocks) -> Orders:
        """End a pause; what came due meanwhile is made up for by one check."""
        if self.is_paused(clocks.wall):
            self._pause_until = clocks.wall
        return self.look(clocks)

    def ended(self, run: PollRun | None, xero_until: datetime | None, clocks: Clocks) -> Orders:
        """Take in how a check ended, whoever asked for it; None: it could not even be begun.

        `xero_until` is when a pause ends that Xero asked for, where it did.
        """
        running, self._running = self._running, None
        orders, now = self.look(clocks), clocks.wall
        due_at = running.open_at if running is not None else None
        missed = orders.missed + (running.missed(now, self._zone) if running is not None else ())
        if run is None or run.outcome in _NO_ANSWER:
            self._fail(run, due_at, now)
            return Orders(ask=orders.ask, missed=missed)
        held_until = xero_until if run.outcome is PollOutcome.PAUSED else None
        if held_until is not None and not is_pause_until(held_until, now):
            held_until = None
        is_made = run.outcome is PollOutcome.DONE
        open_at, lost = self._end_outage(due_at, now, is_open_kept=is_made or held_until is not None)
        if held_until is not None:
            self._hold(open_at, held_until, now)
        if is_made:
            lost += self._settle(run.started_at, now)
            self._want(run.look_again_at, now)
        return Orders(ask=orders.ask, missed=missed + lost)

    def look_again(self, at: datetime | None, clocks: Clocks) -> Orders:
        """Take in when a check is wanted before the next regular one (aware UTC); what has come due stays due."""
        if at is None or at > clocks.wall:
            self._want(at, clocks.wall)
        return self.look(clocks)

    def close(self, clocks: Clocks) -> Orders:
        """Tell what was not made so far, because the program ends."""
        now = clocks.wall
        if self._pause is not None:
            self._pause_until = min(self._pause_until or now, now)
        self._xero_until = min(self._xero_until, now)
        missed = self._came_due(self._seen, clocks).missed(is_newest_made=False)
        if self._running is not None:
            missed += self._running.missed(now, self._zone)
        return Orders(missed=missed + self._end_outage(None, now, is_open_kept=False)[1])

    def _planned(self) -> datetime:
        return min(at for at in (self._due_at, self._retry_at, self._wanted_at) if at is not None)

    def _want(self, at: datetime | None, now: datetime) -> None:
        self._wanted_at = at if at is not None and at > now else None

    def _take(self, until: datetime) -> Due | None:
        """Return what came due up to an instant, and plan what follows it."""
        due = due_between(self._due_at, until, self._poll, self._zone)
        if due is not None:
            self._due_at = next_check(due.last_at, self._poll, self._zone)
        return due

    def _came_due(self, before: Clocks, clocks: Clocks) -> CameDue:
        """Take what came due since the last look, by what kept it from being made; end pauses that are over."""
        now, came = clocks.wall, CameDue()
        if self._pause is not None and self._pause_until is not None:
            pause, until, self._pause = self._pause, self._pause_until, None
            came.add(self._take(until - _MOMENT), pause.why(until, self._zone), pause.unmade)
        if self._xero_pause is not None:
            if now < self._xero_until:
                return came
            held, self._xero_pause = self._xero_pause, None
            due = one_after(held.open_at, self._take(self._xero_until - _MOMENT))
            came.add(due, held.why(self._xero_until, self._zone), held.unmade)
            came.is_forced = True
        due = self._take(now)
        came.add(due, self._gap_words(before, clocks))
        if self._retry_at is not None and self._retry_at <= now:
            self._retry_at, came.is_forced = None, True
        if self._wanted_at is not None and self._wanted_at <= now:
            self._wanted_at, came.is_forced = None, True
        return came

    def _may_ask(self, due_at: datetime | None, now: datetime) -> bool:
        """Say whether now is within working hours, or so little after them that a check was due in them."""
        return is_working(now, self._poll, self._zone) or (due_at is not None and now - due_at <= _SLEPT_AFTER)

    def _run(self, due_at: datetime | None, now: datetime) -> None:
        self._due_at = next_check(now, self._poll, self._zone)
        if self._running is None:
            self._running = Hindrance(since=now, words="one check took", open_at=due_at)
        elif due_at is not None:
            # It joins the check that has not ended; it is asked for all the same, in case that one never ends.
            self._running.lose(one(due_at).none_made())

    def _gap_words(self, before: Clocks, clocks: Clocks) -> str:
        stretch = span(before.wall, clocks.wall, self._zone)
        if self._stood_still:
            return f"this program's schedule stood still {stretch}, and was started again."
        if abs(_moved_by(before, clocks)) > _SLEPT_AFTER:
            return f"this computer's clock moved {stretch} at once."
        return f"this computer was asleep or too busy {stretch}."

    def _fail(self, run: PollRun | None, due_at: datetime | None, now: datetime) -> None:
        """Try again soon, at first; the check that failed stays open."""
        if self._outage is None:
            since = now if run is None else min(run.started_at, now)
            self._outage = Hindrance(since=since, words=outage_words(run.outcome if run is not None else None))
        if due_at is not None:
            self._outage.lose_open(due_at)
        self._failures += 1
        delay = retry_delay(self._failures)
        if delay is not None and not self.is_paused(now) and is_working(now + delay, self._poll, self._zone):
            self._retry_at = now + delay

    def _end_outage(
        self, due_at: datetime | None, now: datetime, *, is_open_kept: bool
    ) -> tuple[datetime | None, tuple[MissedChecks, ...]]:
        """Return the check that is still open, and what an outage that is over has cost."""
        outage, self._outage = self._outage, None
        self._failures, self._retry_at = 0, None
        if outage is None:
            return due_at, ()
        if due_at is not None:
            outage.lose_open(due_at)
        open_at = outage.open_at
        if not is_open_kept:
            outage.lose_open()
        return open_at, outage.missed(now, self._zone)

    def _hold(self, open_at: datetime | None, until: datetime, now: datetime) -> None:
        """Wait for the end of Xero's pause."""
        self._xero_until = until
        if self._xero_pause is None:
            self._xero_pause = Hindrance(since=now, words="Xero asked for a pause")
        if open_at is not None:
            self._xero_pause.lose_open(open_at)

    def _settle(self, started_at: datetime, now: datetime) -> tuple[MissedChecks, ...]:
        """Plan from a check that was made; where it was made in a pause, it stands for the newest that was due."""
        due, held = self._take(now), self._xero_pause
        lost = due.last_made() if due is not None else None
        self._xero_pause = None
        if held is not None and due is not None:
            held.lose_open()
        if self._pause is not None:
            self._pause.lose(lost)
        elif held is not None:
            held.lose(lost)
        planned = next_check(min(started_at, now), self._poll, self._zone)
        self._due_at = planned if planned > now else next_check(now, self._poll, self._zone)
        return held.missed(now, self._zone) if held is not None else ()

    def _plan_anew(self, before: Clocks, clocks: Clocks) -> Orders:
        """Forget the instants of a clock that was put back since; what had come due by it is told all the same."""
        now, due, held = clocks.wall, self._take(before.wall), self._xero_pause
        lost = due.none_made() if due is not None else None
        self._xero_pause = self._retry_at = self._wanted_at = None
        if self._pause is not None:
            self._pause.lose(lost)
            if self._pause_until is not None:
                # A pause for an hour stays one.
                self._pause_until += _moved_by(before, clocks)
        if held is not None:
            held.lose_open()
            held.lose(lost if self._pause is None else None)
        for hindrance in (self._pause, self._outage, self._running):
            if hindrance is not None:
                hindrance.put_back(now)
        self._due_at = next_check(now, self._poll, self._zone)
        return Orders(missed=held.missed(before.wall, self._zone) if held is not None else ())


def _slept(before: Clocks, clocks: Clocks) -> bool:
    counted = timedelta(seconds=clocks.steady_s - before.steady_s)
    return max(clocks.wall - before.wall, counted) > _SLEPT_AFTER


def _moved_by(before: Clocks, clocks: Clocks) -> timedelta:
    """Return by how much the wall's clock was corrected between two looks."""
    return clocks.wall - before.wall - timedelta(seconds=clocks.steady_s - before.steady_s)
