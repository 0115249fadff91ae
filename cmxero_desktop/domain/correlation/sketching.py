"""Make one invoice's own first pass: where each payment stands, and what would mirror Xero (R3 to R20a)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from cmxero_desktop.domain import wording, wording_balances, wording_skipped
from cmxero_desktop.domain.correlation.debtors import debtor_test, tolerance
from cmxero_desktop.domain.correlation.first_pass import FirstPass, Part, joined, unmatched_with
from cmxero_desktop.domain.correlation.fixed_steps import too_much
from cmxero_desktop.domain.correlation.hiding import without_old_rows
from cmxero_desktop.domain.correlation.incoming import sketch_incoming
from cmxero_desktop.domain.correlation.matching import Pairing, is_free, is_locked
from cmxero_desktop.domain.correlation.pairing import Paired, pair
from cmxero_desktop.domain.correlation.plain_flags import with_plain_flags
from cmxero_desktop.domain.correlation.sides import Sides, sides_of
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketched
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Reason
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import Flag
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import MarkedPayment, is_never_copied

NOWHERE: frozenset[XeroPaymentId] = frozenset()


def sketch(
    snapshot: InvoiceSnapshot, policy: Policy, today: date, claimed: frozenset[XeroPaymentId] = NOWHERE
) -> Sketched:
    """Make the first pass. `claimed` are the ids, in lower case, that case payments of other invoices name (R7)."""
    sides = sides_of(snapshot, policy)
    if snapshot.case_invoice is None:
        rows = tuple(_no_invoice(snapshot, sides))
        return without_old_rows(Sketched(snapshot=snapshot, rows=rows, live=sides.live, deleted=sides.deleted), policy)
    found = _first_pass(snapshot, sides, policy, today, claimed)
    corrected = _corrected(sides, policy)
    if not corrected or _is_made_up_for(found, corrected, policy):
        return found
    return _first_pass(snapshot, _without_corrections(sides, corrected), policy, today, claimed)


def why_not_corrected(snapshot: InvoiceSnapshot, policy: Policy, today: date) -> str:
    """Say what speaks against a correction of an invoice: both debtor lists have to agree with all proposed (R17)."""
    sketched = sketch(snapshot, policy, today)
    test = debtor_test(sketched, sketched.sketches, (), policy)
    return "" if test.holds(policy) else wording_balances.balance_differs(test.balance, test.due, test.cause)


def _corrected(sides: Sides, policy: Policy) -> Mapping[CasePaymentId, Explanation]:
    """Return what a person called corrected elsewhere, of payments that cannot be changed, or could not (R17).

    A pair is one by that word alone; what lost its payment is judged like any other once it can be changed.
    """
    said = {key: each for key, each in sides.explained.items() if each.what is Explained.CORRECTED}
    pairs = {member.case_id for one in sides.accepted for member in one.members}
    own = (m.payment for m in sides.case if m.payment.payment_id in said)
    return {p.payment_id: said[p.payment_id] for p in own if p.payment_id in pairs or not is_free(p, policy)}


def _without_corrections(sides: Sides, corrected: Mapping[CasePaymentId, Explanation]) -> Sides:
    """Take back what was said of these payments; with it a pair falls that differs and was called corrected (R17)."""
    left = {key: said for key, said in sides.explained.items() if key not in corrected}
    accepted = tuple(one for one in sides.accepted if all(m.case_id not in corrected for m in one.members))
    return replace(sides, explained=left, accepted=accepted, in_vain=corrected)


def _is_made_up_for(found: Sketched, corrected: Collection[CasePaymentId], policy: Policy) -> bool:
    """Say whether the refund or the adjustment is still there that a person spoke of: else its facts changed (R17).

    It is gone where the invoice has less of both than what those payments count too much (more, where they count too
    little), and its debts differ (R24a). A difference of another cause does not open again what a person settled
    (R0), nor does an adjustment that mirrors a credit or another total in Xero.
    """
    invoice, xero = found.snapshot.case_invoice, found.snapshot.xero_invoice
    gap = debtor_test(found, found.sketches, (), policy).gap
    if invoice is None or xero is None or gap is None or abs(gap) <= tolerance(policy):
        return True
    typed = invoice.refunds + invoice.adjustments
    mirrored = xero.amount_credited.minor if invoice.adjustments.minor else 0
    beyond_xero = (invoice.total + typed - xero.total).minor + mirrored
    owed = sum(
        too_much(row.case, row.xero if row.xero is not None and row.xero.is_live else None).minor
        for row in (*found.rows, *found.hidden)
        if row.case is not None and row.case.payment_id in corrected
    )
    return max(typed.minor, beyond_xero) >= owed if owed > 0 else not owed or min(typed.minor, beyond_xero) <= owed


def _first_pass(
    snapshot: InvoiceSnapshot, sides: Sides, policy: Policy, today: date, claimed: frozenset[XeroPaymentId]
) -> Sketched:
    """Pair both sides, and place every payment."""
    paired = pair(sides, claimed, policy)
    work = FirstPass(snapshot, sides, paired, policy, today, claimed)
    part = joined(
        [
            _accepted(paired),
            *(_foreign(payment, copy, policy) for payment, copy in paired.foreign),
            *(_equal(pairing, work) for pairing in paired.equal),
            *(_chosen(pairing, work) for pairing in paired.chosen),
            *(_differing(pairing, work) for pairing in paired.differing),
            *(_second_copy(copy, work) for copy in paired.twice),
            *(_misplaced(copy, original, work) for copy, original in paired.misplaced),
            *(_left_copy(copy, work) for copy in paired.case_left),
            sketch_incoming(work),
            Part(rows=tuple(_unreadable(snapshot))),
        ]
    )
    return without_old_rows(
        Sketched(
            snapshot=snapshot,
            rows=part.rows,
            sketches=tuple(
                with_plain_flags(
                    s,
                    snapshot,
                    policy,
                    is_under_sor=sides.is_under_sor,
                    is_copied_twice=bool(paired.twice),
                )
                for s in part.sketches
            ),
            live=sides.live,
            deleted=sides.deleted,
            paired=tuple((p.xero, p.case.payment) for p in paired.equal),
            orphans=paired.orphans,
            leftovers=_leftovers(paired, sides, policy),
            never_known=tuple(m for m in paired.case_left if m.payment.payment_id not in sides.explained),
            explained=tuple(sides.explained.values()),
            lost=tuple(_lost(paired, sides, policy)),
            twice=tuple(m.payment for m in paired.twice),
            misplaced=paired.misplaced,
            is_held=sides.hold is not None,
            is_under_sor=sides.is_under_sor,
        ),
        policy,
    )


def _no_invoice(snapshot: InvoiceSnapshot, sides: Sides) -> Iterable[PlacedRow]:
    for payment in (*sides.live, *sides.foreign):
        yield PlacedRow(
            bucket=Bucket.SKIPPED,
            rule=Rule.R4,
            explanation=wording_skipped.no_invoice(snapshot),
            xero=payment,
            reason=Reason.NO_INVOICE,
        )
    yield from _unreadable(snapshot)


def _unreadable(snapshot: InvoiceSnapshot) -> Iterable[PlacedRow]:
    for row in sorted(snapshot.unreadable, key=lambda row: (row.side, row.place)):
        yield PlacedRow(
            bucket=Bucket.SKIPPED,
            rule=Rule.R30,
            explanation=wording_skipped.unreadable(row),
            unreadable=row,
            reason=Reason.UNREADABLE,
        )


def _accepted(paired: Paired) -> Part:
    """Place what a person called the same money: one row for each payment, or one for a pair (R19a, R19b)."""
    rows: list[PlacedRow] = []
    for one in paired.accepted:
        rows += [
            PlacedRow(
                bucket=Bucket.MATCHED,
                rule=Rule.R19A,
                explanation=wording.MATCHED[MatchedHow.ACCEPTED],
                xero=xero,
                case=marked.payment if marked is not None else None,
                how=MatchedHow.ACCEPTED,
            )
            for xero, marked in zip_longest(one.xero, one.case)
        ]
    return Part(rows=tuple(rows))


def _foreign(payment: XeroPayment, copy: MarkedPayment | None, policy: Policy) -> Part:
    row = PlacedRow(
        bucket=Bucket.SKIPPED,
        rule=Rule.R6,
        explanation=wording_skipped.other_currency(payment, policy.currency),
        xero=payment,
        case=copy.payment if copy else None,
        reason=Reason.CURRENCY,
    )
    return Part(rows=(row,))


def _equal(pairing: Pairing, work: FirstPass) -> Part:
    """Place an equal pair, and propose the link where the Notes can take it (R7 to R10)."""
    xero, copy = pairing.xero, pairing.case.payment
    how, rule = _matched_how(pairing, work.policy)
    link = None
    if rule is Rule.R8 and work.sides.hold is None and not work.is_never_copied(xero):
        link = work.link(xero, copy)
        if link is None:
            return Part(rows=(work.notes_full(xero, copy),))
    row = PlacedRow(
        bucket=Bucket.MATCHED,
        rule=rule,
        explanation=wording.MATCHED[how],
        xero=xero,
        case=copy,
        how=how,
        sketch=link.key if link else "",
    )
    return Part(rows=(row,), sketches=(link,) if link else ())


def _matched_how(pairing: Pairing, policy: Policy) -> tuple[MatchedHow, Rule]:
    if pairing.is_named:
        return MatchedHow.LINKED, Rule.R7
    if is_locked(pairing.case.payment, policy):
        return MatchedHow.JOURNALLED, Rule.R10
    if pairing.case.payment.is_multi_invoice:
        return MatchedHow.MULTI_INVOICE, Rule.R9
    return (MatchedHow.EXACT_IMPORTED if pairing.case.mark.is_imported else MatchedHow.EXACT), Rule.R8


def _chosen(pairing: Pairing, work: FirstPass) -> Part:
    """Propose to give the copy that a person chose Xero's values (R23)."""
    return _change_or_skip(pairing, work, Rule.R23, frozenset())


