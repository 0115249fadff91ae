"""Tell refunds of both sides apart: what Xero gave back too needs another entry than what only Case Manager has (R2).

Xero pays a refund out of a credit note, an overpayment or a prepayment, and its invoice does not know of it. A credit
note that was paid out still lowers what was billed; what was overpaid never stood on the invoice.
"""

from collections.abc import Iterable

from cmxero_desktop.domain.correlation.balance import balance_of
from cmxero_desktop.domain.debtor_causes import Cause
from cmxero_desktop.domain.debtor_parts import DEAD, DifferenceParts, parts_of
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.placements import Correlation
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import InvoiceSnapshot, SettlementKind, XeroPayment
from cmxero_desktop.domain.refunds import REFUND_KINDS
from cmxero_desktop.domain.wording import paid

# What a refund that nobody knows of looks like: typed here, adjusted here, or accepted with another amount.
_SYMPTOMS = (Cause.REFUND, Cause.ADJUSTMENT, Cause.ACCEPTED)


def refund_may_be_behind(snapshot: InvoiceSnapshot, correlation: Correlation, policy: Policy) -> int | None:
    """Return by how much both lists differ, in cents, where money that went back in Xero may be why; else None."""
    invoice, xero = snapshot.case_invoice, snapshot.xero_invoice
    if invoice is None or xero is None or xero.status in DEAD or xero.total.currency != policy.currency:
        return None
    difference = balance_of(invoice, snapshot.case_payments) - xero.due
    if any(Flag.BALANCE_DIFFERS in proposal.flags for proposal in correlation.proposals):
        return difference.minor
    if not difference.minor:
        return None
    parts = parts_of(snapshot, invoice, xero, correlation, policy)
    tell_refunds(parts, snapshot, difference)
    return difference.minor if any(parts.cents[cause] for cause in _SYMPTOMS) else None


def tell_refunds(parts: DifferenceParts, snapshot: InvoiceSnapshot, difference: Money) -> None:
    """Name what Xero gave back by its own causes; the parts add up to what they added up to before."""
    if snapshot.xero_invoice is None or snapshot.xero_invoice.status in DEAD:
        return
    notes = [r for r in snapshot.refunded if REFUND_KINDS[r.payment_type] is SettlementKind.CREDIT_NOTE]
    overpaid = [r for r in snapshot.refunded if r not in notes]
    lacking = _tell_credit_notes(parts, notes)
    _tell_overpaid(parts, overpaid, difference.minor + lacking)


def _tell_credit_notes(parts: DifferenceParts, refunds: list[XeroPayment]) -> int:
    """Tell credit notes that were paid out; return the refunds that Case Manager lacks for them, in cents."""
    given = _sum(refunds)
    here = min(given, max(0, parts.cents[Cause.REFUND]))
    # Adjusted and refunded here as it was credited and paid out there: neither is a difference.
    mirrored = min(here, max(0, -parts.cents[Cause.ADJUSTMENT]))
    parts.add(Cause.REFUND, -here)
    parts.add(Cause.ADJUSTMENT, mirrored)
    _add(parts, Cause.CREDIT_REFUNDED, here - mirrored, refunds)
    lacking = min(given - here, max(0, -parts.cents[Cause.ADJUSTMENT]))
    parts.add(Cause.ADJUSTMENT, lacking)
    _add(parts, Cause.TO_REFUND, -lacking, refunds)
    return lacking


def _tell_overpaid(parts: DifferenceParts, refunds: list[XeroPayment], difference: int) -> None:
    """Tell what was overpaid and went back; without a refund here, a payment typed whole stands out by just that."""
    given = _sum(refunds)
    here = min(given, max(0, parts.cents[Cause.REFUND]))
    parts.add(Cause.REFUND, -here)
    _add(parts, Cause.OVERPAID_REFUNDED, here, refunds)
    lacking = given - here
    # A leftover of just that amount is no payment typed whole: it may be money that Xero does not have yet.
    is_whole = {
        Cause.ACCEPTED: -parts.cents[Cause.ACCEPTED] >= lacking,
        Cause.LEFTOVER: -parts.cents[Cause.LEFTOVER] > lacking,
    }
    whole = next((cause for cause, holds in is_whole.items() if holds), None)
    if whole is not None and lacking and difference == -lacking:
        parts.add(whole, lacking)
        _add(parts, Cause.TO_REFUND, -lacking, refunds)


def _sum(refunds: Iterable[XeroPayment]) -> int:
    return sum(refund.amount.minor for refund in refunds)


def _add(parts: DifferenceParts, cause: Cause, cents: int, refunds: Iterable[XeroPayment]) -> None:
    parts.add(cause, cents)
    for refund in refunds if cents else ():
        parts.add(cause, 0, paid(refund))
