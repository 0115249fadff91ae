"""Keep that a person accepted payments as the same money, or take it back; Case Manager stays as it is (R19b)."""

from dataclasses import replace
from datetime import datetime

from cmxero_desktop.domain.memory import AcceptedSet, Member
from cmxero_desktop.domain.proposals import Proposal, ProposalState, moved
from cmxero_desktop.services.correlation.memorising import forget_corrections
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import Decision, StoredProposal


def keep_accepted(
    unit: UnitOfWork, stored: StoredProposal, number: str, *, by: str, at: datetime, batch_id: str
) -> None:
    """Remember the set of an approved accept; `number` is Case Manager's own of the invoice.

    Raises NotAllowedError where somebody decided otherwise meanwhile.
    """
    reason = stored.decision.reason if stored.decision is not None else ""
    accepted = replace(accepted_set(stored.proposal, by), reason=reason)
    forget_corrections(unit, number, accepted)
    unit.memory.accept(number, accepted)
    applying = moved(stored.state, ProposalState.APPLYING)
    kept = replace(stored, state=moved(applying, ProposalState.APPLIED), changed_at=at, batch_id=batch_id, outcome="")
    unit.proposals.update([(kept, stored.state)])
    unit.audit.append([event_of(kept, AuditWhat.APPLIED, at=at, by=by, reason="Accepted as the same money.")])


def take_back_accepted(unit: UnitOfWork, stored: StoredProposal, *, by: str, at: datetime, reason: str) -> None:
    """End the set of an accept; the additions are proposed again, each to be looked at."""
    unit.memory.reopen(accepted_set(stored.proposal, by))
    decision = Decision(by=by, at=at, reason=reason)
    ended = replace(stored, state=moved(stored.state, ProposalState.UNDONE), changed_at=at, decision=decision)
    unit.proposals.update([(ended, stored.state)])
    unit.audit.append([event_of(ended, AuditWhat.UNDONE, at=at, by=by, reason=reason)])


def accepted_set(proposal: Proposal, by: str) -> AcceptedSet:
    """Return the payments of both sides as they were when they were accepted."""
    xero = (Member(amount=p.amount, paid_on=p.paid_on, xero_id=p.payment_id) for p in proposal.accepted)
    case = (Member(amount=p.amount, paid_on=p.paid_on, case_id=p.payment_id) for p in proposal.accepted_as)
    return AcceptedSet(members=(*xero, *case), by=by)
