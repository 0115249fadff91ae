"""Put together how far a firm is from typing no payment twice: the weeks, who types, and what is in the way."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from cmxero_desktop.domain.identifiers import CasePaymentId, ProposalId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag, ProposalKind, ProposalState
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.transition import (
    LATELY_WEEKS,
    Addition,
    Deeds,
    Sightings,
    Transition,
    TypedPayment,
    monday_of,
    typed_payments,
    weeks_until,
)
from cmxero_desktop.domain.transition_steps import WAITS_TOO_LONG_DAYS, Hurdle, Step
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.situations import may_write
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import CaseSightings
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow
from cmxero_desktop.services.viewing.kept_view import read_view

DayOf = Callable[[datetime], date]

_WRITES = frozenset({AuditWhat.APPLIED, AuditWhat.RECOVERED})
_DECIDED = frozenset({AuditWhat.APPROVED, AuditWhat.REJECTED, AuditWhat.REOPENED})
# With one of these an addition that a person rejected would have counted money twice.
_DOUBLE_FLAGS = frozenset(
    flag.value
    for flag in (
        Flag.NEAR_DOUBLE,
        Flag.TWIN,
        Flag.BESIDE_UNMATCHED,
        Flag.LEFTOVER_ELSEWHERE,
        Flag.SAME_REMITTANCE,
        Flag.WOULD_OVERPAY,
        Flag.JOURNALLED_COUNTERPART,
        Flag.NAMED_ELSEWHERE,
    )
)
_TO_MEND = frozenset(
    {
        Reason.NO_INVOICE,
        Reason.JOURNALLED,
        Reason.MULTI_INVOICE,
        Reason.CONTROL_TOTAL,
        Reason.NOTES_FULL,
        Reason.UNREADABLE,
    }
)
_UNSETTLED = frozenset({None, Explained.TO_CORRECT})
_DAY = timedelta(days=1)


def read_transition(outside: Outside) -> Transition:
    """Return the transition as the last check left it; nothing is known before the first one."""
    settings, now = outside.settings_file.load(), outside.clock()
    with outside.store.read() as unit:
        view = read_view(unit)
        policy, today = view.state.comparison.policy, view.state.comparison.today
        if policy is None or today is None:
            return Transition()
        day_of = partial(local_date, time_zone=view.state.organisation.time_zone)
        sightings = _sightings(unit.past.case_sightings(), day_of)
        judged = [(result.snapshot, result.correlation) for result in unit.results.shown()]
        deeds = deeds_of(view.history, _entered(unit), day_of)
    typed = tuple(typed_payments(judged, sightings, deeds, policy.imported_text, today))
    weeks = weeks_until(today, typed, sightings, deeds)
    shown = {week.begins_on for week in weeks}
    return Transition(
        weeks=weeks,
        typed=tuple(one for one in typed if one.week in shown),
        steps=tuple(_steps(view, typed, today, may=may_write(settings, view.alerts), now=now, deeds=deeds)),
    )


def _sightings(found: CaseSightings, day_of: DayOf) -> Sightings:
    """Leave out what the first comparison of all found: that stood there before anybody looked."""
    first = min(found.invoices.values(), default=None)
    return Sightings(
        met={key: day_of(at) for key, at in found.payments.items()},
        met_with={number: day_of(at) for number, at in found.invoices.items() if at != first},
        locked={key: day_of(at) for key, at in found.locked.items()},
    )


def _entered(unit: UnitOfWork) -> Mapping[XeroPaymentId, datetime]:
    payments = (p for some in unit.facts.payments_of_tracked().values() for p in some)
    return {folded(payment.payment_id): payment.entered_at for payment in payments}


def deeds_of(history: Collection[AuditEntry], entered: Mapping[XeroPaymentId, datetime], day_of: DayOf) -> Deeds:
    """Return what the audit trail tells of payments and still stands; `entered` is by folded id."""
    events = [entry.event for entry in sorted(history, key=lambda entry: entry.sequence)]
    standing = [event for event in _last_writes(events).values() if event.what in _WRITES]
    by_kind = {kind: [e for e in standing if e.evidence.get("kind") == kind.value] for kind in ProposalKind}
    noted = (*by_kind[ProposalKind.LINK], *by_kind[ProposalKind.CHANGE])
    said = [event for event in events if _is_same_money(event)]
    mended = (*(e.case_payment_id for e in by_kind[ProposalKind.CHANGE]), *(e.case_payment_id for e in said))
    return Deeds(
        added=tuple(_addition(event, entered, day_of) for event in by_kind[ProposalKind.ADD]),
        doubles=tuple(day_of(event.at) for event in _doubles(events, by_kind, said)),
        noted=_ids(event.case_payment_id for event in noted),
        mended=_ids(mended),
    )


def _addition(event: AuditEvent, entered: Mapping[XeroPaymentId, datetime], day_of: DayOf) -> Addition:
    known = entered.get(folded(event.xero_payment_id)) if event.xero_payment_id else None
    waited = event.at - known if known is not None else timedelta()
    return Addition(case_id=event.case_payment_id, on=day_of(event.at), waited=waited)


def _ids(found: Iterable[CasePaymentId | None]) -> frozenset[CasePaymentId]:
    return frozenset(key for key in found if key is not None)


def _last_writes(events: Iterable[AuditEvent]) -> Mapping[ProposalId, AuditEvent]:
    """Return of each proposal what was written last: a write that was undone does not stand."""
    return {
        event.proposal_id: event
        for event in events
        if event.proposal_id is not None
        and event.what in _WRITES | {AuditWhat.UNDONE}
        and event.evidence.get("written") != "no"
    }


def _is_same_money(event: AuditEvent) -> bool:
    """Say whether somebody said that a payment of each side is one: only of that both are named."""
    are_named = event.xero_payment_id is not None and event.case_payment_id is not None
    return event.what is AuditWhat.EXPLAINED and are_named


def _doubles(
    events: Collection[AuditEvent], by_kind: Mapping[ProposalKind, Iterable[AuditEvent]], said: Iterable[AuditEvent]
) -> Iterator[AuditEvent]:
    """Yield one event for each payment that stands in Case Manager already, or stood there twice.

    What the first day's clean-up accepted is from before, and does not count.
    """
    cleaned = {event.batch_id for event in events if event.what is AuditWhat.CLEANED_UP}
    chosen = {e.xero_payment_id: e for e in (*said, *(e for e in events if e.what is AuditWhat.LINK_CHOSEN))}
    yield from chosen.values()
    yield from (event for event in by_kind[ProposalKind.ACCEPT] if event.batch_id not in cleaned)
    yield from (event for event in by_kind[ProposalKind.REMOVE] if event.rule == Rule.R20A)
    decided = {e.proposal_id: e for e in events if e.what in _DECIDED}
    yield from (e for e in decided.values() if _is_rejected_double(e) and e.xero_payment_id not in chosen)


def _is_rejected_double(event: AuditEvent) -> bool:
    is_addition = event.evidence.get("kind") == ProposalKind.ADD.value
    return event.what is AuditWhat.REJECTED and is_addition and not _DOUBLE_FLAGS.isdisjoint(_flags(event))


def _flags(event: AuditEvent) -> frozenset[str]:
    return frozenset(event.evidence.get("flags", "").split(", "))


def _steps(
    view: DeskView, typed: Collection[TypedPayment], today: date, *, may: bool, now: datetime, deeds: Deeds
) -> Iterator[Step]:
    """Look at everything that has to hold."""
    kinds = {alert.kind for alert in view.alerts}
    asked = tuple(alert.key for alert in view.alerts if alert.account is not None)
    checked_at = max((r.finished_at for r in view.runs if r.outcome is PollOutcome.DONE), default=None)
    is_whole = view.tie_out is not None and view.tie_out.is_explained and view.completeness.is_whole
    yield Step(hurdle=Hurdle.MODE, is_clear=may)
    yield Step(hurdle=Hurdle.CHECKS, is_clear=checked_at is not None and now - checked_at <= _DAY)
    yield Step(hurdle=Hurdle.OTHER_WRITER, is_clear=kinds.isdisjoint({AlertKind.OTHER_WRITER, AlertKind.QUICK_COPIES}))
    yield Step(hurdle=Hurdle.TOTALS, is_clear=AlertKind.TOTALS not in kinds)
    yield _without_rows(Hurdle.ACCOUNTS, asked)
    yield Step(hurdle=Hurdle.WHOLE, is_clear=is_whole)
    yield _without_rows(Hurdle.SKIPPED, (row.row_id for row in view.skipped if row.placement.reason in _TO_MEND))
    recent = monday_of(today) - timedelta(weeks=LATELY_WEEKS - 1)
    new = {one.row_id for one in typed if one.week >= recent}
    left = [row.row_id for row in view.unmatched_on(Side.CASE_MANAGER) if _is_left(row)]
    yield _without_rows(Hurdle.OLD_LEFTOVERS, (name for name in left if name not in new))
    yield _without_rows(Hurdle.NEW_LEFTOVERS, (name for name in left if name in new))
    too_old = now - timedelta(days=WAITS_TOO_LONG_DAYS)
    waiting = (row for row in view.review if _waits(row.stored) and row.stored.first_seen_at < too_old)
    yield _without_rows(Hurdle.WAITING, (row.row_id for row in waiting))
    yield Step(hurdle=Hurdle.ADDED, is_clear=bool(deeds.added))


def _waits(stored: StoredProposal) -> bool:
    """Say whether money waits for a person; a link moves none, and what somebody put on hold was looked at."""
    return stored.state is not ProposalState.HELD and stored.proposal.kind is not ProposalKind.LINK


def _is_left(row: PaymentRow) -> bool:
    """Say whether nobody said what it is, and no proposal that waits speaks of it."""
    return row.proposal is None and row.explained_as in _UNSETTLED


def _without_rows(hurdle: Hurdle, rows: Iterable[str]) -> Step:
    found = tuple(rows)
    return Step(hurdle=hurdle, is_clear=not found, rows=found)
