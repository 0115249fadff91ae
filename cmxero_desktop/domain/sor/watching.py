"""Open, update, clear and pass alerts by what is seen now and what is remembered; pure, and told the time (S4)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.sor.alerts import DAYS_TO_DEBIT, DebitDateIs, SorAlert, SorAlertState, SorKind, XeroHistory
from cmxero_desktop.domain.sor.knowing import Now, WatchedInvoices, brought_up, completed, derived, reopened, watched_by
from cmxero_desktop.domain.sor.notices import SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.reminding import notice_of
from cmxero_desktop.domain.sor.schedules import FirmType, ScheduledInvoice, ScheduleState, SorSchedule
from cmxero_desktop.domain.sor.sighting import Sighting, Watched, WatchedInvoice, owed_on, sightings_of, too_much
from cmxero_desktop.domain.sor.words import consequence, ended_words, explained, failed_words, next_step

# A debit from a bank account takes two or three days to clear, and only then is the instalment written.
_UNTIL_WRITTEN = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class SorMemory:
    """What is remembered of the watch: every schedule and every alert."""

    schedules: tuple[SorSchedule, ...] = ()
    alerts: tuple[SorAlert, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SorWatch:
    """What a check found: the memory as it is now, and what is to be said of it at once."""

    memory: SorMemory
    notices: tuple[SorNotice, ...] = ()
    opened: tuple[SorAlert, ...] = ()
    ended: tuple[SorAlert, ...] = ()


def watch(memory: SorMemory, invoices: Sequence[WatchedInvoice], policy: Policy, firm: FirmType, now: Now) -> SorWatch:
    """Compare what is seen with what is remembered: nothing is found twice, nothing ends that may still be there."""
    schedules = [*memory.schedules, *derived(memory.schedules, invoices, policy, now)]
    alerts = {alert.key: alert for alert in memory.alerts}
    by_schedule: dict[str, dict[str, SorAlert]] = {}
    for alert in memory.alerts:
        by_schedule.setdefault(alert.schedule_id, {})[alert.key] = alert
    index, rest = WatchedInvoices.of(invoices, schedules), _Rest(policy, firm, now)
    done: list[SorSchedule] = []
    notices: list[SorNotice] = []
    for schedule in schedules:
        watched, own = watched_by(schedule, index), by_schedule.get(schedule.schedule_id, {})
        known = reopened(brought_up(schedule, watched, policy, now), watched, policy)
        seen = _seen(known, watched, policy) if known.is_running else {}
        own = own | {a.key: a for a in _compared(known, [*own.values()], seen, watched, rest)}
        alerts |= own
        known = completed(known, watched, policy, now, has_standing=any(a.is_standing for a in own.values()))
        if known.look_again_at is not None and known.look_again_at <= now.at:
            notices.append(_looked_again(known, watched, now))
            known = replace(known, look_again_at=None)
        if known.state is ScheduleState.FAILED and known.retry_on and now.today > known.retry_on + _UNTIL_WRITTEN:
            notices.append(_not_retried(known, watched, now))
        done.append(known)
    known_before = {alert.key: alert for alert in memory.alerts}
    changed = [a for a in alerts.values() if known_before.get(a.key) != a]
    notices += (n for a in changed if (n := _notice(a, known_before.get(a.key), now)) is not None)
    return SorWatch(
        memory=SorMemory(schedules=tuple(done), alerts=tuple(alerts.values())),
        notices=tuple(notices),
        opened=tuple(a for a in changed if a.key not in known_before),
        ended=tuple(a for a in changed if a.key in known_before and a.state is not known_before[a.key].state),
    )


@dataclass(frozen=True, slots=True)
class _Rest:
    """What every comparison takes into account beside what is seen."""

    policy: Policy
    firm: FirmType
    now: Now


_Seen = dict[str, tuple[Sighting, ...]]
"""What is seen by the invoice's number; of no invoice is there an entry that was not read."""


def _seen(schedule: SorSchedule, watched: Watched, policy: Policy) -> _Seen:
    found: _Seen = {}
    for invoice in schedule.invoices:
        if invoice.number in watched and invoice.first_sight is not None:
            every = sightings_of(schedule, invoice, watched, policy)
            found[invoice.number] = tuple(s for s in every if s.key not in invoice.first_sight.before)
    if len(found) == len(schedule.invoices):
        excess = too_much(schedule, watched, (s for some in found.values() for s in some), policy)
        if excess is not None:
            first = schedule.invoices[0].number
            found[first] = (*found[first], excess)
    return found


