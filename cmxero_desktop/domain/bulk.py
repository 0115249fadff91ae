"""What may be approved together with others, without a look at each (R26)."""

from decimal import Decimal

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.rules import Rule

# What changes before what is added: an addition beside a change that waits cannot be judged yet (R23a).
BULK_ORDER = (ProposalKind.LINK, ProposalKind.ACCEPT, ProposalKind.CHANGE, ProposalKind.ADD)
_TENTH = 10


def may_be_in_bulk(proposal: Proposal, policy: Policy) -> bool:
    """Say whether "approve all" may include it."""
    return not why_not_in_bulk(proposal, policy)


def why_not_in_bulk(proposal: Proposal, policy: Policy) -> str:
    """Say why a person must look at it alone, or nothing."""
    is_entry = proposal.kind in {ProposalKind.ADD, ProposalKind.CHANGE}
    reasons = {
        "A removal is approved alone.": proposal.kind is ProposalKind.REMOVE,
        "A move is approved alone, both halves together.": bool(proposal.move_id),
        "It is flagged: look at it first.": bool(proposal.flags),
        # A choice is kept by keys, and Case Manager uses keys again: by now it may be another payment.
        "Somebody linked the two: look at both first.": proposal.rule is Rule.R23,
        f"It is more than {policy.bulk_amount_limit:,.2f}, the firm's limit for bulk (Settings, Limits).": is_entry
        and _largest(proposal) > policy.bulk_amount_limit,
        "It lowers the amount by more than a tenth.": lowers_much(proposal),
    }
    return " ".join(why for why, holds in reasons.items() if holds)


def lowers_much(proposal: Proposal) -> bool:
    """Say whether a change lowers the amount by more than a tenth (R26, R27)."""
    before = proposal.before
    is_change = proposal.kind is ProposalKind.CHANGE
    return is_change and before is not None and -proposal.effect.minor * _TENTH > before.amount.minor


def _largest(proposal: Proposal) -> Decimal:
    """Return the largest figure: before, after or effect."""
    values = [v.amount.amount for v in (proposal.before, proposal.after) if v is not None]
    return max(abs(value) for value in (*values, proposal.effect.amount))
