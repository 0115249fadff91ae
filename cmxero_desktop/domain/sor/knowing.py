"""Know the schedules: derive them from payments, remember how each invoice stood first, see which are complete (S1)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.scope import folded, is_customer_payment, is_instalment
from cmxero_desktop.domain.sor.alerts import SorKind
from cmxero_desktop.domain.sor.schedules import (
    FirstSight,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
)
from cmxero_desktop.domain.sor.sighting import (
    Sighting,
    Watched,
    WatchedInvoice,
    instalments_of,
    is_before,
    sightings_of,
    written_of,
)

PROGRAM = "program"
"""Who ended a schedule whose instalments were all written."""

# What was deleted or voided longer ago than this, when the watch first sees it, is history.
_HISTORY = timedelta(days=31)
_ENDINGS = frozenset({SorKind.INSTALMENT_DELETED, SorKind.VOIDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """The instant of a check, the firm's day, and which day of the firm an instant falls on."""

    at: datetime
    today: date
    day_of: Callable[[datetime], date]


def under_schedules(schedules: Iterable[SorSchedule]) -> Mapping[str, bool]:
    """Say of each invoice under schedules, by number and by Xero's id, whether one of them runs (S10)."""
    under: dict[str, bool] = {}
    for schedule in schedules:
        for invoice in schedule.invoices:
            for name in (invoice.number, invoice.invoice_id or invoice.number):
                under[name] = under.get(name, False) or schedule.is_running
    return under


@dataclass(frozen=True, slots=True)
class OtherwiseUnder:
    """The invoices that are not under the schedules that they were under before: by number, and by Xero's id."""

    numbers: frozenset[str]
    invoice_ids: frozenset[XeroInvoiceId]


def otherwise_under(before: Sequence[SorSchedule], after: Sequence[SorSchedule]) -> OtherwiseUnder:
    """Compare what invoices are under, or whether that runs (S10)."""
    then, now = under_schedules(before), under_schedules(after)
    invoices = [invoice for schedule in (*before, *after) for invoice in schedule.invoices]
    return OtherwiseUnder(
        numbers=frozenset(i.number for i in invoices if then.get(i.number) != now.get(i.number)),
        invoice_ids=frozenset(
            i.invoice_id for i in invoices if i.invoice_id and then.get(i.invoice_id) != now.get(i.invoice_id)
        ),
    )


@dataclass(frozen=True, slots=True)
class WatchedInvoices:
    """Watched invoices by Xero's id and by number, for as many schedules as there are."""

    by_id: Mapping[XeroInvoiceId, WatchedInvoice]
    by_number: Mapping[str, WatchedInvoice]
    homes: Mapping[XeroPaymentId, str]

    @classmethod
    def of(cls, invoices: Iterable[WatchedInvoice], schedules: Iterable[SorSchedule] = ()) -> "WatchedInvoices":
        """Put them in order once, with the schedule of which each instalment is: the first that it was seen under.

        What was seen under one that a person closed may be another's: to close is also to say that there was none.
        """
        by_id = {w.snapshot.xero_invoice_id: w for w in invoices}
        homes: dict[XeroPaymentId, str] = {}
        for schedule in sorted(schedules, key=lambda s: s.known_at):
            if schedule.state is not ScheduleState.CLOSED:
                for payment_id in (i for invoice in schedule.invoices for i in invoice.instalments):
                    homes.setdefault(payment_id, schedule.schedule_id)
        return cls(by_id, {w.snapshot.number: w for w in by_id.values()}, homes)

    def seen_for(self, schedule: SorSchedule, watched: WatchedInvoice) -> WatchedInvoice:
        """Return an invoice as it is to be watched for a schedule: the instalments of others are told apart."""
        ids = (folded(p.payment_id) for p in watched.snapshot.xero_payments)
        name = schedule.schedule_id
        others = frozenset(i for i in ids if self.homes.get(i, name) != name)
        return replace(watched, others=others) if others else watched


def watched_by(schedule: SorSchedule, invoices: WatchedInvoices) -> Watched:
    """Find the invoices of a schedule: by Xero's id once that is known, else by number."""
    found = {}
    for invoice in schedule.invoices:
        by_number = invoices.by_number.get(invoice.number)
        watched = invoices.by_id.get(invoice.invoice_id) if invoice.invoice_id else by_number
        if watched is not None:
            found[invoice.number] = invoices.seen_for(schedule, watched)
    return found


def derived(
    schedules: Sequence[SorSchedule], invoices: Iterable[WatchedInvoice], policy: Policy, now: Now
) -> Iterator[SorSchedule]:
    """Find the schedules that only payments to the clearing account tell of, deleted ones included (S1).

    Where a schedule of the invoice ended and an instalment comes that it did not know, that is a new one.
    """
    homes: dict[str, list[SorSchedule]] = {}
    for schedule in schedules:
        for each in schedule.invoices:
            for name in {each.number, each.invoice_id or each.number}:
                homes.setdefault(name, []).append(schedule)
    for watched in invoices:
        snapshot = watched.snapshot
        own = [p for p in snapshot.xero_payments if is_customer_payment(p) and is_instalment(p, policy)]
        known = homes.get(snapshot.xero_invoice_id, homes.get(snapshot.number, []))
        new = _new_instalments(own, known, now)
        if new:
            name = snapshot.number if not known else f"{snapshot.number}/{len(known) + 1}"
            yield SorSchedule(
                schedule_id=name,
                source=ScheduleSource.CLEARING_ACCOUNT,
                known_at=now.at,
                invoices=(ScheduledInvoice(number=snapshot.number, invoice_id=snapshot.xero_invoice_id),),
                started_on=min(p.paid_on for p in new),
            )