def _differing(pairing: Pairing, work: FirstPass) -> Part:
    """Propose to take Xero's values again: Xero's payments never change, so somebody changed the copy (R14)."""
    return _change_or_skip(pairing, work, Rule.R14, frozenset({Flag.EDITED_HERE}))


def _change_or_skip(pairing: Pairing, work: FirstPass, rule: Rule, flags: frozenset[Flag]) -> Part:
    xero, copy = pairing.xero, pairing.case.payment
    if (row := _why_no_change(xero, copy, work)) is not None:
        return Part(rows=(row,))
    change = work.change(xero, copy, rule, flags=flags)
    return unmatched_with(change) if change is not None else Part(rows=(work.notes_full(xero, copy),))


def _why_no_change(xero: XeroPayment, copy: CasePayment, work: FirstPass) -> PlacedRow | None:
    """Return the row of a pair that differs and stays as it is (R3, R13, R17, R18, R22), or None."""
    skipped = work.why_skipped(xero)
    if (hold := work.sides.hold) is not None:
        return work.held(hold, xero=xero, case=copy)
    if work.is_never_copied(xero):
        return work.account(xero, copy)
    if is_locked(copy, work.policy):
        return work.locked(copy, xero, Rule.R17)
    if copy.is_multi_invoice:
        return work.shared(copy, xero)
    return skipped.beside(copy) if skipped is not None else None


