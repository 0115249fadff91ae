"""Find what replaces a deleted payment: an edit in Xero is a deletion and a new payment, in either order (R13, R16)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cmxero_desktop.domain.correlation.matching import has_same_reference, is_same_text
from cmxero_desktop.domain.correlation.sketches import Orphan
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import is_instalment, xero_order

# So many pairs are compared one by one; of more, so many neighbours on each side, so often.
_MOST_PAIRS = 40_000
_NEIGHBOURS = 6
_MOST_ROUNDS = 12

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
    """Pair orphans with payments one to one, locked copies included, the best evidence first.

    Where there are very many of both on one invoice, each is compared with its neighbours only, again and again until
    nothing more is found: by what they have in common, and by date. What is not found then is removed and added.
    """
    left, free = list(orphans), list(payments)
    if len(left) * len(free) <= _MOST_PAIRS:
        return _best(((o, p) for o in left for p in free), policy)
    found: list[Replacement] = []
    for _ in range(_MOST_ROUNDS):
        more = _best(_neighbours(left, free), policy)
        if not more:
            break
        found += more
        gone, came = {id(r.orphan) for r in more}, {r.payment.payment_id for r in more}
        left = [o for o in left if id(o) not in gone]
        free = [p for p in free if p.payment_id not in came]
    return tuple(found)


def _best(pairs: Iterable[tuple[Orphan, XeroPayment]], policy: Policy) -> tuple[Replacement, ...]:
    candidates = [
        Replacement(orphan, payment, is_far=not is_near)
        for orphan, payment in pairs
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


def _neighbours(orphans: Sequence[Orphan], payments: Sequence[XeroPayment]) -> Iterable[tuple[Orphan, XeroPayment]]:
    """Return pairs that stand next to each other where both are in one order; each order is of one likeness."""
    pairs: dict[tuple[int, XeroPaymentId], tuple[Orphan, XeroPayment]] = {}
    for of_orphan, of_payment in _LIKENESSES:
        there: dict[Hashable, list[XeroPayment]] = defaultdict(list)
        for payment in sorted(payments, key=xero_order):
            there[of_payment(payment)].append(payment)
        here: dict[Hashable, list[Orphan]] = defaultdict(list)
        for orphan in sorted(orphans, key=lambda o: (o.copy.payment.paid_on, o.copy.payment.payment_id.order)):
            here[of_orphan(orphan)].append(orphan)
        for likeness in here.keys() & there.keys() - {None}:
            for orphan, payment in _side_by_side(here[likeness], there[likeness]):
                pairs[id(orphan), payment.payment_id] = (orphan, payment)
    return pairs.values()


def _side_by_side(orphans: Sequence[Orphan], payments: Sequence[XeroPayment]) -> Iterable[tuple[Orphan, XeroPayment]]:
    """Pair each with those of about its date; of many of one date, with those at about its place among them."""
    days = [p.paid_on for p in payments]
    began: dict[date, int] = {}
    for place, orphan in enumerate(orphans):
        day = orphan.copy.payment.paid_on
        begin, end = bisect_left(days, day), bisect_right(days, day)
        at = min(begin + place - began.setdefault(day, place), max(begin, end - 1))
        for other in range(max(0, at - _NEIGHBOURS), min(len(payments), at + _NEIGHBOURS + 1)):
            yield orphan, payments[other]


def _reference_of(orphan: Orphan) -> str | None:
    return orphan.deleted.reference.strip() or orphan.copy.payment.reference.strip() or None


_LIKENESSES: tuple[tuple[Callable[[Orphan], Hashable], Callable[[XeroPayment], Hashable]], ...] = (
    (_reference_of, lambda p: p.reference.strip() or None),
    (lambda o: o.copy.payment.amount, lambda p: p.amount),
    (lambda o: o.deleted.batch_payment_id or None, lambda p: p.batch_payment_id or None),
    (lambda _: "", lambda _: ""),
)


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
