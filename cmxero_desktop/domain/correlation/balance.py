"""Keep Case Manager's invoices from being overpaid by what is proposed (R24)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, CasePayment

_ORDER = {ProposalKind.LINK: 0, ProposalKind.REMOVE: 1, ProposalKind.CHANGE: 2, ProposalKind.ADD: 3}


def balance_of(invoice: CaseInvoice, payments: Iterable[CasePayment]) -> Money:
    """Return what is still owed: total + adjustments + refunds - payments."""
    paid = total((payment.amount for payment in payments), invoice.total.currency)
    return invoice.total + invoice.adjustments + invoice.refunds - paid


def would_overpay(balance: Money, effect: Money) -> bool:
    """Say whether a change that Case Manager counts as `effect` more paid pushes the balance below zero (R24)."""
    return effect.minor > 0 and (balance - effect).minor < 0


def with_balances(
    proposals: Iterable[Proposal], balance: Money, declined: frozenset[Fingerprint]
) -> tuple[Proposal, ...]:
    """Give each proposal the balance before and after it, and flag those that would overpay the invoice.

    Removals come first, then changes (those that lower a payment before those that raise one), then additions by
    date and id. What cannot be approved, or was declined by a person, uses up no balance.
    """
    running = balance
    judged = []
    for proposal in sorted(proposals, key=proposal_order):
        effect = proposal.effect
        after = running - effect
        is_over = would_overpay(running, effect)
        flags = proposal.flags | {Flag.WOULD_OVERPAY} if is_over else proposal.flags
        judged.append(replace(proposal, flags=flags, balance_before=running, balance_after=after))
        if not is_over and proposal.fingerprint not in declined:
            running = after
    return tuple(judged)


def proposal_order(proposal: Proposal) -> tuple[int, int, date, str]:
    """Order the proposals of one invoice as R24 lets them use its balance."""
    raises = proposal.effect.minor if proposal.kind is ProposalKind.CHANGE else 0
    key = proposal.xero_payment_id or str(proposal.case.payment_id if proposal.case else "")
    return (_ORDER[proposal.kind], raises, proposal.paid_on, key)