def _second_copy(marked: MarkedPayment, work: FirstPass) -> Part:
    """Offer to remove a second copy of one payment; it never blocks itself (R20a)."""
    why = "a second copy of a Xero payment that another copy here already mirrors"
    return _superfluous(marked, work, Rule.R20A, why, is_removable=True)


def _misplaced(marked: MarkedPayment, original: XeroPayment, work: FirstPass) -> Part:
    """Place a copy of another invoice's payment; whether it can be moved is seen from there (R7, R16b)."""
    why = f"it names a Xero payment of invoice {original.invoice_number}"
    return _superfluous(marked, work, Rule.R7, why, is_removable=False)


def _superfluous(marked: MarkedPayment, work: FirstPass, rule: Rule, why: str, *, is_removable: bool) -> Part:
    copy = marked.payment
    if is_locked(copy, work.policy):
        return Part(rows=(work.locked(copy, None, rule),))
    if copy.is_multi_invoice:
        return Part(rows=(work.shared(copy),))
    if not is_removable or work.sides.hold is not None:
        return Part(rows=(work.left_alone(copy, rule, wording.imported_unmatched(copy, why)),))
    return unmatched_with(work.remove(copy, rule))


def _left_copy(marked: MarkedPayment, work: FirstPass) -> Part:
    """Place a case payment that nothing in Xero was ever known for (R18 to R20)."""
    copy = marked.payment
    if (row := _why_not_judged(marked, work)) is not None:
        return Part(rows=(row,))
    if not marked.mark.is_imported:
        said = work.sides.set_aside.get(copy.payment_id)
        words = (
            wording.explained(copy, said) if said is not None else work.with_said(copy, wording.manual_unmatched(copy))
        )
        return Part(rows=(work.left_alone(copy, Rule.R19, words),))
    hold = work.sides.hold
    why = _why_not_removable(marked, work.sides) or (hold.explanation if hold else "")
    if why:
        return Part(rows=(work.left_alone(copy, Rule.R20, wording.imported_unmatched(copy, why)),))
    return unmatched_with(work.remove(copy, Rule.R20, flags=frozenset({Flag.NO_IDENTITY})))


