"""Which unmatched payments of its own invoice a row's money may be, and which of them can still be changed (R23)."""

from cmxero_desktop.domain.correlation.matching import is_locked
from cmxero_desktop.domain.correlation.near_doubles import is_near_double
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.rules import Rule


def linkable(proposal: Proposal, policy: Policy | None) -> tuple[CasePayment, ...]:
    """Return the unmatched payments of the row's invoice that may take Xero's values, the closest first (R23)."""
    return tuple(p for p in choices(proposal, policy) if not is_fixed(p, policy))


def acceptable(proposal: Proposal, policy: Policy | None) -> tuple[CasePayment, ...]:
    """Return those that may only be called the same: they cannot be changed, and have the amount already (R23)."""
    amount = proposal.xero.amount if proposal.xero is not None else None
    return tuple(p for p in choices(proposal, policy) if p.amount == amount and is_fixed(p, policy))


def is_fixed(payment: CasePayment, policy: Policy | None) -> bool:
    """Say whether a payment cannot be changed in Case Manager."""
    return payment.is_multi_invoice or (policy is not None and is_locked(payment, policy))


def choices(proposal: Proposal, policy: Policy | None) -> tuple[CasePayment, ...]:
    """Return the invoice's own unmatched payments, the closest first; a free copy of a payment has its own proposal.

    Of an accept they are what it would take as the same money. An edit in Xero may have been typed by hand too.
    """
    if proposal.kind is ProposalKind.ACCEPT:
        return proposal.accepted_as
    xero = proposal.xero
    if xero is None or not (proposal.kind is ProposalKind.ADD or proposal.rule is Rule.R16):
        return ()
    imported_text = policy.imported_text if policy is not None else ""
    open_ones = [
        p for p in proposal.near_here if is_fixed(p, policy) or not read_mark(p.notes, imported_text).is_imported
    ]

    def distance(payment: CasePayment) -> tuple[bool, int, int, tuple[int, int, str]]:
        is_far = policy is not None and not is_near_double(xero, payment, policy)
        days = abs((payment.paid_on - xero.paid_on).days)
        return is_far, abs(payment.amount.minor - xero.amount.minor), days, payment.payment_id.order

    return tuple(sorted(open_ones, key=distance))
