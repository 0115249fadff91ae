"""Say that a locked payment was corrected elsewhere, once the sums of its invoice prove it (R17, R24a)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cmxero_desktop.domain.correlation.sketching import why_not_corrected
from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member
from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.domain.proposals import Flag, Proposal
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.firm import Firm, firm_of
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat

_STILL = frozenset({Flag.JOURNALLED_COUNTERPART, Flag.BALANCE_DIFFERS})
_NOT_YET = (
    "If the refund or adjustment is not in Case Manager yet, enter it; if it is, settle first what else differs on "
    "this invoice (Debtors names it). Then say so again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was asked about: the locked payments of an invoice, and the addition that they block, if it was named.

    `pairs` are the payments that Xero still has and that differ from the locked ones, by the key of those: both then
    stay one pair.
    """

    number: str
    locked: tuple[CasePayment, ...]
    blocked: Proposal | None = None
    pairs: Mapping[CasePaymentId, XeroPayment] = field(default_factory=dict)

    def pair_of(self, copy: CasePayment) -> XeroPaymentId | None:
        """Return the id of what Xero has of a locked payment."""
        pair = self.pairs.get(copy.payment_id)
        return pair.payment_id if pair is not None else None


def corrected(outside: Outside, row_id: str, said: Saying) -> str:
    """Let go of a payment that cannot be changed, because a refund or an adjustment was entered since.

    `row_id` is that of the payment's own row, its key in Case Manager, or that of an addition which it blocks. Returns
    what was kept as a sentence. Raises NotAllowedError where there is nothing of the kind, and where both debtor lists
    would not agree with it: then the money would still count twice.
    """
    with outside.store.read() as unit:
        demand(
            Action.EXPLAIN,
            said.by,
            situation_of(unit, outside.settings_file.load(), outside.clock()),
            reason=said.reason,
        )
        asked = _asked_about(unit, row_id)
    if asked is None:
        message = f"Nothing locked blocks {row_id}."
        raise NotAllowedError(
            message, "Use the id of a row that is flagged so, or of the row of a payment that is locked."
        )
    moment = current_moment(outside)
    own_number, why = _why_not_yet(outside, asked, said, moment)
    if why:
        message = f"The invoice does not prove it yet. {why}"
        raise NotAllowedError(message, _NOT_YET)
    with outside.store.begin() as unit:
        _keep(unit, asked, own_number, said)
        unit.audit.append(
            AuditEvent(
                at=outside.clock(),
                by=said.by,
                what=AuditWhat.CORRECTED,
                invoice_number=asked.number,
                xero_payment_id=asked.pair_of(copy),
                case_payment_id=copy.payment_id,
                reason=said.reason,
                evidence={"payment": paid(copy)},
            )
            for copy in asked.locked
        )
        unit.commit()
    correlate_again(outside, moment, [asked.number])
    named = ", ".join(paid(copy) for copy in asked.locked)
    then = "; the addition can be approved now" if asked.blocked is not None else ""
    return f"{named} on {asked.number} was corrected elsewhere{then}."


def _asked_about(unit: UnitOfWork, row_id: str) -> _Asked | None:
    """Find what a row's id, or a payment's key, names."""
    stored = unit.proposals.by_id([row_id]).get(row_id)
    if stored is not None:
        proposal = stored.proposal
        locked = _counterparts(proposal)
        results = unit.results.latest([proposal.invoice_number]) if locked else ()
        pairs = _pairs(row for result in results for row in result.correlation.placements)
        return _Asked(number=proposal.invoice_number, locked=locked, blocked=proposal, pairs=pairs) if locked else None
    for result in unit.results.shown():
        for row in result.correlation.placements:
            if row.is_fixed and row.case is not None and row_id in {row.row_id, str(row.case.payment_id)}:
                return _Asked(number=row.invoice_number, locked=(row.case,), pairs=_pairs([row]))
    return None