def _why_not_judged(marked: MarkedPayment, work: FirstPass) -> PlacedRow | None:
    """Return the row of a payment that is locked, waits, is shared, or was explained by a person; else None."""
    copy, hold = marked.payment, work.sides.hold
    explanation = work.sides.explained.get(copy.payment_id)
    if marked.mark.is_imported and is_locked(copy, work.policy):
        return work.locked(copy, None, Rule.R20)
    if hold is not None and (copy.is_multi_invoice or not marked.mark.is_imported):
        return work.held(hold, case=copy)
    if copy.is_multi_invoice:
        aside = work.sides.set_aside.get(copy.payment_id)
        row = work.left_alone(copy, Rule.R19, wording.explained(copy, aside)) if aside is not None else None
        return row or work.shared(copy)
    return work.left_alone(copy, Rule.R19A, wording.explained(copy, explanation)) if explanation is not None else None


def _why_not_removable(marked: MarkedPayment, sides: Sides) -> str:
    """Say why an imported copy without an original cannot be called superfluous, or nothing (R20, R21)."""
    named = marked.mark.payment_id
    if named is not None and named in sides.refunds:
        return "it names a refund in Xero, not a payment"
    if named is not None and named not in sides.unknown:
        return "Xero has not been asked yet about the payment that it names"
    return ""


def _leftovers(paired: Paired, sides: Sides, policy: Policy) -> tuple[MarkedPayment, ...]:
    """Return the case payments that are neither matched to a live Xero payment nor explained (R23a)."""
    waiting = [
        *(p.case for p in (*paired.differing, *paired.chosen) if not is_never_copied(p.xero, policy)),
        *(orphan.copy for orphan in paired.orphans),
        *paired.twice,
        *(copy for copy, _ in paired.misplaced),
        *paired.case_left,
    ]
    open_ones = (m for m in waiting if m.payment.payment_id not in sides.explained)
    return tuple(sorted(open_ones, key=lambda m: m.payment.payment_id.order))


def _lost(paired: Paired, sides: Sides, policy: Policy) -> Iterable[CasePayment]:
    """Return the copies that cannot be changed and whose original is gone, or has another amount (R17)."""
    for orphan in paired.orphans:
        if not is_free(orphan.copy.payment, policy) and not _is_corrected(orphan.copy.payment, sides):
            yield orphan.copy.payment
    for pairing in paired.differing:
        copy = pairing.case.payment
        if is_locked(copy, policy) and copy.amount != pairing.xero.amount and not _is_corrected(copy, sides):
            yield copy


def _is_corrected(copy: CasePayment, sides: Sides) -> bool:
    """Say whether a person said that the copy was corrected elsewhere (R17)."""
    said = sides.explained.get(copy.payment_id)
    return said is not None and said.what is Explained.CORRECTED
