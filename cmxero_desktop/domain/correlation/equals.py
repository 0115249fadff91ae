"""Pair what is equal in amount and date, one tier after the other, without comparing each with each (R8, R11)."""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from cmxero_desktop.domain.correlation.matching import Pairing, is_free, is_locked
from cmxero_desktop.domain.correlation.sides import Sides
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, folded

# What a tier compares beside amount and date: of the payment, and of the copy, which may offer several or none.
_Tier = tuple[Callable[[XeroPayment], Hashable], Callable[[MarkedPayment], Iterable[Hashable]]]
_ANY = ("",)


def equal_pairs(
    payments: Sequence[XeroPayment], copies: Sequence[MarkedPayment], sides: Sides, policy: Policy
) -> list[Pairing]:
    """Pair the payments in their order, each with the first copy that fits; what a person ended is not formed again."""
    values = {_value(m.payment) for m in copies}
    live = {p.payment_id: p for p in payments if _value(p) in values}
    free = {m.payment.payment_id: m for m in copies}
    pairs: list[Pairing] = []
    for of_payment, of_copy in _tiers(sides, policy) if live else ():
        pools = _pools(free, of_copy)
        for payment in tuple(live.values()):
            pool = pools.get((_value(payment), of_payment(payment)))
            copy = _take(pool, payment, free, sides) if pool else None
            if copy is not None:
                del live[payment.payment_id], free[copy.payment.payment_id]
                pairs.append(Pairing(payment, copy, is_named=False))
    return pairs


def _value(payment: XeroPayment | CasePayment) -> Hashable:
    return payment.amount, payment.paid_on


_Pools = Mapping[Hashable, deque[MarkedPayment]]


def _pools(
    free: Mapping[CasePaymentId, MarkedPayment], of_copy: Callable[[MarkedPayment], Iterable[Hashable]]
) -> _Pools:
    pools: dict[Hashable, deque[MarkedPayment]] = defaultdict(deque)
    for marked in free.values():
        for key in of_copy(marked):
            pools[_value(marked.payment), key].append(marked)
    return pools


def _take(
    pool: deque[MarkedPayment], payment: XeroPayment, free: Mapping[CasePaymentId, MarkedPayment], sides: Sides
) -> MarkedPayment | None:
    """Return the first copy of a pool that is still free, and leave those that a person keeps apart where they are."""
    apart: list[MarkedPayment] = []
    found = None
    while pool and found is None:
        marked = pool.popleft()
        if marked.payment.payment_id not in free:
            continue
        if sides.are_apart(payment, marked.payment):
            apart.append(marked)
        else:
            found = marked
    pool.extendleft(reversed(apart))
    return found


def _tiers(sides: Sides, policy: Policy) -> tuple[_Tier, ...]:
    def when(holds: Callable[[MarkedPayment], bool]) -> _Tier:
        return lambda _: "", lambda m: _ANY if holds(m) else ()

    def remembered(marked: MarkedPayment) -> Iterable[Hashable]:
        return dict.fromkeys(folded(p.xero_id) for p in sides.memory.get(marked.payment.payment_id, ()))

    def reference(marked: MarkedPayment) -> Iterable[Hashable]:
        text = marked.payment.reference.strip()
        return (text,) if text and is_free(marked.payment, policy) else ()

    return (
        (lambda x: folded(x.payment_id), remembered),
        when(lambda m: m.mark.is_imported and is_free(m.payment, policy)),
        (lambda x: x.reference.strip(), reference),
        when(lambda m: is_free(m.payment, policy)),
        when(lambda m: not is_locked(m.payment, policy)),
        when(lambda _: True),
    )