def _pairs(rows: Iterable[Placement]) -> Mapping[CasePaymentId, XeroPayment]:
    """Return what Xero still has of payments that cannot be changed."""
    fixed = ((row.case, row.xero) for row in rows if row.is_fixed)
    return {copy.payment_id: xero for copy, xero in fixed if copy is not None and xero is not None and xero.is_live}


def _counterparts(proposal: Proposal) -> tuple[CasePayment, ...]:
    """Return the counterparts that block the row."""
    if Flag.JOURNALLED_COUNTERPART not in proposal.flags:
        return ()
    return tuple(p for p in proposal.near_here if p.is_journalled or p.is_multi_invoice)


def _keep(unit: UnitOfWork, asked: _Asked, own_number: str, said: Saying) -> None:
    """Remember what was said: of a pair, that both are the same money as they stand, while its correction stands."""
    for accepted in _accepted(asked, said):
        unit.memory.accept(own_number, accepted)
    for explanation in _explanations(asked, said):
        unit.memory.explain(own_number, explanation)


def _accepted(asked: _Asked, said: Saying) -> tuple[AcceptedSet, ...]:
    return tuple(
        AcceptedSet(
            members=(
                Member(amount=xero.amount, paid_on=xero.paid_on, xero_id=xero.payment_id),
                Member(amount=copy.amount, paid_on=copy.paid_on, case_id=copy.payment_id),
            ),
            by=said.by,
            reason=said.reason,
        )
        for copy in asked.locked
        if (xero := asked.pairs.get(copy.payment_id)) is not None
    )


def _explanations(asked: _Asked, said: Saying) -> tuple[Explanation, ...]:
    return tuple(
        Explanation(
            case_id=copy.payment_id,
            what=Explained.CORRECTED,
            amount=copy.amount,
            paid_on=copy.paid_on,
            by=said.by,
            reason=said.reason,
        )
        for copy in asked.locked
    )


def _why_not_yet(outside: Outside, asked: _Asked, said: Saying, moment: Moment) -> tuple[str, str]:
    """Judge the invoice as if it were said already; return its number in Case Manager, and what speaks against it."""
    policy = moment.policy
    with outside.store.read() as unit:
        known = read_known(unit, policy.invoice_prefix, moment.today)
    reading = outside.case_manager.read(known.case_numbers(policy.invoice_prefix), policy.currency)
    with outside.store.read() as unit:
        firm = firm_of(unit, known, reading, moment)
    snapshot = firm.snapshots.get(asked.number)
    if snapshot is None or snapshot.case_invoice is None:
        return "", "The invoice is not there any more."
    said_so = _as_if_said(snapshot, asked, said)
    if asked.blocked is None:
        return snapshot.case_invoice.number, why_not_corrected(said_so, policy, moment.today)
    return snapshot.case_invoice.number, _why_blocked(firm, said_so, asked.blocked, moment)


def _as_if_said(snapshot: InvoiceSnapshot, asked: _Asked, said: Saying) -> InvoiceSnapshot:
    decisions = snapshot.decisions
    explained = (*decisions.explained, *_explanations(asked, said))
    judged = replace(decisions, explained=explained, accepted=(*decisions.accepted, *_accepted(asked, said)))
    return replace(snapshot, decisions=judged)


def _why_blocked(firm: Firm, said_so: InvoiceSnapshot, blocked: Proposal, moment: Moment) -> str:
    """Say why the addition that was named would still be wrong."""
    judged = firm.with_snapshot(said_so).judged(moment, {said_so.number}).correlations[said_so.number].proposals
    about = folded(blocked.xero.payment_id) if blocked.xero is not None else None
    same = [p for p in judged if p.xero is not None and folded(p.xero.payment_id) == about]
    if not same:
        return "The row is not proposed any more."
    return " ".join(remark.sentence for p in same for remark in p.remarks if remark.flag in _STILL)
