"""Keep the stored proposals in step with the facts: new, unchanged, back again, or superseded (R31)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint
from cmxero_desktop.domain.proposals import (
    DECLINED_STATES,
    NO_DECISION,
    OPEN_STATES,
    Proposal,
    ProposalKind,
    ProposalState,
    moved,
)
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import IntentState

_COMES_BACK = frozenset({ProposalState.APPLIED, ProposalState.SUPERSEDED, ProposalState.STALE})
# A person had already decided something about these, so their end belongs in the audit trail.
_NOTEWORTHY = frozenset({ProposalState.APPROVED, ProposalState.HELD})


@dataclass(frozen=True, slots=True)
class Merged:
    """What storing the proposals changed; `decided` are the invoices on which what persons said of them is another."""

    new: tuple[StoredProposal, ...]
    superseded: tuple[StoredProposal, ...]
    decided: frozenset[str] = frozenset()


def store_proposals(
    unit: UnitOfWork, proposals: Sequence[Proposal], numbers: Collection[str] | None, *, moment: Moment
) -> Merged:
    """Store what correlation proposes for the invoices `numbers` (None: for all) and supersede the rest of theirs."""
    today, now = moment.today, moment.now
    stored = unit.proposals.by_fingerprint([p.fingerprint for p in proposals])
    unseen = [p for p in proposals if p.fingerprint not in stored]
    put_back = _put_back(unit, unseen)
    new = [_new(p, now, put_back.get(p.case.payment_id) if p.case else None) for p in unseen]
    said = _said_no(unit, new, today)
    new = [_declined_again(made, said[made.fingerprint], now) if made.fingerprint in said else made for made in new]
    unit.proposals.add(new)
    unit.audit.append(_declined_events((s for s in new if s.state is ProposalState.REJECTED), now))
    # A write that is not settled yet decides over its proposal, an undo as well; one that is planned may be held yet.
    busy = {i.fingerprint for i in unit.intents.still_open() if i.state is IntentState.OPEN}
    kept = [(stored[p.fingerprint], p) for p in proposals if p.fingerprint in stored and p.fingerprint not in busy]
    updates = [(updated, old.state) for old, p in kept if (updated := _updated(old, p, moment)) != old]
    superseded = _superseded(unit, {p.fingerprint for p in proposals}, numbers, now)
    unit.proposals.update([*updates, *superseded])
    unit.audit.append(_events((stored for stored, was in superseded if was in _NOTEWORTHY), now))
    unit.audit.append(_ended_holds((stored for stored, was in updates if was is not stored.state), now))
    moves = [*updates, *superseded, *((made, ProposalState.PROPOSED) for made in new)]
    return Merged(
        new=tuple(s for s in new if s.state is ProposalState.PROPOSED),
        superseded=tuple(stored for stored, _ in superseded),
        decided=frozenset(s.proposal.invoice_number for s, was in moves if s.state is not was),
    )


def _new(proposal: Proposal, now: datetime, undone: StoredProposal | None) -> StoredProposal:
    """Make a proposal that waits for review; one that an undo itself brings up is declined with it (R31)."""
    made = StoredProposal(proposal=proposal, state=ProposalState.PROPOSED, first_seen_at=now, changed_at=now)
    if undone is None or undone.decision is None or undone.proposal.before != proposal.before:
        return made
    decision = replace(undone.decision, at=now, reason=f"You undid this: {undone.decision.reason}")
    return replace(made, state=moved(made.state, ProposalState.REJECTED), decision=decision)


def _said_no(unit: UnitOfWork, new: Iterable[StoredProposal], today: date) -> Mapping[Fingerprint, StoredProposal]:
    """Return, by fingerprint, what persons said no to last: it stands although other evidence changed (R31).

    What was said of a removal passes on to the edit that takes its place, unless the edit was decided itself (R16).
    """
    waiting = {made.fingerprint: _decisions(made) for made in new if made.state is ProposalState.PROPOSED}
    asked = {decision for decisions in waiting.values() for decision in decisions}
    if not asked:
        return {}
    last: dict[Fingerprint, StoredProposal] = {}
    for stored in unit.proposals.of_decisions(asked, DECLINED_STATES | OPEN_STATES):
        decision = stored.proposal.decision
        if decision not in last or _order(stored) > _order(last[decision]):
            last[decision] = stored
    answers = {key: next((last[d] for d in decisions if d in last), None) for key, decisions in waiting.items()}
    return {
        key: answer
        for key, answer in answers.items()
        if answer is not None and answer.state in DECLINED_STATES and not answer.is_hold_due(today)
    }


def _decisions(made: StoredProposal) -> Sequence[Fingerprint]:
    """Return the hashes under which a no may be found, its own first."""
    proposal = made.proposal
    return [decision for decision in (proposal.decision, *proposal.passes_on) if decision != NO_DECISION]


def _declined_again(made: StoredProposal, said: StoredProposal, now: datetime) -> StoredProposal:
    """Hold or reject what a person held, rejected or undid already; only what it rests on beside that has changed."""
    is_hold = said.state is ProposalState.HELD
    state = moved(made.state, ProposalState.HELD if is_hold else ProposalState.REJECTED)
    return replace(made, state=state, changed_at=now, decision=said.decision)


def _put_back(unit: UnitOfWork, unseen: Iterable[Proposal]) -> Mapping[CasePaymentId, StoredProposal]:
    """Return the undone removals by the new key of the payment that was put back; a change may stand for one (R16)."""
    if not any(p.kind is ProposalKind.REMOVE or p.passes_on for p in unseen):
        return {}
    undone = unit.proposals.in_states({ProposalState.UNDONE})
    return {s.result_id: s for s in undone if s.proposal.kind is ProposalKind.REMOVE and s.result_id is not None}


def _declined_events(declined: Iterable[StoredProposal], now: datetime) -> Iterable[AuditEvent]:
    for stored in declined:
        by, reason = (stored.decision.by, stored.decision.reason) if stored.decision else ("", "")
        yield event_of(stored, AuditWhat.REJECTED, at=now, by=by, reason=reason)


def _ended_holds(back: Iterable[StoredProposal], now: datetime) -> Iterable[AuditEvent]:
    for stored in back:
        if (hold := stored.hold_ended) is not None and hold.until is not None:
            reason = f"On hold by {hold.by} until {day(hold.until)}{f': {hold.reason}' if hold.reason else '.'}"
            yield event_of(stored, AuditWhat.REOPENED, at=now, by="program", reason=reason)


def _order(stored: StoredProposal) -> tuple[int, datetime]:
    """Order deeds by the store's counter; what an older version kept has none, and only a clock to go by (R35)."""
    return stored.deed, stored.changed_at


