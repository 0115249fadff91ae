"""Pair the payments of one invoice one to one: said, named, equal, remembered, then deleted originals (R7 to R11)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.equals import equal_pairs
from cmxero_desktop.domain.correlation.matching import Pairing, are_equal
from cmxero_desktop.domain.correlation.orphaning import orphans_of
from cmxero_desktop.domain.correlation.sides import Sides
from cmxero_desktop.domain.correlation.sketches import Orphan
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import PairedHow
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, folded, xero_order


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
    if not sides.accepted:
        return found
    xero = {folded(p.payment_id): p for p in (*found.xero_left, *sides.foreign)}
    case = {m.payment.payment_id: m for m in found.case_left}
    order = {m.payment.payment_id: place for place, m in enumerate(found.case_left)}
    accepted = []
    for one in sides.accepted:
        ids = dict.fromkeys(folded(m.xero_id) for m in one.members if m.xero_id)
        keys = dict.fromkeys(m.case_id for m in one.members if m.case_id)
        payments = sorted((xero[i] for i in ids if i in xero), key=xero_order)
        copies = sorted((case[k] for k in keys if k in case), key=lambda m: order[m.payment.payment_id])
        accepted.append(Accepted(tuple(payments), tuple(copies)))
    used = [p for one in accepted for p in one.xero], [m for one in accepted for m in one.case]
    return _without(replace(found, accepted=tuple(accepted)), *used)


def _take_foreign(found: Paired, sides: Sides) -> Paired:
    """Set aside payments in another currency that nobody called the same money, with the copies that name them (R6)."""
    if not sides.foreign:
        return found
    own = {folded(p.payment_id) for p in sides.live}
    accepted = {p.payment_id for one in found.accepted for p in one.xero}
    named: dict[XeroPaymentId, MarkedPayment] = {}
    for marked in found.case_left:
        if marked.mark.payment_id is not None and marked.mark.payment_id not in own:
            named.setdefault(marked.mark.payment_id, marked)
    left = (payment for payment in sides.foreign if payment.payment_id not in accepted)
    foreign = tuple((payment, named.get(folded(payment.payment_id))) for payment in left)
    return _without(replace(found, foreign=foreign), (), (copy for _, copy in foreign if copy is not None))


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
    paired: set[XeroPaymentId] = set()
    for is_wanted in (are_equal, lambda _x, _c: True):
        for payment in found.xero_left:
            copies = named.get(folded(payment.payment_id), [])
            copy = next((m for m in copies if is_wanted(payment, m.payment)), None)
            if copy is not None and payment.payment_id not in paired:
                copies.remove(copy)
                paired.add(payment.payment_id)
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
    # Whoever may not have every copy chooses first, so that the others leave it one.
    ended = {xero_id for xero_id, _ in sides.apart}
    live = sorted(found.xero_left, key=lambda p: folded(p.payment_id) not in ended)
    pairs = equal_pairs(live, free, sides, policy)
    pairs.sort(key=lambda p: (p.xero.paid_on, p.xero.payment_id))
    found = replace(found, equal=(*found.equal, *pairs))
    return _without(found, (p.xero for p in pairs), (p.case for p in pairs))


def _take_remembered(found: Paired, sides: Sides) -> Paired:
    """Pair what was a pair once and differs by now (R7a); what a person linked is a choice, no edit (R23)."""
    known: dict[XeroPaymentId, list[MarkedPayment]] = {}
    for marked in found.case_left if sides.memory else ():
        for name in {folded(p.xero_id) for p in sides.memory.get(marked.payment.payment_id, ())}:
            known.setdefault(name, []).append(marked)
    pairs: list[tuple[Pairing, bool]] = []
    used: set[CasePaymentId] = set()
    for payment in found.xero_left if known else ():
        free = (m for m in known.get(folded(payment.payment_id), ()) if m.payment.payment_id not in used)
        copy = next((m for m in free if not (_was_said(sides, m, payment) and sides.is_settled(m.payment))), None)
        if copy is not None:
            used.add(copy.payment.payment_id)
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
