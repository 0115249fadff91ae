"""Pair the payments of one invoice one to one: identity first, then equal amount and date (R7 to R11)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, folded

_Class = tuple[Decimal, date]
_Fits = Callable[[XeroPayment, MarkedPayment], bool]
_Choose = Callable[[XeroPayment, list[MarkedPayment]], MarkedPayment | None]


@dataclass(frozen=True, slots=True)
class Pairing:
    """A Xero payment and a case payment that belong together; `is_named` where the Notes say so themselves."""

    xero: XeroPayment
    case: MarkedPayment
    is_named: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """The outcome of matching: equal pairs, named pairs that differ, and what is left on each side."""

    equal: tuple[Pairing, ...]
    differing: tuple[Pairing, ...]
    xero_left: tuple[XeroPayment, ...]
    case_left: tuple[MarkedPayment, ...]


def are_equal(xero: XeroPayment, case: CasePayment) -> bool:
    """Say whether amount and date are the same (P)."""
    return xero.paid_on == case.paid_on and xero.amount == case.amount


def is_locked(payment: CasePayment, policy: Policy) -> bool:
    """Say whether a journal entry locks the payment (R10)."""
    return payment.is_journalled and policy.is_journalled_locked


def match(live: Sequence[XeroPayment], case: Sequence[MarkedPayment], policy: Policy) -> Pairs:
    """Pair `live` with `case`, both in the order that `scope_of` gives them."""
    equal, differing, xero_left, case_left = _by_name(live, case, policy)
    if xero_left and case_left:
        by_value = _by_value(xero_left, case_left, policy)
        taken_xero = {pair.xero.payment_id for pair in by_value}
        taken_case = {pair.case.payment.payment_id for pair in by_value}
        xero_left = [p for p in xero_left if p.payment_id not in taken_xero]
        case_left = [m for m in case_left if m.payment.payment_id not in taken_case]
        equal.extend(by_value)
    return Pairs(tuple(equal), tuple(differing), tuple(xero_left), tuple(case_left))


def _by_name(
    live: Sequence[XeroPayment], case: Sequence[MarkedPayment], policy: Policy
) -> tuple[list[Pairing], list[Pairing], list[XeroPayment], list[MarkedPayment]]:
    """Pair by the id in Notes: what is equal first, so that of several copies of one payment the equal one wins."""
    named: dict[XeroPaymentId, list[MarkedPayment]] = {}
    for marked in case:
        if marked.mark.payment_id is not None:
            named.setdefault(marked.mark.payment_id, []).append(marked)
    if not named:
        return [], [], list(live), list(case)
    equal, xero_left = _take(live, named, _equal_copy)
    if len(equal) == len(case):
        return equal, [], xero_left, []
    differing, xero_left = _take(xero_left, named, lambda _, copies: _changeable_copy(copies, policy))
    case_left = [m for m in case if m.mark.payment_id is None or m in named[m.mark.payment_id]]
    return equal, differing, xero_left, case_left


def _take(
    live: Iterable[XeroPayment], named: Mapping[XeroPaymentId, list[MarkedPayment]], choose: _Choose
) -> tuple[list[Pairing], list[XeroPayment]]:
    """Pair each payment with the copy that `choose` picks of those that name it, and take that copy out of `named`."""
    pairs: list[Pairing] = []
    left: list[XeroPayment] = []
    for payment in live:
        copies = named.get(folded(payment.payment_id)) or []
        copy = choose(payment, copies) if copies else None
        if copy is not None:
            copies.remove(copy)
            pairs.append(Pairing(payment, copy, is_named=True))
        else:
            left.append(payment)
    return pairs, left


def _equal_copy(payment: XeroPayment, copies: Iterable[MarkedPayment]) -> MarkedPayment | None:
    for marked in copies:
        if are_equal(payment, marked.payment):
            return marked
    return None


def _changeable_copy(copies: Sequence[MarkedPayment], policy: Policy) -> MarkedPayment:
    """Return the first copy that can be changed, else the first."""
    return next((m for m in copies if _is_free(m.payment, policy)), copies[0])


def _by_value(live: list[XeroPayment], case: list[MarkedPayment], policy: Policy) -> list[Pairing]:
    """Pair equal payments, one tier of R11 after the other."""
    waiting: dict[_Class, list[XeroPayment]] = defaultdict(list)
    for payment in live:
        waiting[payment.amount.amount, payment.paid_on].append(payment)
    candidates: dict[_Class, list[MarkedPayment]] = defaultdict(list)
    for marked in case:
        key = (marked.payment.amount.amount, marked.payment.paid_on)
        if key in waiting:
            candidates[key].append(marked)
    pairs: list[Pairing] = []
    for key, free in candidates.items():
        pairs.extend(_one_class(waiting[key], free, policy))
    return pairs


def _one_class(live: list[XeroPayment], case: list[MarkedPayment], policy: Policy) -> Iterable[Pairing]:
    """Pair payments that are all equal to each other, by the tiers of R11."""
    if len(live) == len(case) == 1:
        yield Pairing(live[0], case[0], is_named=False)
        return
    tiers: tuple[_Fits, ...] = (
        lambda _, m: m.mark.is_imported and _is_free(m.payment, policy),
        lambda x, m: _is_free(m.payment, policy) and has_same_reference(x, m.payment),
        lambda _, m: _is_free(m.payment, policy),
        lambda _, m: not is_locked(m.payment, policy),
        lambda _x, _m: True,
    )
    free_xero, free_case = list(live), list(case)
    for fits in tiers:
        for payment in tuple(free_xero):
            found = next((m for m in free_case if fits(payment, m)), None)
            if found is not None:
                free_xero.remove(payment)
                free_case.remove(found)
                yield Pairing(payment, found, is_named=False)


def has_same_reference(xero: XeroPayment, case: CasePayment) -> bool:
    """Say whether both sides carry the same reference; two blank ones prove nothing."""
    return is_same_text(xero.reference, case.reference)


def is_same_text(one: str, other: str) -> bool:
    """Say whether two texts are the same but for the space around them, and not both blank."""
    return bool(one.strip()) and one.strip() == other.strip()


def _is_free(payment: CasePayment, policy: Policy) -> bool:
    return not payment.is_multi_invoice and not is_locked(payment, policy)
