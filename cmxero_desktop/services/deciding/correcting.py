"""Say that a locked payment was corrected elsewhere, once the sums of its invoice prove it (R17, R24a)."""

from dataclasses import replace

from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.memory import Explained, Explanation
from cmxero_desktop.domain.proposals import Flag, Proposal
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.firm import firm_of
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat

_STILL = frozenset({Flag.JOURNALLED_COUNTERPART, Flag.BALANCE_DIFFERS})


def corrected(outside: Outside, proposal_id: str, said: Saying) -> str:
    """Let an addition in that a locked counterpart blocks, because a refund or an adjustment was entered since.

    Returns what was kept as a sentence. Raises NotAllowedError where nothing locked blocks the row, and where both
    debtor lists would not agree with it: then the money would still count twice.
    """
    with outside.store.read() as unit:
        demand(
            Action.EXPLAIN,
            said.by,
            situation_of(unit, outside.settings_file.load(), outside.clock()),
            reason=said.reason,
        )
        stored = unit.proposals.by_id([proposal_id]).get(proposal_id)
    proposal = stored.proposal if stored is not None else None
    locked = _locked(proposal) if proposal is not None else ()
    if proposal is None or not locked:
        message = f"Nothing locked blocks {proposal_id}."
        raise NotAllowedError(message, "Use the id of a row that is flagged so.")
    moment = current_moment(outside)
    number, why = _why_not_yet(outside, proposal, locked, said, moment)
    if why:
        message = f"The invoice does not prove it yet. {why}"
        raise NotAllowedError(message, "Enter the refund or adjustment in Case Manager, then say so again.")
    with outside.store.begin() as unit:
        for copy in locked:
            unit.memory.explain(number, _explanation(copy, said))
        unit.audit.append(
            AuditEvent(
                at=outside.clock(),
                by=said.by,
                what=AuditWhat.CORRECTED,
                invoice_number=proposal.invoice_number,
                case_payment_id=copy.payment_id,
                reason=said.reason,
                evidence={"payment": paid(copy)},
            )
            for copy in locked
        )
        unit.commit()
    correlate_again(outside, moment, [proposal.invoice_number])
    named = ", ".join(paid(copy) for copy in locked)
    return f"{named} on {proposal.invoice_number} was corrected elsewhere; the addition can be approved now."


def _locked(proposal: Proposal) -> tuple[CasePayment, ...]:
    """Return the counterparts that block the row."""
    if Flag.JOURNALLED_COUNTERPART not in proposal.flags:
        return ()
    return tuple(p for p in proposal.near_here if p.is_journalled or p.is_multi_invoice)


def _explanation(copy: CasePayment, said: Saying) -> Explanation:
    return Explanation(
        case_id=copy.payment_id,
        what=Explained.CORRECTED,
        amount=copy.amount,
        paid_on=copy.paid_on,
        by=said.by,
        reason=said.reason,
    )


def _why_not_yet(
    outside: Outside, proposal: Proposal, locked: tuple[CasePayment, ...], said: Saying, moment: Moment
) -> tuple[str, str]:
    """Judge the invoice as if it were said already; return its number in Case Manager, and what speaks against it."""
    number, policy = proposal.invoice_number, moment.policy
    with outside.store.read() as unit:
        known = read_known(unit, policy.invoice_prefix, moment.today)
    reading = outside.case_manager.read(known.case_numbers(policy.invoice_prefix), policy.currency)
    with outside.store.read() as unit:
        firm = firm_of(unit, known, reading, moment)
    snapshot = firm.snapshots.get(number)
    if snapshot is None or snapshot.case_invoice is None:
        return "", "The invoice is not there any more."
    explained = (*snapshot.decisions.explained, *(_explanation(copy, said) for copy in locked))
    said_so = replace(snapshot, decisions=replace(snapshot.decisions, explained=explained))
    judged = firm.with_snapshot(said_so).judged(moment, {number}).correlations[number].proposals
    about = folded(proposal.xero.payment_id) if proposal.xero is not None else None
    same = [p for p in judged if p.xero is not None and folded(p.xero.payment_id) == about]
    if not same:
        return "", "The row is not proposed any more."
    against = [remark.sentence for p in same for remark in p.remarks if remark.flag in _STILL]
    return snapshot.case_invoice.number, " ".join(against)
