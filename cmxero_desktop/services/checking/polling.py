"""One poll of Xero: may it be made, read what changed, correlate, and say how it went."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from cmxero_desktop.domain.errors import (
    CheckedElsewhereError,
    SettingsError,
    StoreError,
    XeroPausedError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.room import Room
from cmxero_desktop.services.checking.beside import MOST_CALLS, ReadingBeside
from cmxero_desktop.services.checking.comparing import Comparing
from cmxero_desktop.services.checking.endings import ended_by
from cmxero_desktop.services.checking.fencing import FencedStore, lost
from cmxero_desktop.services.checking.fetching import Fetching
from cmxero_desktop.services.checking.organisation import on_a_new_day, with_organisation
from cmxero_desktop.services.checking.spending import may_spend, pause_words, reason_to_put_off
from cmxero_desktop.services.connecting.sign_in_alerts import raise_sign_in_alerts
from cmxero_desktop.services.ports.computer import Turn
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.runs import (
    LONGEST_PAUSE,
    CallLimits,
    Counts,
    Lease,
    Pause,
    PollAsk,
    PollOutcome,
    PollRun,
    PollState,
    Trigger,
)
from cmxero_desktop.services.records.settings import PollSettings, Settings
from cmxero_desktop.services.sor.asking import ask_who
from cmxero_desktop.services.sor.watching import next_look_at
from cmxero_desktop.services.timetable.planning import is_full_due

# Where Xero does not say how long: only its limits of calls at once and of the whole app do not, and both are short.
_UNSAID_PAUSE = timedelta(seconds=60)
_SHORTEST_LEASE = timedelta(minutes=15)

# The first of several in a row is told in History; Health lists each.
_NOT_MADE = frozenset({PollOutcome.PAUSED, PollOutcome.PUT_OFF})

_log = logging.getLogger(__name__)


UNNAMED_DESKTOP = "Another desktop"
"""What the others call a desktop whose computer has no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingDesk:
    """Which desktop this is among those that share a store, and in which time zone its people work.

    `room` says what is free on it.
    """

    holder: str
    label: str
    zone: tzinfo
    room: Callable[[], Room] = Room


