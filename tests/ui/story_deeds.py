"""What the persons of the story did, and what the desk did for them: decisions, writes, checks, and all of History."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.domain.proposals import Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.transition import Deeds
from cmxero_desktop.services.checking.spending import IDLE_COST
from cmxero_desktop.services.checking.transition_report import deeds_of
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal
from cmxero_desktop.services.records.runs import Counts, PollRun, Trigger
from cmxero_desktop.services.records.settings import Mode
from tests.ui.story_notes import note_events
from tests.ui.story_replay import check_at, check_before, first_seen, story_facts, story_results
from tests.ui.story_sor import sor_story
from tests.ui.story_times import (
    ADDED,
    BEGUN,
    LAST_WHOLE,
    LINKED_AT,
    WRITTEN_AT,
    checks_of_today,
    instants_of,
    seen_by,
)
from tests.ui.views import HELD_BECAUSE, NOW, run

_APPROVER, _HEAD = "J. Wu", "R. Patel"
_APPROVING_SINCE = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
_WHY_APPROVE = "A week of looking: what it proposes is right."
_LINKS_APPROVED_AT = datetime(2026, 11, 23, 9, 34, tzinfo=UTC)
_ADD_APPROVED_AT = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
_ADDED_TO = "CM-10050"
_NEWS_COST, _WHOLE_COST = 4, 9
_DONE = {
    AuditWhat.APPROVED: ProposalState.APPROVED,
    AuditWhat.HELD: ProposalState.HELD,
}


@dataclass(frozen=True, slots=True)
class _Decided:
    what: AuditWhat
    decision: Decision


_DECIDED = {
    "CM-10236": _Decided(AuditWhat.APPROVED, Decision(by=_APPROVER, at=datetime(2026, 11, 25, 8, 45, tzinfo=UTC))),
    "CM-10238": _Decided(
        AuditWhat.HELD,
        Decision(by=_HEAD, at=datetime(2026, 11, 25, 9, 45, tzinfo=UTC), reason=HELD_BECAUSE, until=date(2026, 12, 2)),
    ),
    "CM-10190": _Decided(AuditWhat.APPROVED, Decision(by=_APPROVER, at=datetime(2026, 11, 25, 10, 38, tzinfo=UTC))),
}
"""What was decided this morning, by invoice, and waits to be written or to come back."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What was approved together and written together."""

    approved_at: datetime
    at: datetime
    batch_id: str
    rows: tuple[StoredProposal, ...]


@cache
def _written() -> tuple[_Written, ...]:
    links = [each for each in check_before(LINKED_AT).proposals if each.kind is ProposalKind.LINK]
    added = [each for each in check_before(WRITTEN_AT).proposals if each.invoice_number == _ADDED_TO]
    batches = ((_LINKS_APPROVED_AT, LINKED_AT, "b-0", links), (_ADD_APPROVED_AT, WRITTEN_AT, "b-1", added))
    return tuple(
        _Written(approved_at, at, batch_id, tuple(_applied(each, approved_at, at, batch_id) for each in proposals))
        for approved_at, at, batch_id, proposals in batches
    )


def _applied(proposal: Proposal, approved_at: datetime, at: datetime, batch_id: str) -> StoredProposal:
    return StoredProposal(
        proposal=proposal,
        state=ProposalState.APPLIED,
        first_seen_at=first_seen()[proposal.fingerprint],
        changed_at=at,
        decision=Decision(by=_APPROVER, at=approved_at),
        batch_id=batch_id,
        result_id=proposal.case.payment_id if proposal.case is not None else CasePaymentId(ADDED),
    )


def stored_at(at: datetime) -> tuple[StoredProposal, ...]:
    """Return the proposals as they are kept at an instant: those that wait, and those that were written."""
    waiting = (_waiting(each, at) for each in check_at(at).proposals)
    return (*waiting, *(row for batch in _written() if batch.at <= at for row in batch.rows))


def _waiting(proposal: Proposal, at: datetime) -> StoredProposal:
    seen_at, said = first_seen()[proposal.fingerprint], _DECIDED.get(proposal.invoice_number)
    made = StoredProposal(proposal=proposal, state=ProposalState.PROPOSED, first_seen_at=seen_at, changed_at=seen_at)
    if said is None or said.decision.at > at:
        return made
    return replace(made, state=_DONE[said.what], changed_at=said.decision.at, decision=said.decision)


def history_told(organisation: str, alerts: Iterable[Alert]) -> tuple[AuditEntry, ...]:
    """Return History as the services write it, in order; a check is no act, and stands in Health."""
    events = (
        AuditEvent(at=BEGUN, by=_HEAD, what=AuditWhat.CONNECTED, reason=organisation),
        *(alert_event(each, each.raised_at) for each in alerts),
        *sor_story().events,
        mode_event(Mode.APPROVE, _APPROVING_SINCE, _WHY_APPROVE),
        *note_events(),
        *(event for batch in _written() for event in _events_of(batch)),
        *(
            event_of(stored, said.what, at=said.decision.at, by=said.decision.by, reason=said.decision.reason)
            for stored in stored_at(NOW)
            if (said := _DECIDED.get(stored.proposal.invoice_number)) and stored.decision == said.decision
        ),
    )
    return tuple(
        AuditEntry(sequence=number, event=event, previous_hash="0" * 64, entry_hash="1" * 64)
        for number, event in enumerate(sorted(events, key=lambda event: event.at), 1)
    )


def mode_event(mode: Mode, at: datetime, why: str) -> AuditEvent:
    """Return what History says when the head of the office changes the mode."""
    return AuditEvent(at=at, by=_HEAD, what=AuditWhat.MODE_CHANGED, reason=why, evidence={"mode": mode.value})


def _events_of(batch: _Written) -> Iterator[AuditEvent]:
    for stored in batch.rows:
        approved = replace(stored, state=ProposalState.APPROVED, batch_id="", result_id=None)
        yield event_of(approved, AuditWhat.APPROVED, at=batch.approved_at, by=_APPROVER)
    for stored in batch.rows:
        event = event_of(stored, AuditWhat.APPLIED, at=batch.at, by=_APPROVER)
        yield replace(event, evidence={**event.evidence, "written": "yes"})


def deeds_done(history: Iterable[AuditEntry]) -> Deeds:
    """Return what History tells of payments, as the desk reads it."""
    entered = {folded(p.payment_id): p.entered_at for each in story_results() for p in each.snapshot.xero_payments}
    return deeds_of(tuple(history), entered, lambda at: at.date())


@cache
def runs_of_today() -> tuple[PollRun, ...]:
    """Return every check since midnight, the newest first: what it read, and how many rows stood where after it."""
    news = [seen_by(at) for each in story_facts() for at in instants_of(each)]
    return tuple(_run(at, news.count(at)) for at in reversed(checks_of_today()))


def _run(at: datetime, news: int) -> PollRun:
    is_full = at == LAST_WHOLE
    results = check_at(at).results
    payments = sum(len(each.snapshot.xero_payments) for each in results)
    rows = [row.bucket for each in results for row in each.correlation.placements]
    counts = Counts(
        matched=rows.count(Bucket.MATCHED),
        unmatched=rows.count(Bucket.UNMATCHED),
        skipped=rows.count(Bucket.SKIPPED),
        proposed=sum(each.state is ProposalState.PROPOSED for each in stored_at(at)),
    )
    return replace(
        run(at),
        is_full=is_full,
        fetched=payments if is_full else news,
        requests=_WHOLE_COST if is_full else _NEWS_COST if news else IDLE_COST,
        counts=counts,
        trigger=Trigger.SCHEDULE,
    )