def _new_instalments(own: Sequence[XeroPayment], known: Sequence[SorSchedule], now: Now) -> Sequence[XeroPayment]:
    """Return the instalments of a schedule that nobody knows of yet."""
    if not known:
        return own
    if any(schedule.is_running or schedule.ended_by == PROGRAM for schedule in known):
        return ()
    seen = {i for schedule in known for invoice in schedule.invoices for i in invoice.instalments}
    ended_on = max(now.day_of(schedule.ended_at or schedule.known_at) for schedule in known)
    return [p for p in own if p.is_live and folded(p.payment_id) not in seen and p.paid_on > ended_on]


def brought_up(schedule: SorSchedule, watched: Watched, policy: Policy, now: Now) -> SorSchedule:
    """Return a schedule with what is known of its invoices by now: their ids, instalments, and how they stood first."""
    if not schedule.is_running and schedule.ended_by != PROGRAM:
        return schedule
    for invoice in schedule.invoices:
        if invoice.number in watched:
            seen = _seen(schedule, invoice, watched, policy, now)
            is_tried_again = invoice.first_sight is not None and len(seen.instalments) > len(invoice.instalments)
            schedule = schedule.with_invoice(seen)
            if schedule.state is ScheduleState.FAILED and is_tried_again:
                schedule = replace(schedule, state=ScheduleState.ACTIVE, retry_on=None)
    return schedule


def _seen(
    schedule: SorSchedule, invoice: ScheduledInvoice, watched: Watched, policy: Policy, now: Now
) -> ScheduledInvoice:
    snapshot = watched[invoice.number].snapshot
    own = {folded(p.payment_id) for p in instalments_of(invoice, watched[invoice.number], policy)}
    ids = (invoice.instalments - watched[invoice.number].others) | own
    invoice_id = snapshot.xero_invoice_id or invoice.invoice_id
    invoice = replace(invoice, invoice_id=invoice_id, goes_by=snapshot.number, instalments=ids)
    if invoice.first_sight is not None:
        return _with_adjustments(invoice, snapshot)
    if snapshot.xero_invoice is None:
        return invoice
    fact = snapshot.xero_invoice
    before = (
        s.key
        for s in sightings_of(schedule, invoice, watched, policy)
        if is_before(s, schedule.started_on) or _is_history(s, now)
    )
    sight = FirstSight(seen_at=now.at, number=fact.number, reference=fact.reference, before=frozenset(before))
    return _with_adjustments(replace(invoice, first_sight=sight), snapshot)


def _with_adjustments(invoice: ScheduledInvoice, snapshot: InvoiceSnapshot) -> ScheduledInvoice:
    """Take in Case Manager's adjustments as soon as they are known."""
    case, sight = snapshot.case_invoice, invoice.first_sight
    if sight is None or sight.adjustments is not None or case is None or not case.are_adjustments_known:
        return invoice
    return replace(invoice, first_sight=replace(sight, adjustments=case.adjustments))


def _is_history(sighting: Sighting, now: Now) -> bool:
    """Say whether it had happened long before the watch first saw the invoice."""
    changed_at = sighting.evidence.changed_at
    return sighting.kind in _ENDINGS and changed_at is not None and changed_at < now.at - _HISTORY


def completed(schedule: SorSchedule, watched: Watched, policy: Policy, now: Now, *, has_standing: bool) -> SorSchedule:
    """Complete a schedule whose instalments were all written, once nothing outside it stands (S1)."""
    if not schedule.is_running or has_standing or not _is_paid(schedule, watched, policy):
        return schedule
    return replace(schedule, state=ScheduleState.COMPLETED, ended_at=now.at, ended_by=PROGRAM, retry_on=None)


def reopened(schedule: SorSchedule, watched: Watched, policy: Policy) -> SorSchedule:
    """Take back that the program completed a schedule, where it is known not to be so any more (S8)."""
    if schedule.is_running or schedule.ended_by != PROGRAM or _is_paid(schedule, watched, policy):
        return schedule
    if len(watched) < len(schedule.invoices) or not all(w.is_whole(policy.currency) for w in watched.values()):
        return schedule
    return replace(schedule, state=ScheduleState.ACTIVE, ended_at=None, ended_by="")


def _is_paid(schedule: SorSchedule, watched: Watched, policy: Policy) -> bool:
    written: list[Money] = []
    for invoice in schedule.invoices:
        each = watched.get(invoice.number)
        fact = each.snapshot.xero_invoice if each is not None else None
        if each is None or fact is None or not each.is_whole(policy.currency) or fact.due.minor > 0:
            return False
        written += (p.amount for p in written_of(invoice, each, policy))
    if not written or len({m.currency for m in written}) > 1:
        return False
    return schedule.total is None or total(written, written[0].currency).minor >= schedule.total.minor
