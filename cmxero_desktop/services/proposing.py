"""Keep the stored proposals in step with the facts: new, unchanged, back again, or superseded (DESIGN, step 5)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import OPEN_STATES, Proposal, ProposalState, moved
from cmxero_desktop.services.ports import UnitOfWork
from cmxero_desktop.services.records import AuditEvent, AuditWhat, StoredProposal

_COMES_BACK = frozenset({ProposalState.APPLIED, ProposalState.SUPERSEDED, ProposalState.STALE})
# A person had already decided something about these, so their end belongs in the audit trail.
_NOTEWORTHY = frozenset({ProposalState.APPROVED, ProposalState.HELD})


@dataclass(frozen=True, slots=True)
class Merged:
    """What storing the proposals changed."""

    new: tuple[StoredProposal, ...]
    superseded: tuple[StoredProposal, ...]


def store_proposals(
    unit: UnitOfWork, proposals: Sequence[Proposal], numbers: Collection[str] | None, *, today: date, now: datetime
) -> Merged:
    """Store what correlation proposes for the invoices `numbers` (None: for all) and supersede the rest of theirs."""
    stored = unit.proposals_by_fingerprint([p.fingerprint for p in proposals])
    new = [_new(p, now) for p in proposals if p.fingerprint not in stored]
    unit.add_proposals(new)
    kept = [(stored[p.fingerprint], p) for p in proposals if p.fingerprint in stored]
    updates = [(updated, old.state) for old, p in kept if (updated := _updated(old, p, today, now)) != old]
    superseded = _superseded(unit, {p.fingerprint for p in proposals}, numbers, now)
    unit.update_proposals([*updates, *superseded])
    unit.append_audit(_events((stored for stored, was in superseded if was in _NOTEWORTHY), now))
    return Merged(tuple(new), tuple(stored for stored, _ in superseded))


def _new(proposal: Proposal, now: datetime) -> StoredProposal:
    return StoredProposal(proposal=proposal, state=ProposalState.PROPOSED, first_seen_at=now, changed_at=now)


def _updated(old: StoredProposal, proposal: Proposal, today: date, now: datetime) -> StoredProposal:
    """Take over balances and circumstances; bring back what is due or was thought to be gone."""
    fresh = replace(old, proposal=proposal)
    is_due = old.state is ProposalState.HELD and old.decision and old.decision.until and old.decision.until <= today
    if is_due or old.state in _COMES_BACK:
        state = moved(old.state, ProposalState.PROPOSED)
        return replace(fresh, state=state, changed_at=now, decision=None, result_id=None, batch_id="")
    return fresh


def _superseded(
    unit: UnitOfWork, alive: Collection[Fingerprint], numbers: Collection[str] | None, now: datetime
) -> list[tuple[StoredProposal, ProposalState]]:
    """Return the open proposals that the facts no longer give; one that is being applied is left to its intent."""
    gone = []
    for stored in unit.proposals(OPEN_STATES - {ProposalState.APPLYING}):
        is_ours = numbers is None or stored.proposal.invoice_number in numbers
        if is_ours and stored.fingerprint not in alive:
            state = moved(stored.state, ProposalState.SUPERSEDED)
            gone.append((replace(stored, state=state, changed_at=now), stored.state))
    return gone


def _events(superseded: Iterable[StoredProposal], now: datetime) -> Iterable[AuditEvent]:
    for stored in superseded:
        yield event_of(stored, AuditWhat.SUPERSEDED, at=now, by="program", reason="The facts changed.")


def event_of(stored: StoredProposal, what: AuditWhat, *, at: datetime, by: str, reason: str = "") -> AuditEvent:
    """Describe what happened to a proposal for the audit trail, with its evidence."""
    proposal = stored.proposal
    return AuditEvent(
        at=at,
        by=by,
        what=what,
        invoice_number=proposal.invoice_number,
        proposal_id=stored.proposal_id,
        xero_payment_id=proposal.xero_payment_id,
        case_payment_id=stored.result_id or (proposal.case.payment_id if proposal.case else None),
        before=proposal.before,
        after=proposal.after,
        reason=reason,
        rule=proposal.rule,
        evidence={
            "kind": proposal.kind.value,
            "fingerprint": proposal.fingerprint,
            "explanation": proposal.explanation,
            "flags": ", ".join(sorted(flag.value for flag in proposal.flags)),
        }
        | {item.name: "yes" if item.holds else "no" for item in proposal.evidence},
        batch_id=stored.batch_id,
    )
