"""Find the two halves of an edit in Xero: a deleted payment and the new one in its place (R16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.correlation.matching import has_same_reference, is_same_text
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, xero_order

_Rank = tuple[bool, bool, bool, int, tuple[date, str], tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A copy whose Xero payment is deleted, with that deleted payment."""

    copy: MarkedPayment
    deleted: XeroPayment


@dataclass(frozen=True, slots=True)
class Edit:
    """An orphaned copy and the new Xero payment that it becomes."""

    orphan: Orphan
    replacement: XeroPayment


def find_edits(orphans: Sequence[Orphan], additions: Sequence[XeroPayment]) -> tuple[Edit, ...]:
    """Pair orphans with additions that are not older than the deletion, the best evidence first."""
    ranked = sorted(
        (
            (_rank(orphan, payment), orphan, payment)
            for orphan in orphans
            for payment in additions
            if _fits(orphan, payment)
        ),
        key=lambda candidate: candidate[0],
    )
    used_copies = set()
    used_payments = set()
    edits = []
    for _, orphan, payment in ranked:
        copy_id = orphan.copy.payment.payment_id
        if copy_id in used_copies or payment.payment_id in used_payments:
            continue
        used_copies.add(copy_id)
        used_payments.add(payment.payment_id)
        edits.append(Edit(orphan, payment))
    return tuple(edits)


def _fits(orphan: Orphan, payment: XeroPayment) -> bool:
    return payment.updated_at >= orphan.deleted.updated_at


def _rank(orphan: Orphan, payment: XeroPayment) -> _Rank:
    """Order candidates: same reference, same amount, same date, nearest date, then the keys."""
    copy = orphan.copy.payment
    has_reference = has_same_reference(payment, copy) or is_same_text(payment.reference, orphan.deleted.reference)
    return (
        not has_reference,
        payment.amount != copy.amount,
        payment.paid_on != copy.paid_on,
        abs((payment.paid_on - copy.paid_on).days),
        xero_order(payment),
        copy.payment_id.order,
    )
