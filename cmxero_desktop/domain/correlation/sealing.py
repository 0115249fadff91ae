"""Seal sketches into proposals and rows: hashes, sentences and evidence (R31)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from cmxero_desktop.domain import wording, wording_accounts, wording_balances, wording_elsewhere, wording_skipped
from cmxero_desktop.domain.correlation.balancing import Balanced
from cmxero_desktop.domain.correlation.decision_hashes import DecisionHashes, removal_hash
from cmxero_desktop.domain.correlation.findings import Board, Finding, Place
from cmxero_desktop.domain.correlation.fixed_steps import is_fixed_row, step_of_fixed
from cmxero_desktop.domain.correlation.naming import Beside, Named
from cmxero_desktop.domain.correlation.plain_flags import closed_by
from cmxero_desktop.domain.correlation.sketches import PlacedRow, Sketch, Sketched
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow, Placement
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import (
    MOST_NAMED,
    Evidence,
    Flag,
    PaymentValues,
    Proposal,
    ProposalKind,
    Remark,
    fingerprinted,
)
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.words_of_rules import FLAG_WORDS, REASON_WORDS


def sealed(board: Board, sketched: Sketched, judged: Iterable[Balanced], policy: Policy) -> Correlation:
    """Return rows and proposals of one invoice."""
    invoice = sketched.snapshot.case_invoice
    judged = tuple(judged)
    hashes, beside = DecisionHashes(sketched), Beside(sketched)
    by_key = (
        {one.sketch.key: _proposal(board, sketched, one, invoice, policy, hashes, beside) for one in judged}
        if invoice is not None
        else {}
    )
    # Rows that depend on the same rows share the list of them.
    names = {one.depends_on: tuple(by_key[key].proposal_id for key in one.depends_on) for one in judged if by_key}
    depends = {one.sketch.key: names[one.depends_on] for one in judged if by_key}
    proposals = {key: replace(p, depends_on=depends[key]) for key, p in by_key.items()}
    speaking = _speaking_of(proposals.values())
    return Correlation(
        placements=tuple(
            _with_step(_placement(row, sketched, proposals, speaking), row, sketched, policy) for row in sketched.rows
        ),
        proposals=tuple(proposals.values()),
        out_of_scope=sum((r.xero is not None and r.xero.is_live) + (r.case is not None) for r in sketched.hidden),
        hidden_xero=tuple(r.xero.payment_id for r in sketched.hidden if r.xero is not None and r.xero.is_live),
        hidden_pairs=tuple(
            (r.xero.payment_id, r.case.payment_id)
            for r in sketched.hidden
            # What a person accepted as a set is no pair (R7a).
            if r.bucket is Bucket.MATCHED
            and r.how is not MatchedHow.ACCEPTED
            and r.xero is not None
            and r.case is not None
        ),
        hidden_case=tuple(r.case.payment_id for r in sketched.hidden if r.case is not None),
    )


def _proposal(
    board: Board,
    sketched: Sketched,
    one: Balanced,
    invoice: CaseInvoice,
    policy: Policy,
    hashes: DecisionHashes,
    beside: Beside,
) -> Proposal:
    sketch, snapshot = one.sketch, sketched.snapshot
    findings = (*_plain(sketch, sketched, policy), *board.of(sketched.number, sketch), *one.findings)
    flags = sketch.flags | {f.flag for f in findings}
    near = _distinct(p for f in findings for p in f.near)
    near_xero = _distinct(p for f in findings for p in f.near_xero)
    has_beside = sketch.is_entry or sketch.kind is ProposalKind.ACCEPT
    leftovers = beside.of(sketch) if has_beside else Named(())
    proposal = Proposal(
        kind=sketch.kind,
        invoice_number=snapshot.number,
        xero_invoice_id=snapshot.xero_invoice_id,
        case_invoice_id=invoice.invoice_id,
        rule=sketch.rule,
        explanation=_explanation(sketch, sketched, findings),
        xero=sketch.xero,
        case=sketch.case,
        replaced=sketch.original,
        before=PaymentValues.of(sketch.case) if sketch.case is not None else None,
        after=sketch.after,
        flags=flags,
        near=near,
        near_xero=near_xero,
        beside=leftovers.payments,
        # A payment of another invoice is no copy of this one: no test of it says anything.
        evidence=_evidence(
            sketch,
            tuple(p for p in near if p.invoice_id == invoice.invoice_id),
            is_under_sor=sketched.is_under_sor,
        ),
        balance_before=one.before,
        balance_after=one.after,
        decision=hashes.of(sketch),
        passes_on=(removal_hash(sketch),) if sketch.rule is Rule.R16 else (),
        accepted=sketch.accepted,
        accepted_as=sketch.accepted_as,
        remarks=tuple(
            Remark(f.flag, f.sentence, f.figure) for f in sorted(findings, key=lambda f: _FLAG_ORDER[f.flag])
        ),
        move_id=board.moves.get(Place(sketched.number, sketch.key), ""),
        rests_on=tuple(sorted({*leftovers.whole, *(whole for f in findings for whole in f.whole)})),
    )
    return fingerprinted(proposal)


_Payment = TypeVar("_Payment", XeroPayment, CasePayment)
_ENTRIES = frozenset({ProposalKind.ADD, ProposalKind.CHANGE})
_FLAG_ORDER = {flag: place for place, flag in enumerate(Flag)}


def _distinct(payments: Iterable[_Payment]) -> tuple[_Payment, ...]:
    return tuple({p.payment_id: p for p in payments}.values())


def _plain(sketch: Sketch, sketched: Sketched, policy: Policy) -> Iterable[Finding]:
    """Give the flags that a sketch has by itself their sentences."""
    period = closed_by(sketch, policy)
    original, copy, snapshot = sketch.original, sketch.case, sketched.snapshot
    sentences = {
        Flag.CLOSED_PERIOD: wording_balances.closed_period(*period) if period is not None else "",
        Flag.RENUMBERED: wording_elsewhere.renumbered(
            snapshot.renumbered_from, snapshot.renumbered_to, snapshot.case_invoice
        ),
        Flag.NUMBER_SHARED: wording_elsewhere.number_shared(snapshot),
        Flag.NOT_BANK: wording_accounts.not_bank(sketch.xero) if sketch.xero is not None else "",
        Flag.NO_IDENTITY: wording.no_identity(copy) if copy is not None else "",
    }
    is_gone = original is not None and not original.is_live
    deleted = wording.deleted_at(original, snapshot.deleted_day(original)) if original is not None and is_gone else ""
    for flag in Flag:
        if flag in sketch.flags:
            words = FLAG_WORDS[flag].meaning
            if flag in {Flag.FAR_EDIT, Flag.NEVER_NOTED, Flag.FORMER_ORIGINAL, Flag.RESETTLED}:
                words = f"{words} {deleted}".strip()
            yield Finding(flag, sentences.get(flag) or words)


def _explanation(sketch: Sketch, sketched: Sketched, findings: Iterable[Finding]) -> str:
    """Say why it is proposed, and then what must be looked at."""
    parts = [_why(sketch, sketched), *(f.sentence for f in sorted(findings, key=lambda f: _FLAG_ORDER[f.flag]))]
    return " ".join(dict.fromkeys(part for part in parts if part))


def _why(sketch: Sketch, sketched: Sketched) -> str:
    xero, copy = sketch.xero, sketch.case
    if sketch.kind is ProposalKind.ACCEPT:
        due = sketched.snapshot.xero_invoice.due if sketched.snapshot.xero_invoice is not None else sketch.amount
        return wording.accept(sketch.accepted, sketch.accepted_as, due)
    if xero is None:
        return _why_remove(sketch, copy, sketched.snapshot) if copy is not None else ""
    if copy is None:
        return wording.add(xero, sketched.number)
    by_rule = {Rule.R8: wording.link(xero), Rule.R16: wording.edited(xero, copy), Rule.R23: wording.chosen(xero, copy)}
    return by_rule.get(sketch.rule) or wording.differs(xero, copy)


def _why_remove(sketch: Sketch, copy: CasePayment, snapshot: InvoiceSnapshot) -> str:
    original = sketch.original
    if sketch.rule is Rule.R20A:
        return wording.remove_second(copy)
    if sketch.rule is Rule.R16B and original is not None:
        return wording_elsewhere.misplaced(copy, original)
    return wording.remove(copy, snapshot.deleted_day(original)) if original is not None else ""


def _evidence(sketch: Sketch, near: tuple[CasePayment, ...], *, is_under_sor: bool) -> tuple[Evidence, ...]:
    """Name the tests that a person would make, with their outcome."""
    xero, case = sketch.xero, sketch.case or (near[0] if near else None)
    found = [Evidence("invoice found", holds=True)]
    if xero is not None and case is not None:
        found.append(Evidence("amount equal", xero.amount == case.amount))
        found.append(Evidence("date equal", xero.paid_on == case.paid_on))
    if case is not None:
        found.append(Evidence("not journalled", not case.is_journalled))
        found.append(Evidence("single invoice", not case.is_multi_invoice))
    found.append(Evidence("control total agrees", holds=True))
    found.append(Evidence("not on an SOR schedule", not is_under_sor))
    return tuple(found)


def _placement(
    row: PlacedRow,
    sketched: Sketched,
    proposals: Mapping[str, Proposal],
    speaking: Mapping[CasePaymentId, tuple[XeroPaymentId, ...]],
) -> Placement:
    proposal = proposals.get(row.sketch) if row.sketch else None
    is_own = proposal is not None and row.how is None and row.reason is None
    return Placement(
        bucket=row.bucket,
        invoice_number=sketched.number,
        rule=row.rule,
        explanation=proposal.explanation if proposal is not None and is_own else row.explanation,
        xero=row.xero,
        case=row.case,
        unreadable=row.unreadable,
        reason=row.reason,
        matched_how=row.how,
        ready_on=row.ready_on,
        near_case=_near_case(row, proposal),
        near_xero=speaking.get(row.case.payment_id, ()) if row.case is not None and row.xero is None else (),
        evidence=proposal.evidence if proposal is not None and is_own else (),
        fingerprint=proposal.fingerprint if proposal is not None else None,
    )


def _with_step(placement: Placement, row: PlacedRow, sketched: Sketched, policy: Policy) -> Placement:
    """Say what a person does about a row of what cannot be changed, or that is skipped; others say it otherwise."""
    if row.ready_on is not None:
        return replace(placement, next_step=wording_skipped.comes_to_review(row.ready_on))
    if row.case is not None and is_fixed_row(row, row.case, sketched, policy):
        step = step_of_fixed(row, row.case, sketched, policy)
        return replace(placement, next_step=step.said, to_type=step.to_type)
    return placement if row.reason is None else replace(placement, next_step=REASON_WORDS[row.reason].next_step)


def _near_case(row: PlacedRow, proposal: Proposal | None) -> tuple[CasePaymentId, ...]:
    """Return what a Xero row is near to: the payments that its proposal's flags speak of."""
    if row.xero is None or proposal is None or row.how is not None:
        return ()
    return tuple(p.payment_id for p in (*proposal.near, *proposal.accepted_as[:MOST_NAMED]))


def _speaking_of(proposals: Collection[Proposal]) -> Mapping[CasePaymentId, tuple[XeroPaymentId, ...]]:
    """Return by case payment the Xero payments whose proposals speak of it: as near, then as the same money."""
    found: dict[CasePaymentId, list[XeroPaymentId]] = defaultdict(list)
    for proposal in proposals:
        if proposal.xero is not None and proposal.kind in _ENTRIES:
            for key in {case.payment_id for case in proposal.near}:
                found[key].append(proposal.xero.payment_id)
    for proposal in proposals:
        for key in {case.payment_id for case in proposal.accepted_as}:
            found[key] += (xero.payment_id for xero in proposal.accepted[:MOST_NAMED])
    return {key: tuple(ids) for key, ids in found.items()}
