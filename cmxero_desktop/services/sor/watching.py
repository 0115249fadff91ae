"""Do the watch's part of a check: compare what is seen with what is remembered, and keep and post what follows (S3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.knowing import PROGRAM, Now
from cmxero_desktop.domain.sor.schedules import FirmType, SorSchedule
from cmxero_desktop.domain.sor.sighting import watched_of
from cmxero_desktop.domain.sor.watching import SorMemory, SorWatch, watch
from cmxero_desktop.domain.sor.words import STATE_WORDS
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.correlation.correlating import correlate_whole
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.results import InvoiceResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SorCheck:
    """What a check knows beside the results: the firm's policy and day, and the instant."""

    policy: Policy
    firm: FirmType
    at: datetime
    today: date

    @classmethod
    def of(cls, moment: Moment, firm: FirmType) -> "SorCheck":
        """Make it of a correlation's moment."""
        return cls(policy=moment.policy, firm=firm, at=moment.now, today=moment.today)


def memory_of_watch(unit: UnitOfWork) -> SorMemory:
    """Return what is remembered of the watch."""
    return SorMemory(schedules=unit.sor.schedules(), alerts=unit.sor.alerts())


def watch_schedules(unit: UnitOfWork, results: Iterable[InvoiceResult], check: SorCheck) -> None:
    """Watch, and keep what follows; results of watched invoices that are not among these are read from the store."""
    before = memory_of_watch(unit)
    found = {result.snapshot.number: result for result in results}
    watched = {invoice.goes_by or invoice.number for s in before.schedules for invoice in s.invoices}
    if missing := watched - found.keys():
        found.update((result.snapshot.number, result) for result in unit.results.latest(missing))
    time_zone = unit.polling.state().organisation.time_zone
    now = Now(at=check.at, today=check.today, day_of=lambda at: local_date(at, time_zone))
    invoices = [watched_of(r.snapshot, r.correlation, check.policy) for r in found.values()]
    seen = watch(before, invoices, check.policy, check.firm, now)
    _keep(unit, before, seen, check.at)


def _keep(unit: UnitOfWork, before: SorMemory, seen: SorWatch, at: datetime) -> None:
    schedules = {schedule.schedule_id: schedule for schedule in before.schedules}
    alerts = {alert.key: alert for alert in before.alerts}
    changed = [s for s in seen.memory.schedules if schedules.get(s.schedule_id) != s]
    unit.sor.save_schedules(changed)
    unit.sor.save_alerts(a for a in seen.memory.alerts if alerts.get(a.key) != a)
    unit.sor.post(seen.notices)
    events = [_schedule_event(s, schedules.get(s.schedule_id), at) for s in changed]
    unit.audit.append(event for event in events if event is not None)
    unit.audit.append(
        AuditEvent(
            at=at,
            by=alert.closed_by or PROGRAM,
            what=AuditWhat.ALERT,
            invoice_number=alert.invoice_number,
            reason=alert.explanation,
            rule=alert.rule,
            evidence={"alert": alert.key, "state": STATE_WORDS[alert.state]},
        )
        for alert in (*seen.opened, *seen.ended)
    )


def _schedule_event(schedule: SorSchedule, before: SorSchedule | None, at: datetime) -> AuditEvent | None:
    """Return what History says of a schedule that became known by itself, or whose state the program changed."""
    if before is not None and before.state is schedule.state:
        return None
    return schedule_event(schedule, at, PROGRAM, "found by its instalments" if before is None else "")


def schedule_event(schedule: SorSchedule, at: datetime, by: str, reason: str, what: str = "") -> AuditEvent:
    """Return what History says of a schedule: `what` was said of it, else where it stands by now."""
    return AuditEvent(
        at=at,
        by=by,
        what=AuditWhat.SOR,
        invoice_number=schedule.numbers[0] if schedule.numbers else "",
        reason=reason,
        rule=Rule.S1,
        evidence={
            "explanation": f"{schedule.schedule_id}: {what or schedule.state.value}",
            "schedule": schedule.schedule_id,
            "state": schedule.state.value,
            "known by": schedule.source.value,
            "invoices": ", ".join(schedule.numbers),
        },
    )


def balance_event(amount: Money, on: date, at: datetime, by: str, reason: str) -> AuditEvent:
    """Return what History says of a balance of the clearing account that a person read in Xero (S6)."""
    told = f"The clearing account held {amount} on {day(on)}"
    return AuditEvent(at=at, by=by, what=AuditWhat.SOR, reason=reason, rule=Rule.S6, evidence={"explanation": told})


def watch_anew(outside: Outside, moment: Moment) -> None:
    """Judge the firm and watch again after somebody said something: flags and alerts follow at once."""
    results = correlate_whole(outside, moment).results
    firm = outside.settings_file.load().sor.firm_type
    with outside.store.begin() as unit:
        watch_schedules(unit, results, SorCheck.of(moment, firm))
        unit.commit()


def is_look_due(unit: UnitOfWork, now: datetime) -> bool:
    """Say whether the watch has to look again by now, two hours after a cancellation (S6)."""
    at = next_look_at(unit)
    return at is not None and at <= now


def next_look_at(unit: UnitOfWork) -> datetime | None:
    """Return when the watch has to look again next, whatever the timetable says; None where it has not (S6)."""
    return min((s.look_again_at for s in unit.sor.schedules() if s.look_again_at is not None), default=None)
