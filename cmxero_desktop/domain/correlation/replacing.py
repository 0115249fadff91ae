"""Find what replaces a deleted payment: an edit in Xero is a deletion and a new payment, in either order (R13, R16)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cmxero_desktop.domain.correlation.matching import has_same_reference, is_same_text
from cmxero_desktop.domain.correlation.sketches import Orphan
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import is_instalment, xero_order

_Rank = tuple[bool, bool, bool, int, bool, tuple[date, str], tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Replacement:
    """An orphaned copy and the Xero payment that it becomes; `is_far` where only a likeness joins them."""

    orphan: Orphan
    payment: XeroPayment
    is_far: bool


def find_replacements(
    orphans: Iterable[Orphan], payments: Sequence[XeroPayment], policy: Policy
) -> tuple[Replacement, ...]:
    """Pair orphans with payments one to one, locked copies included, the best evidence first."""
    candidates = [
        Replacement(orphan, payment, is_far=not is_near)
        for orphan in orphans
        for payment in payments
        if is_instalment(orphan.deleted, policy) == is_instalment(payment, policy)
        and ((is_near := _is_near(orphan, payment, policy)) or _is_alike(orphan, payment))
    ]
    candidates.sort(key=_rank)
    used: set[object] = set()
    found = []
    for candidate in candidates:
        keys = {candidate.orphan.copy.payment.payment_id, candidate.payment.payment_id}
        if used.isdisjoint(keys):
            used |= keys
            found.append(candidate)
    return tuple(found)


def _is_near(orphan: Orphan, payment: XeroPayment, policy: Policy) -> bool:
    """Say whether deletion and entry lie close together, whichever came first."""
    return abs(orphan.deleted.updated_at - payment.entered_at) <= timedelta(days=policy.edit_days)


def _is_alike(orphan: Orphan, payment: XeroPayment) -> bool:
    """Say whether batch, reference or amount joins the two; a blank one proves nothing."""
    copy, deleted = orphan.copy.payment, orphan.deleted
    return (
        is_same_text(payment.batch_payment_id, deleted.batch_payment_id)
        or is_same_text(payment.reference, deleted.reference if deleted.reference.strip() else copy.reference)
        or payment.amount == copy.amount
    )


def _rank(candidate: Replacement) -> _Rank:
    """Order candidates: same reference, same amount, same date, nearest date, then the keys."""
    copy, deleted, payment = candidate.orphan.copy.payment, candidate.orphan.deleted, candidate.payment
    has_reference = has_same_reference(payment, copy) or is_same_text(payment.reference, deleted.reference)
    return (
        not has_reference,
        payment.amount != copy.amount,
        payment.paid_on != copy.paid_on,
        abs((payment.paid_on - copy.paid_on).days),
        candidate.is_far,
        xero_order(payment),
        copy.payment_id.order,
    )
