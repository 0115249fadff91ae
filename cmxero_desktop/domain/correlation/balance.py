"""The sums of one invoice: its balance, what would overpay it, who uses it first (R24); `balancing` judges by them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import CaseInvoice, CasePayment

_ORDER = {
    ProposalKind.ACCEPT: 0,
    ProposalKind.LINK: 0,
    ProposalKind.REMOVE: 1,
    ProposalKind.CHANGE: 2,
    ProposalKind.ADD: 3,
}


def balance_of(invoice: CaseInvoice, payments: Iterable[CasePayment]) -> Money:
    """Return what is still owed: total + adjustments + refunds - payments."""
    paid = total((payment.amount for payment in payments), invoice.total.currency)
    return invoice.total + invoice.adjustments + invoice.refunds - paid


def would_overpay(balance: Money, effect: Money, tolerance: Decimal = Decimal(0)) -> bool:
    """Say whether a change that Case Manager counts as `effect` more paid pushes the balance below zero (R24).

    Only an increase can, and only by more than `tolerance`.
    """
    return effect.minor > 0 and (balance - effect).amount < -tolerance


def proposal_order(proposal: Proposal) -> tuple[int, int, date, str]:
    """Order the proposals of one invoice as R24 lets them use its balance."""
    raises = proposal.effect.minor if proposal.kind is ProposalKind.CHANGE else 0
    key = proposal.xero_payment_id or str(proposal.case.payment_id if proposal.case else "")
    return (_ORDER[proposal.kind], raises, proposal.paid_on, key)