class Polling:
    """The use case "Check Xero". One instance is used by one thread at a time."""

    def __init__(
        self,
        outside: Outside,
        *,
        desk: PollingDesk,
        turn: Turn,
        tell: Callable[[str], None],
        look: Callable[[], object] = lambda: None,
    ) -> None:
        """Keep the ports; `tell` says on screen what is being done, `look` is done as the first step of each check."""
        self._outside = outside
        self._fence = FencedStore(outside.store)
        self._fenced = fenced = replace(outside, store=self._fence)
        self._desk = desk
        self._turn = turn
        self._tell = tell
        self._look = look
        self._beside = ReadingBeside(fenced)
        self._comparing = Comparing(fenced)

    def poll(self, ask: PollAsk) -> PollRun:
        """Poll once and return the stored run; whatever goes wrong is an outcome of the run, not an exception.

        A check that another process of this computer began after this one was asked for is joined. Raises StoreError
        where not even the run can be stored.
        """
        asked_at = self._outside.clock()
        self._tell("Checking Xero")
        try:
            before = self._newest_run()
            with self._turn():
                return self._joined(ask, asked_at, before) or self._run(ask)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a check without a run would be one that nobody hears of
            # Only the turn itself raises here.
            reason = str(error) if isinstance(error, XeroUnavailableError) else ended_by(error)[1]
            return self._stored(self._run_record(ask, asked_at, requests=0), PollOutcome.FAILED, reason)
        finally:
            self._tell("")

    def _newest_run(self) -> PollRun | None:
        with self._outside.store.read() as unit:
            return next(iter(unit.polling.runs(1)), None)

    def _joined(self, ask: PollAsk, asked_at: datetime, before: PollRun | None) -> PollRun | None:
        """Return the run that answers this wish already; one from `before` it never does, whatever clocks say.

        Only one that worked does: a person's check must not be answered by one that was put off.
        """
        newest = self._newest_run()
        if newest is None or newest == before:
            return None
        is_good = newest.outcome is PollOutcome.DONE and newest.started_at > asked_at
        return newest if is_good and (newest.is_full or not ask.is_full) else None

    def _run(self, ask: PollAsk) -> PollRun:
        started_at, requests_before = self._outside.clock(), self._outside.xero.requests_made
        fetching = Fetching(self._fenced, self._renew_lease, self._tell, self._desk.room)
        counts, reason, outcome, is_full = Counts(), "", PollOutcome.DONE, ask.is_full
        pause: Pause | None = None
        try:
            self._look()
            self._fence.lease = self._take_lease().number
            settings = self._outside.settings_file.load()
            if refusal := self._refusal(ask, settings):
                outcome, reason = refusal
            else:
                is_full = self._is_full(ask, settings)
                state = with_organisation(self._fenced, is_full=is_full)
                # A first load that broke off goes on with what is left of it, and is a full reading all the same.
                wanted, is_full = is_full, is_full or state.cursors.payments is None
                state = fetching.fetch(state, settings.policy.invoice_prefix, is_full=wanted)
                if not wanted:
                    state = on_a_new_day(self._fenced, state)
                self._beside.begin_check()
                self._beside.read_accounts(fetching.paid_to, is_full=is_full)
                if is_full:
                    self._beside.read_refunds()
                self._tell("Comparing with Case Manager")
                counts = self._comparing.compare(state, settings, is_full=is_full)
                if self._has_news_beside(settings):
                    counts = self._comparing.compare(state, settings, is_full=False)
                ask_who(self._fenced, lambda cost: self._may_spend(cost, settings))
        except Exception as error:  # noqa: BLE001 - as above
            outcome, reason = ended_by(error)
            pause = self._pause_of(error)
        requests = self._outside.xero.requests_made - requests_before
        if outcome is not PollOutcome.ELSEWHERE:
            try:
                self._keep_what_xero_said(outcome, reason, pause, full_requests=requests if is_full else None)
            except Exception as error:  # noqa: BLE001 - as above
                outcome, reason = ended_by(error)
        run = self._run_record(ask, started_at, requests=requests)
        return self._stored(replace(run, is_full=is_full, fetched=fetching.fetched, counts=counts), outcome, reason)

    def _run_record(self, ask: PollAsk, started_at: datetime, *, requests: int) -> PollRun:
        return PollRun(
            run_id=self._outside.new_id(),
            started_at=started_at,
            finished_at=self._outside.clock(),
            is_full=ask.is_full,
            outcome=PollOutcome.DONE,
            fetched=0,
            requests=requests,
            counts=Counts(),
            trigger=ask.trigger,
            desktop=self._desk.holder,
            label=self._desk.label,
        )

    def _stored(self, run: PollRun, outcome: PollOutcome, reason: str) -> PollRun:
        """Store the run and return it. Raises StoreError, whatever refused it."""
        try:
            return self._store(run, outcome, reason)
        except StoreError:
            raise
        except Exception as error:
            _log.exception("The run of a check could not be stored")
            message = f"How this check ended could not be stored ({type(error).__name__})."
            raise StoreError(message, "What was read before is kept. Check again; the log says more.") from error

    def _store(self, run: PollRun, outcome: PollOutcome, reason: str) -> PollRun:
        run = replace(run, outcome=outcome, reason=reason)
        if outcome is PollOutcome.ELSEWHERE:
            # The store is shared: the runs in it are those of the desktop that checks.
            return run
        with self._outside.store.begin() as unit:
            before = next(iter(unit.polling.runs(1)), None)
            run = replace(run, look_again_at=next_look_at(unit))
            is_news = before is None or before.outcome is not outcome
            unit.polling.save_run(run)
            if outcome in _NOT_MADE and is_news:
                unit.audit.append(
                    [AuditEvent(at=run.finished_at, by="program", what=AuditWhat.SKIPPED_RUN, reason=reason)]
                )
            unit.commit()
        return run

    def _renew_lease(self) -> None:
        """Renew the right to check within a check. Raises CheckedElsewhereError, also where it was lost in between."""
        if self._take_lease().number != self._fence.lease:
            raise lost()

    def _take_lease(self) -> Lease:
        """Take or renew the right to check for all desktops of the store. Raises CheckedElsewhereError."""
        interval = timedelta(minutes=self._interval_min())
        with self._outside.store.begin() as unit:
            lease = unit.sharing.take_lease(self._desk.holder, self._desk.label, max(2 * interval, _SHORTEST_LEASE))
            unit.commit()
        if lease.holder != self._desk.holder:
            message = f"{lease.label} checks Xero for every desktop that shares this store."
            raise CheckedElsewhereError(message, "Its results are shown here; this desktop takes over when it stops.")
        return lease

    def _interval_min(self) -> int:
        # Settings that cannot be read end the check by themselves, once it is known whose checks are shown.
        try:
            return self._outside.settings_file.load().poll.interval_min
        except SettingsError:
            return PollSettings().interval_min

    def _refusal(self, ask: PollAsk, settings: Settings) -> tuple[PollOutcome, str] | None:
        """Return why nothing may be asked of Xero now: a pause that it wished, or calls that are kept for persons."""
        now, allowance = self._outside.clock(), self._state().allowance
        if allowance.pause is not None and not ask.ends_pause and allowance.pause.is_on(now):
            return PollOutcome.PAUSED, pause_words(allowance.pause, now, self._desk.zone)
        put_off = reason_to_put_off(
            ask.trigger, allowance.limits, settings.xero.tier.calls_a_day, self._requests_today(now), now
        )
        return (PollOutcome.PUT_OFF, put_off) if put_off else None

    def _is_full(self, ask: PollAsk, settings: Settings) -> bool:
        """Say whether everything is read: because a person wants it, or because it is due and can be afforded."""
        if ask.is_full or ask.trigger is Trigger.PERSON:
            return ask.is_full
        now, state = self._outside.clock(), self._state()
        if not is_full_due(state.cursors.last_full_at, settings.poll, now, self._desk.zone):
            return False
        calls_a_day = settings.xero.tier.calls_a_day
        return may_spend(state.allowance.full_requests, state.allowance.limits, calls_a_day, self._requests_today(now))

    def _has_news_beside(self, settings: Settings) -> bool:
        """Look for money that went back where both debtor lists differ, while Xero's calls of the day allow it (R2)."""
        return self._may_spend(MOST_CALLS, settings) and self._beside.read_refunds_for(self._comparing.differing)

    def _may_spend(self, cost: int, settings: Settings) -> bool:
        today = self._requests_today(self._outside.clock())
        return may_spend(cost, self._outside.xero.limits, settings.xero.tier.calls_a_day, today)

    def _requests_today(self, now: datetime) -> int:
        with self._outside.store.read() as unit:
            return unit.polling.requests_on(now.astimezone(self._desk.zone).date())

    def _pause_of(self, error: Exception) -> Pause | None:
        if not isinstance(error, XeroPausedError):
            return None
        seconds = error.retry_after_s
        longest_s = LONGEST_PAUSE.total_seconds()
        length = _UNSAID_PAUSE if seconds is None else timedelta(seconds=min(seconds, longest_s))
        return Pause(until=self._outside.clock() + length, because=error.because)

    def _keep_what_xero_said(
        self, outcome: PollOutcome, reason: str, pause: Pause | None, *, full_requests: int | None
    ) -> None:
        """Keep limits, a new pause and the age of the sign-in; raise or clear what they warn of."""
        xero, store = self._outside.xero, self._outside.store
        with store.begin() as unit:
            state = unit.polling.state()
            allowance = state.allowance
            if xero.limits != CallLimits():
                allowance = replace(allowance, limits=xero.limits)
            if pause is not None:
                allowance = replace(allowance, pause=pause)
            if outcome is PollOutcome.DONE:
                allowance = replace(allowance, pause=None, full_requests=full_requests or allowance.full_requests)
            state = replace(state, allowance=allowance, sign_in=state.sign_in.renewed(xero.sign_in_renewed_at))
            unit.polling.save_allowance(state.allowance)
            unit.polling.save_sign_in(state.sign_in)
            unit.commit()
        raise_sign_in_alerts(store, state, outcome, reason, self._outside.clock())

    def _state(self) -> PollState:
        with self._outside.store.read() as unit:
            return unit.polling.state()
