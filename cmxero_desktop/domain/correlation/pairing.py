"""Pair the payments of one invoice one to one: said, named, equal, remembered, then deleted originals (R7 to R11)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.matching import Pairing, are_equal, has_same_reference, is_locked
from cmxero_desktop.domain.correlation.orphaning import orphans_of
from cmxero_desktop.domain.correlation.sides import Sides
from cmxero_desktop.domain.correlation.sketches import Orphan
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import PairedHow
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, folded

_Fits = Callable[[XeroPayment, MarkedPayment], bool]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Payments of both sides that a person called the same money (R19a, R19b)."""

    xero: tuple[XeroPayment, ...]
    case: tuple[MarkedPayment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The outcome of matching. `chosen` are pairs that a person linked, `foreign` those in another currency (R6)."""

    accepted: tuple[Accepted, ...] = ()
    foreign: tuple[tuple[XeroPayment, MarkedPayment | None], ...] = ()
    equal: tuple[Pairing, ...] = ()
    differing: tuple[Pairing, ...] = ()
    chosen: tuple[Pairing, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    twice: tuple[MarkedPayment, ...] = ()
    misplaced: tuple[tuple[MarkedPayment, XeroPayment], ...] = ()
    xero_left: tuple[XeroPayment, ...]
    case_left: tuple[MarkedPayment, ...]


def pair(sides: Sides, claimed: frozenset[XeroPaymentId], policy: Policy) -> Paired:
    """Pair both sides; `claimed` are the ids that copies on other invoices name."""
    found = Paired(xero_left=sides.live, case_left=sides.case)
    for stage in (_take_accepted, _take_foreign, _take_named, _set_aside_misplaced):
        found = stage(found, sides)
    if not found.case_left:
        return found
    found = _take_equal(found, sides, policy)
    found = _take_remembered(found, sides)
    return _take_deleted(found, sides, claimed)


def is_free(payment: CasePayment, policy: Policy) -> bool:
    """Say whether the payment can be changed at all (R9, R10)."""
    return not payment.is_multi_invoice and not is_locked(payment, policy)


def _without(found: Paired, xero: Iterable[XeroPayment], case: Iterable[MarkedPayment]) -> Paired:
    """Take payments out of what is left."""
    used_xero = {p.payment_id for p in xero}
    used_case = {m.payment.payment_id for m in case}
    return replace(
        found,
        xero_left=tuple(p for p in found.xero_left if p.payment_id not in used_xero),
        case_left=tuple(m for m in found.case_left if m.payment.payment_id not in used_case),
    )


def _take_accepted(found: Paired, sides: Sides) -> Paired:
    for one in sides.accepted:
        ids = {folded(m.xero_id) for m in one.members if m.xero_id}
        keys = {m.case_id for m in one.members if m.case_id}
        xero = tuple(p for p in found.xero_left if folded(p.payment_id) in ids)
        case = tuple(m for m in found.case_left if m.payment.payment_id in keys)
        found = _without(replace(found, accepted=(*found.accepted, Accepted(xero, case))), xero, case)
    return found


def _take_foreign(found: Paired, sides: Sides) -> Paired:
    """Set aside payments in another currency, each with the copy that names it (R6)."""
    own = {folded(p.payment_id) for p in sides.live}
    for payment in sides.foreign:
        name = folded(payment.payment_id)
        copy = next((m for m in found.case_left if m.mark.payment_id == name and name not in own), None)
        found = _without(replace(found, foreign=(*found.foreign, (payment, copy))), (), [copy] if copy else ())
    return found


def _take_named(found: Paired, sides: Sides) -> Paired:
    """Pair by the id in Notes; of several copies of one payment the equal counts, then the lowest key (R7, R20a)."""
    named: dict[XeroPaymentId, list[MarkedPayment]] = {}
    own = {folded(p.payment_id) for p in sides.live}
    for marked in found.case_left:
        if marked.mark.payment_id is not None and marked.mark.payment_id in own:
            named.setdefault(marked.mark.payment_id, []).append(marked)
    if not named:
        return found
    pairs: list[Pairing] = []
    for is_wanted in (are_equal, lambda _x, _c: True):
        for payment in found.xero_left:
            copies = named.get(folded(payment.payment_id), [])
            copy = next((m for m in copies if is_wanted(payment, m.payment)), None)
            if copy is not None and all(p.xero is not payment for p in pairs):
                copies.remove(copy)
                pairs.append(Pairing(payment, copy, is_named=True))
    unpaired = (m for copies in named.values() for m in copies if not sides.is_settled(m.payment))
    left = tuple(sorted(unpaired, key=lambda m: m.payment.payment_id.order))
    found = _without(found, (p.xero for p in pairs), [*(p.case for p in pairs), *left])
    return replace(
        found,
        equal=tuple(p for p in pairs if are_equal(p.xero, p.case.payment)),
        differing=tuple(p for p in pairs if not are_equal(p.xero, p.case.payment)),
        twice=left,
    )


def _set_aside_misplaced(found: Paired, sides: Sides) -> Paired:
    """Set aside copies of a live payment of another invoice: they are no copy of anything here (R7)."""
    misplaced = tuple(
        (copy, original)
        for copy in found.case_left
        if copy.mark.payment_id is not None
        and (original := sides.elsewhere.get(copy.mark.payment_id)) is not None
        and original.is_live
        and not sides.is_settled(copy.payment)
    )
    return _without(replace(found, misplaced=misplaced), (), (copy for copy, _ in misplaced))


def _take_equal(found: Paired, sides: Sides, policy: Policy) -> Paired:
    """Pair what is equal in amount and date, one tier of R11 after the other."""
    gone = {folded(p.payment_id) for p in (*sides.deleted, *sides.elsewhere.values()) if not p.is_live}
    may_name = gone | sides.unknown
    free = [m for m in found.case_left if m.mark.payment_id is None or m.mark.payment_id in may_name]
    values = {(m.payment.amount, m.payment.paid_on) for m in free}
    live = [p for p in found.xero_left if (p.amount, p.paid_on) in values]
    # Whoever may not have every copy chooses first, so that the others leave it one.
    ended = {xero_id for xero_id, _ in sides.apart}
    live.sort(key=lambda p: folded(p.payment_id) not in ended)
    pairs: list[Pairing] = []
    for fits in _tiers(sides, policy) if live else ():
        for payment in tuple(live):
            fitting = (m for m in free if are_equal(payment, m.payment) and fits(payment, m))
            copy = next((m for m in fitting if not sides.are_apart(payment, m.payment)), None)
            if copy is not None:
                live.remove(payment)
                free.remove(copy)
                pairs.append(Pairing(payment, copy, is_named=False))
    pairs.sort(key=lambda p: (p.xero.paid_on, p.xero.payment_id))
    found = replace(found, equal=(*found.equal, *pairs))
    return _without(found, (p.xero for p in pairs), (p.case for p in pairs))


def _tiers(sides: Sides, policy: Policy) -> tuple[_Fits, ...]:
    return (
        lambda x, m: _remembers(sides, m, x),
        lambda _, m: m.mark.is_imported and is_free(m.payment, policy),
        lambda x, m: is_free(m.payment, policy) and has_same_reference(x, m.payment),
        lambda _, m: is_free(m.payment, policy),
        lambda _, m: not is_locked(m.payment, policy),
        lambda _x, _m: True,
    )


def _remembers(sides: Sides, copy: MarkedPayment, payment: XeroPayment) -> bool:
    pairs = sides.memory.get(copy.payment.payment_id, ())
    return any(folded(p.xero_id) == folded(payment.payment_id) for p in pairs)


def _take_remembered(found: Paired, sides: Sides) -> Paired:
    """Pair what was a pair once and differs by now (R7a); what a person linked is a choice, no edit (R23)."""
    pairs: list[tuple[Pairing, bool]] = []
    free = list(found.case_left)
    for payment in found.xero_left if sides.memory else ():
        known = (m for m in free if _remembers(sides, m, payment))
        copy = next((m for m in known if not (_was_said(sides, m, payment) and sides.is_settled(m.payment))), None)
        if copy is not None:
            free.remove(copy)
            pairs.append((Pairing(payment, copy, is_named=False), _was_said(sides, copy, payment)))
    found = replace(
        found,
        differing=(*found.differing, *(p for p, is_said in pairs if not is_said)),
        chosen=tuple(p for p, is_said in pairs if is_said),
    )
    return _without(found, (p.xero for p, _ in pairs), (p.case for p, _ in pairs))


def _was_said(sides: Sides, copy: MarkedPayment, payment: XeroPayment) -> bool:
    return any(
        p.how is PairedHow.SAID and folded(p.xero_id) == folded(payment.payment_id)
        for p in sides.memory[copy.payment.payment_id]
    )


def _take_deleted(found: Paired, sides: Sides, claimed: frozenset[XeroPaymentId]) -> Paired:
    orphans = orphans_of(found.case_left, sides, claimed)
    return _without(replace(found, orphans=orphans), (), (orphan.copy for orphan in orphans))