def _compared(
    schedule: SorSchedule, alerts: Sequence[SorAlert], seen: _Seen, watched: Watched, rest: _Rest
) -> Iterator[SorAlert]:
    """Return the alerts of a schedule that are new or different."""
    if not schedule.is_running:
        yield from (closed(a, schedule, rest.now) for a in alerts if a.is_standing)
        return
    for invoice in schedule.invoices:
        if invoice.number not in seen:
            continue
        own = [a for a in alerts if a.invoice_number == invoice.number]
        met: set[str] = set()
        for sighting in seen[invoice.number]:
            alert = _alert_of(sighting, own)
            met |= {alert.key} if alert is not None else set()
            if alert is None:
                yield _opened(schedule, invoice, sighting, own, rest)
            elif alert.is_standing:
                yield _kept(alert, sighting, _Place(invoice, own), rest)
        for alert in own:
            if alert.is_standing and alert.key not in met:
                yield _gone(alert, watched[invoice.number], rest)


def _alert_of(sighting: Sighting, own: Iterable[SorAlert]) -> SorAlert | None:
    """Find the alert that speaks of it: a standing one of the same record, else one that a person closed as it is."""
    for alert in own:
        if alert.is_standing and alert.family == sighting.family:
            return alert
        if alert.state is SorAlertState.CLOSED and alert.sighting == sighting.key:
            return alert
    return None


def _opened(
    schedule: SorSchedule, invoice: ScheduledInvoice, sighting: Sighting, own: Sequence[SorAlert], rest: _Rest
) -> SorAlert:
    times = sum(a.family == sighting.family for a in own) + 1
    alert = SorAlert(
        key=f"{schedule.schedule_id}:{sighting.family}#{times}",
        sighting=sighting.key,
        family=sighting.family,
        schedule_id=schedule.schedule_id,
        invoice_number=invoice.number,
        kind=sighting.kind,
        rule=sighting.rule,
        amount=sighting.amount,
        at_risk=sighting.at_risk,
        first_seen_at=rest.now.at,
        first_seen_on=rest.now.today,
        evidence=sighting.evidence,
        explanation="",
        consequence="",
        next_step="",
    )
    return _kept(alert, sighting, _Place(invoice, own), rest)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something was seen: an invoice, and the alerts that were known of it before."""

    invoice: ScheduledInvoice
    own: Sequence[SorAlert]


def _counted_down(alert: SorAlert, place: _Place, firm: FirmType) -> SorAlert:
    """Give an alert its debit date, or take it away where the firm's practice software has none (S4).

    A date that a person took from a mail about something else counts where that still stands and the date is nearer:
    a later one may be too late.
    """
    if firm is FirmType.OTHER:
        return replace(alert, debit_on=None, debit_date_is=None)
    if alert.debit_on is not None:
        return alert
    entered, estimated = place.invoice.debit_on, alert.first_seen_on + timedelta(days=DAYS_TO_DEBIT)
    if entered is not None and entered > alert.first_seen_on:
        about = [a for a in place.own if a.debit_on == entered and a.debit_date_is is DebitDateIs.ENTERED]
        if not about or (entered < estimated and any(a.is_standing for a in about)):
            return replace(alert, debit_on=entered, debit_date_is=DebitDateIs.ENTERED)
    return replace(alert, debit_on=estimated, debit_date_is=DebitDateIs.ESTIMATED)


def _kept(alert: SorAlert, sighting: Sighting, place: _Place, rest: _Rest) -> SorAlert:
    """Return an alert with the figures of now; one that is still seen on its debit date has passed."""
    alert = replace(
        _counted_down(alert, place, rest.firm),
        # Where the record is another than was asked about, so may be who changed it.
        history=alert.history if alert.sighting == sighting.key else XeroHistory(),
        sighting=sighting.key,
        kind=sighting.kind,
        amount=sighting.amount,
        at_risk=sighting.at_risk,
        evidence=sighting.evidence,
        explanation=explained(sighting, place.invoice.number),
        consequence=consequence(sighting, rest.firm, rest.policy.currency),
        next_step=next_step(sighting),
        removed_on=None,
        home=rest.policy.currency,
    )
    return dated(alert, rest.now.today)


def dated(alert: SorAlert, today: date) -> SorAlert:
    """Let an alert that still stands pass on its debit date, and come back where a later date was entered."""
    is_over = alert.debit_on is not None and today >= alert.debit_on
    if is_over and alert.state is SorAlertState.OPEN:
        return replace(alert, state=SorAlertState.PASSED, passed_on=today)
    if not is_over and alert.state is SorAlertState.PASSED:
        return replace(alert, state=SorAlertState.OPEN, passed_on=None)
    return alert


def _gone(alert: SorAlert, watched: WatchedInvoice, rest: _Rest) -> SorAlert:
    """Clear what was removed before the debit date; what was not, has passed, and says that it is gone by now (S4)."""
    if alert.removed_on is not None or not watched.is_whole(rest.policy.currency):
        return alert
    today = rest.now.today
    removed_on = min(today, _removed_on(alert, watched, rest.now) or today)
    is_in_time = alert.debit_on is None or removed_on < alert.debit_on
    if alert.state is SorAlertState.OPEN and is_in_time:
        return replace(alert, state=SorAlertState.CLEARED, ended_on=today, removed_on=removed_on)
    return replace(alert, state=SorAlertState.PASSED, passed_on=alert.passed_on or today, removed_on=removed_on)


def _removed_on(alert: SorAlert, watched: WatchedInvoice, now: Now) -> date | None:
    """Return the firm's day on which Xero says that it was removed: the computer may have slept since."""
    if alert.evidence.side is Side.CASE_MANAGER:
        return None
    snapshot = watched.snapshot
    changed: datetime | None = snapshot.xero_invoice.updated_at if snapshot.xero_invoice else None
    for payment in snapshot.xero_payments if alert.kind is not SorKind.INSTALMENT_DELETED else ():
        if folded(payment.payment_id) == alert.evidence.record_id.lower() and not payment.is_live:
            changed = payment.updated_at
    return None if changed is None else now.day_of(changed)


