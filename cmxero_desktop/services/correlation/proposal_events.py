"""Word what happened to a proposal as an event of the audit trail."""

from dataclasses import replace
from datetime import datetime

from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat, figure_of
from cmxero_desktop.services.records.decisions import StoredProposal


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
            "figures": ", ".join(figure_of(remark) for remark in proposal.remarks),
            "move": proposal.move_id,
        }
        | ({"first_by": stored.first.by} if what is AuditWhat.APPROVED and stored.first is not None else {})
        | ({"until": stored.held_until.isoformat()} if stored.held_until is not None else {})
        | {item.name: "yes" if item.holds else "no" for item in proposal.evidence},
        batch_id=stored.batch_id,
    )


def wish_event_of(stored: StoredProposal, what: AuditWhat, *, at: datetime, by: str, reason: str) -> AuditEvent:
    """Describe a wish to undo what was applied as an undo is told: from what was written to what would stand then."""
    event, proposal = event_of(stored, what, at=at, by=by, reason=reason), stored.proposal
    return replace(event, before=proposal.after, after=proposal.before)
