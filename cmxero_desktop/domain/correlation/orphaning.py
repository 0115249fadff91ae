"""Find the copies whose Xero payment was deleted (R7a, R15)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cmxero_desktop.domain.correlation.sides import Sides
from cmxero_desktop.domain.correlation.sketches import Orphan
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import MarkedPayment, folded


def orphans_of(copies: Sequence[MarkedPayment], sides: Sides, claimed: frozenset[XeroPaymentId]) -> tuple[Orphan, ...]:
    """Return those whose original is deleted: named, remembered, or equal to it; `claimed` are others' originals."""
    gone = {folded(p.payment_id): p for p in (*sides.elsewhere.values(), *sides.deleted) if not p.is_live}
    if not gone:
        return ()
    orphans = [orphan for m in copies if (orphan := _known_orphan(m, sides, gone)) is not None]
    known = {id(orphan.copy) for orphan in orphans}
    orphans += _former([m for m in copies if id(m) not in known], sides, claimed | _spoken_for(sides))
    return tuple(orphans)


def _known_orphan(copy: MarkedPayment, sides: Sides, gone: Mapping[XeroPaymentId, XeroPayment]) -> Orphan | None:
    if copy.mark.payment_id is not None and copy.mark.payment_id in gone:
        return Orphan(copy=copy, deleted=gone[copy.mark.payment_id])
    pairs = sides.memory.get(copy.payment.payment_id, ())
    remembered = next((gone[folded(p.xero_id)] for p in reversed(pairs) if folded(p.xero_id) in gone), None)
    return Orphan(copy=copy, deleted=remembered, memory=Flag.NEVER_NOTED) if remembered is not None else None


def _spoken_for(sides: Sides) -> frozenset[XeroPaymentId]:
    """Return the ids that copies here name or remember: they are nobody else's former original."""
    named = {m.mark.payment_id for m in sides.case if m.mark.payment_id is not None}
    return frozenset(named | {folded(p.xero_id) for pairs in sides.memory.values() for p in pairs})


def _former(copies: Sequence[MarkedPayment], sides: Sides, taken: frozenset[XeroPaymentId]) -> Iterable[Orphan]:
    """Pair payments without memory with deleted ones that equal them, by lowest id and key (R7a)."""
    free: dict[tuple[Money, date], dict[XeroPaymentId, XeroPayment]] = defaultdict(dict)
    for deleted in sorted(sides.deleted, key=lambda p: p.payment_id):
        if folded(deleted.payment_id) not in taken:
            free[deleted.amount, deleted.paid_on][deleted.payment_id] = deleted
    for copy in copies:
        key = copy.payment.payment_id
        if copy.mark.payment_id is not None or key in sides.memory or key in sides.explained:
            continue
        equal = free.get((copy.payment.amount, copy.payment.paid_on), {})
        original = next((p for p in equal.values() if not sides.are_apart(p, copy.payment)), None)
        if original is not None:
            del equal[original.payment_id]
            yield Orphan(copy=copy, deleted=original, memory=Flag.FORMER_ORIGINAL)
