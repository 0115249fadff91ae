"""Sketch what Xero has and Case Manager lacks, beside what lost its original: edits, removals, adds (R12 to R18)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from cmxero_desktop.domain import wording
from cmxero_desktop.domain.correlation.first_pass import FirstPass, Part, joined, unmatched_with
from cmxero_desktop.domain.correlation.matching import is_free, is_locked
from cmxero_desktop.domain.correlation.replacing import Replacement, find_replacements
from cmxero_desktop.domain.correlation.sketches import Orphan, PlacedRow
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import folded

_RESETTLED_DAYS = timedelta(days=31)
_STAYS = frozenset({Explained.ALLOCATION, Explained.OTHER})


def sketch_incoming(work: FirstPass) -> Part:
    """Pair deletions with new payments, and sketch changes, removals and adds."""
    if (hold := work.sides.hold) is not None:
        rows = [work.held(hold, xero=p) for p in work.paired.xero_left]
        rows += [work.held(hold, xero=o.deleted, case=o.copy.payment) for o in work.paired.orphans]
        return Part(rows=tuple(rows))
    skipped = {p.payment_id: row for p in work.paired.xero_left if (row := _why_no_addition(p, work)) is not None}
    additions = [p for p in work.paired.xero_left if p.payment_id not in skipped]
    kept, orphans = _settled(work)
    free_to_replace = [p for p in additions if folded(p.payment_id) not in work.claimed]
    found = find_replacements(orphans, free_to_replace, work.policy)
    changes = [r for r in found if is_free(r.orphan.copy.payment, work.policy)]
    changed = {r.payment.payment_id for r in changes}
    replaced = {id(r.orphan) for r in changes}
    alone = [o for o in orphans if id(o) not in replaced]
    later = _dated_ahead(skipped, work)
    ahead = _replaced_ahead(alone, found, later, work)
    return joined(
        [
            Part(rows=tuple(skipped.values())),
            Part(rows=tuple(kept)),
            *(_change(r, work, is_rivalled=_has_rival(r, later, work)) for r in changes),
            *(_orphan(o, work, is_ahead=id(o) in ahead) for o in alone),
            *(_add(p, work) for p in additions if p.payment_id not in changed),
        ]
    )


def _why_no_addition(payment: XeroPayment, work: FirstPass) -> PlacedRow | None:
    """Return the row of a Xero payment that is no addition now (R3, R12, R13)."""
    if work.is_never_copied(payment):
        return work.account(payment, None)
    skipped = work.why_skipped(payment)
    return skipped.row if skipped is not None else None


def _settled(work: FirstPass) -> tuple[list[PlacedRow], list[Orphan]]:
    """Set apart the copies of which a person said that they stay although their original is deleted (R19a)."""
    rows: list[PlacedRow] = []
    orphans: list[Orphan] = []
    for orphan in work.paired.orphans:
        copy = orphan.copy.payment
        said = work.sides.explained.get(copy.payment_id)
        if said is not None and said.what in _STAYS and is_free(copy, work.policy):
            rows.append(work.left_alone(copy, Rule.R19A, wording.explained(copy, said)))
        else:
            orphans.append(orphan)
    return rows, orphans


def _dated_ahead(skipped: Mapping[XeroPaymentId, PlacedRow], work: FirstPass) -> Sequence[XeroPayment]:
    """Return the payments that come to Review on a later day, and that no copy elsewhere names (R13)."""
    later = [row.xero for row in skipped.values() if row.reason is Reason.FUTURE_DATED and row.xero is not None]
    return [p for p in later if folded(p.payment_id) not in work.claimed]


def _replaced_ahead(
    alone: Sequence[Orphan], found: Sequence[Replacement], later: Sequence[XeroPayment], work: FirstPass
) -> set[int]:
    """Return the removals whose replacement is dated ahead: until its day the invoice would stand unpaid (R13)."""
    taken = {id(r.orphan) for r in found}
    return {id(r.orphan) for r in find_replacements([o for o in alone if id(o) not in taken], later, work.policy)}


def _has_rival(found: Replacement, later: Sequence[XeroPayment], work: FirstPass) -> bool:
    """Say whether a payment that is dated ahead may be the edit, and what came today other money (R13, R16)."""
    return bool(later) and bool(find_replacements([found.orphan], later, work.policy))


def _change(found: Replacement, work: FirstPass, *, is_rivalled: bool) -> Part:
    """Make the two halves of an edit one change (R16)."""
    orphan, copy = found.orphan, found.orphan.copy.payment
    flags = _memory_flag(orphan) | (frozenset({Flag.FAR_EDIT}) if found.is_far else frozenset())
    if is_rivalled:
        flags |= {Flag.REPLACEMENT_AHEAD}
    change = work.change(found.payment, copy, Rule.R16, original=orphan.deleted, flags=flags)
    if change is None:
        return Part(rows=(work.notes_full(found.payment, copy),))
    return unmatched_with(change)


def _orphan(orphan: Orphan, work: FirstPass, *, is_ahead: bool) -> Part:
    """Propose to remove a copy whose Xero payment is deleted, or leave it where it is locked (R15, R17, R18)."""
    copy, deleted = orphan.copy.payment, orphan.deleted
    if is_locked(copy, work.policy):
        return Part(rows=(work.locked(copy, deleted, Rule.R17),))
    if copy.is_multi_invoice:
        return Part(rows=(work.shared(copy, deleted),))
    flags = _memory_flag(orphan)
    if _is_resettled(copy, deleted, work):
        flags |= {Flag.RESETTLED}
    if is_ahead:
        flags |= {Flag.REPLACEMENT_AHEAD}
    return unmatched_with(work.remove(copy, Rule.R15, original=deleted, flags=flags))


def _memory_flag(orphan: Orphan) -> frozenset[Flag]:
    return frozenset({orphan.memory}) if orphan.memory is not None else frozenset()


def _is_resettled(copy: CasePayment, deleted: XeroPayment, work: FirstPass) -> bool:
    """Say whether the amount came back as a credit or an allocation soon after (R15)."""
    invoice = work.snapshot.xero_invoice
    gone_on = deleted.updated_at.date()
    return any(
        s.amount == copy.amount and (s.settled_on is None or abs(s.settled_on - gone_on) <= _RESETTLED_DAYS)
        for s in (invoice.settlements if invoice is not None else ())
    )


def _add(payment: XeroPayment, work: FirstPass) -> Part:
    """Propose an add; one whose copy stands on another invoice blocks itself (R7, R12)."""
    is_claimed = folded(payment.payment_id) in work.claimed
    add = work.add(payment, frozenset({Flag.NAMED_ELSEWHERE}) if is_claimed else frozenset())
    if add is None:
        return Part(rows=(work.notes_full(payment, None),))
    return unmatched_with(add)