def _updated(old: StoredProposal, proposal: Proposal, moment: Moment) -> StoredProposal:
    """Take over balances and circumstances; bring back what is due or was thought to be gone."""
    today, now = moment.today, moment.now
    fresh = replace(old, proposal=proposal, superseded_from=None)
    is_hold = ProposalState.HELD in {old.state, old.superseded_from}
    is_due = old.is_hold_due(today)
    if is_hold and not is_due:
        return (
            fresh if old.state is ProposalState.HELD else replace(fresh, state=_held_again(old.state), changed_at=now)
        )
    if old.state is ProposalState.APPLIED and old.deed > moment.deeds:
        # Applied after this correlation began, whose facts are older: the record stays what was written.
        return old
    if is_due or old.state in _COMES_BACK:
        state = moved(old.state, ProposalState.PROPOSED)
        # Of a hold that ended it stays known who wanted to look again, and why.
        said = old.decision if is_due else None
        return replace(fresh, state=state, changed_at=now, decision=said, release=None, result_id=None, batch_id="")
    return fresh


def _held_again(state: ProposalState) -> ProposalState:
    return moved(moved(state, ProposalState.PROPOSED), ProposalState.HELD)


def _superseded(
    unit: UnitOfWork, alive: Collection[Fingerprint], numbers: Collection[str] | None, now: datetime
) -> list[tuple[StoredProposal, ProposalState]]:
    """Return the open proposals that the facts no longer give; one that is being applied is left to its intent."""
    states, proposals = OPEN_STATES - {ProposalState.APPLYING}, unit.proposals
    stood = proposals.in_states(states) if numbers is None else proposals.of_invoices(numbers, states)
    gone = []
    for stored in stood:
        if stored.fingerprint not in alive:
            state = moved(stored.state, ProposalState.SUPERSEDED)
            gone.append((replace(stored, state=state, changed_at=now, superseded_from=stored.state), stored.state))
    return gone


def _events(superseded: Iterable[StoredProposal], now: datetime) -> Iterable[AuditEvent]:
    for stored in superseded:
        yield event_of(stored, AuditWhat.SUPERSEDED, at=now, by="program", reason="The facts changed.")