def closed(alert: SorAlert, schedule: SorSchedule, now: Now) -> SorAlert:
    """End an alert whose schedule ended, on the day on which it did."""
    return replace(
        alert,
        state=SorAlertState.CLOSED,
        ended_on=now.day_of(schedule.ended_at) if schedule.ended_at else now.today,
        closed_by=schedule.ended_by,
        closed_why=schedule.reason or ended_words(schedule),
    )


def stands_again(alert: SorAlert, schedule: SorSchedule, now: Now) -> SorAlert:
    """Return an alert as it was before its schedule was said to have ended; one that ended otherwise stays so."""
    if alert.state is not SorAlertState.CLOSED or alert != closed(alert, schedule, now):
        return alert
    # A debit date that came meanwhile passes at the next look, which tells of it.
    state = SorAlertState.PASSED if alert.passed_on else SorAlertState.OPEN
    return replace(alert, state=state, ended_on=None, closed_by="", closed_why="")


def _notice(alert: SorAlert, before: SorAlert | None, now: Now) -> SorNotice | None:
    """Return what is said at once of an alert that was opened, cleared or passed."""
    if before is None:
        return notice_of(alert, SorNoticeKind.FOUND, now.today)
    if before.state is SorAlertState.OPEN and alert.state is SorAlertState.CLEARED:
        return notice_of(alert, SorNoticeKind.CLEARED, now.today)
    if before.state is SorAlertState.OPEN and alert.state is SorAlertState.PASSED:
        return notice_of(alert, SorNoticeKind.PASSED, now.today)
    return None


def _due_words(watched: Watched) -> str:
    facts = [(number, each.snapshot.xero_invoice) for number, each in watched.items()]
    return ", ".join(f"{number} owes {owed_on(fact)}" for number, fact in facts if fact is not None)


def _not_retried(schedule: SorSchedule, watched: Watched, now: Now) -> SorNotice:
    """Say that a second try brought no instalment: Apxium cancels the schedule then, and debits the firm (S9)."""
    when, risk, what = failed_words(schedule, _due_words(watched), now.today)
    return SorNotice(
        key=f"{schedule.schedule_id}:not-retried:{schedule.retry_on}",
        kind=SorNoticeKind.NOT_RETRIED,
        schedule_id=schedule.schedule_id,
        invoice_number=schedule.invoices[0].number if schedule.invoices else "",
        on=now.today,
        title=f"SOR schedule {schedule.schedule_id}: no instalment after the second try",
        text=f"{when}\n\nAt risk: {risk}\n\nWhat to do: {what}",
    )


def _looked_again(schedule: SorSchedule, watched: Watched, now: Now) -> SorNotice:
    """Say how the invoices stand once Apxium should have synced after a cancellation (S6)."""
    due = _due_words(watched)
    return SorNotice(
        key=f"{schedule.schedule_id}:looked-again:{now.today.isoformat()}",
        kind=SorNoticeKind.LOOKED_AGAIN,
        schedule_id=schedule.schedule_id,
        invoice_number=schedule.invoices[0].number if schedule.invoices else "",
        on=now.today,
        title=f"Two hours after the end of SOR schedule {schedule.schedule_id}",
        text=(
            f"What was paid outside it should have reached Apxium by now. In Xero {due or 'nothing is known'}. "
            "See that Apxium shows the same: what had no room on the invoice did not go through."
        ),
    )
