"""Keep what a person says of payments that the rules leave: whose money it is, or that a pair is none (R7a, R17, R19a).

Nothing is written to Case Manager by any of it; what was said is remembered until its facts change.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explained, Explanation, Member
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Placement
from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.wording import paid
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.firm import unclaimed_by
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.results import InvoiceResult

_LOOK = "Check Xero again and look at both lists."


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What somebody says, who, and why; a reason is always needed."""

    by: str
    reason: str


def explain(outside: Outside, case_id: CasePaymentId, what: Explained, said: Saying) -> str:
    """Say what an unmatched payment of Case Manager is, and return what was kept as a sentence (R19a).

    It raises no flag then until its amount or date changes. Raises NotAllowedError where it is no unmatched payment,
    and for an allocation where Xero credited nothing on the invoice.
    """
    moment = current_moment(outside)
    stray = _stray(outside, case_id, moment)
    with outside.store.begin() as unit:
        _demand(unit, outside, said)
        if stray is None:
            result, copy = _unmatched(unit, case_id)
            number, own, is_credited = result.snapshot.number, _number(result), _is_credited(result)
        else:
            (number, own, copy), is_credited = stray, False
        if what is Explained.ALLOCATION and not is_credited:
            message = f"Xero shows no credit note, overpayment or prepayment on {number}."
            raise NotAllowedError(message, "Check Xero again, or say what else it is.")
        explanation = Explanation(
            case_id=copy.payment_id,
            what=what,
            amount=copy.amount,
            paid_on=copy.paid_on,
            by=said.by,
            reason=said.reason,
            act="",
        )
        _end_sets(unit, own, copy)
        unit.memory.explain(own, explanation)
        unit.audit.append([_event(outside, said, AuditWhat.EXPLAINED, number, copy, detail=what.value)])
        unit.commit()
    correlate_again(outside, moment, [number])
    return f"{paid(copy)} on {number} is explained: {what.value}."


def same_money(outside: Outside, case_id: CasePaymentId, xero_ids: Collection[XeroPaymentId], said: Saying) -> str:
    """Say that a payment of Case Manager stands for these of Xero's on its invoice (R17, R19a).

    Both are matched from then on, their differences shown, until one of them changes. Raises NotAllowedError where one
    of them is matched already, or not on the invoice.
    """
    with outside.store.begin() as unit:
        _demand(unit, outside, said)
        result, copy = _unmatched(unit, case_id)
        payments = _open_payments(result, xero_ids)
        members = (
            *(Member(amount=p.amount, paid_on=p.paid_on, xero_id=p.payment_id) for p in payments),
            Member(amount=copy.amount, paid_on=copy.paid_on, case_id=copy.payment_id),
        )
        _end_sets(unit, _number(result), copy)
        unit.memory.accept(_number(result), AcceptedSet(members=members, by=said.by, reason=said.reason))
        named = ", ".join(p.payment_id for p in payments)
        unit.audit.append(
            [_event(outside, said, AuditWhat.EXPLAINED, result.snapshot.number, copy, payments[0], f"same: {named}")]
        )
        unit.commit()
    _judge_again(outside, result)
    return f"{paid(copy)} on {result.snapshot.number} is the same money as {named}; nothing was written."


def already_there(outside: Outside, proposal_id: str, case_id: CasePaymentId, said: Saying) -> str:
    """Say that the money of an addition stands in Case Manager already, as the payment with this key (R17)."""
    with outside.store.read() as unit:
        stored = unit.proposals.by_id([proposal_id]).get(proposal_id)
    proposal = stored.proposal if stored is not None else None
    if proposal is None or proposal.xero is None or proposal.kind is not ProposalKind.ADD:
        message = f"{proposal_id} is no addition."
        raise NotAllowedError(message, "Name an addition that waits, as the list of proposals has it.")
    return same_money(outside, case_id, [proposal.xero.payment_id], said)


def unpair(outside: Outside, row_id: str, said: Saying) -> str:
    """Say that a matched pair is not the same money: it is never formed again (R7a).

    Raises NotAllowedError where the row is no pair, or where Notes name the payment: then Notes have to change first.
    """
    with outside.store.begin() as unit:
        _demand(unit, outside, said)
        result, how, xero, copy = _pair(unit, row_id)
        if how is MatchedHow.LINKED:
            message = f"Case Manager's Notes of payment {copy.payment_id} name this Xero payment."
            raise NotAllowedError(message, "Undo the change that wrote it, or take that line out of Notes.")
        _end_sets(unit, _number(result), copy)
        unit.memory.part(xero.payment_id, copy.payment_id)
        ended = [p for p in unit.memory.pairs() if _ids(p.xero_id, p.case_id) == _ids(xero.payment_id, copy.payment_id)]
        unit.memory.end(ended, outside.clock(), f"{said.by} ended it: {said.reason}")
        unit.audit.append([_event(outside, said, AuditWhat.UNPAIRED, result.snapshot.number, copy, xero)])
        unit.commit()
    _judge_again(outside, result)
    return f"{paid(copy)} on {result.snapshot.number} and Xero's payment are never paired again."


def _end_sets(unit: UnitOfWork, number: str, copy: CasePayment) -> None:
    """End what was said of a payment before: a pair that fell with its refund would come back beside another word."""
    for accepted in unit.memory.accepted().get(number, ()):
        if any(member.case_id == copy.payment_id for member in accepted.members):
            unit.memory.reopen(accepted)
    if any(said.case_id == copy.payment_id for said in unit.memory.explained().get(number, ())):
        unit.memory.forget_explanation(copy.payment_id)


def _demand(unit: UnitOfWork, outside: Outside, said: Saying) -> None:
    now = situation_of(unit, outside.settings_file.load(), outside.clock())
    demand(Action.EXPLAIN, said.by, now, reason=said.reason)


def _stray(outside: Outside, case_id: CasePaymentId, moment: Moment) -> tuple[str, str, CasePayment] | None:
    """Return a payment on an invoice that Xero does not have, with the number shown and Case Manager's own (R23b)."""
    with outside.store.read() as unit:
        if any(row.case is not None and row.case.payment_id.is_written(case_id) for _, row in _rows(unit)):
            return None
        known = read_known(unit, moment.policy.invoice_prefix, moment.today)
    reading = outside.case_manager.read(known.case_numbers(moment.policy.invoice_prefix), moment.policy.currency)
    found = (
        (f"{moment.policy.invoice_prefix}{side.invoice.number}", side.invoice.number, payment)
        for side in unclaimed_by(known, reading, moment.policy)
        for payment in side.payments
        if payment.payment_id.is_written(case_id)
    )
    return next(found, None)


def _unmatched(unit: UnitOfWork, case_id: CasePaymentId) -> tuple[InvoiceResult, CasePayment]:
    for result, row in _rows(unit):
        if row.case is not None and row.case.payment_id.is_written(case_id):
            if row.bucket is Bucket.MATCHED:
                message = f"Payment {case_id} on {row.invoice_number} is matched."
                raise NotAllowedError(message, "End the pair first, if it is not the same money.")
            return result, row.case
    for result in unit.results.shown():
        # One that is too old to be listed may still stand beside what is proposed (R5).
        hidden = _hidden_leftovers(result, unit)
        for payment in result.snapshot.case_payments:
            if payment.payment_id in hidden and payment.payment_id.is_written(case_id):
                return result, payment
    message = f"Case Manager has no payment {case_id} that is listed or that stands on an invoice which Xero lacks."
    raise NotAllowedError(message, _LOOK)


def _hidden_leftovers(result: InvoiceResult, unit: UnitOfWork) -> set[CasePaymentId]:
    found = set(result.correlation.hidden_case) - {key for _, key in result.correlation.hidden_pairs}
    accepted = unit.memory.accepted().get(_number(result), ()) if found else ()
    return found - {member.case_id for one in accepted for member in one.members}


def _pair(unit: UnitOfWork, row_id: str) -> tuple[InvoiceResult, MatchedHow | None, XeroPayment, CasePayment]:
    for result, row in _rows(unit):
        if row.row_id == row_id and row.bucket is Bucket.MATCHED and row.xero is not None and row.case is not None:
            return result, row.matched_how, row.xero, row.case
    message = f"{row_id} is no matched pair."
    raise NotAllowedError(message, "Use an id from the list of matched payments.")


def _rows(unit: UnitOfWork) -> Iterable[tuple[InvoiceResult, Placement]]:
    for result in unit.results.shown():
        for row in result.correlation.placements:
            yield result, row


def _open_payments(result: InvoiceResult, xero_ids: Collection[XeroPaymentId]) -> list[XeroPayment]:
    """Return the payments of Xero with these ids. Raises NotAllowedError for one matched or not there, and for none."""
    if not xero_ids:
        message = "No payment of Xero's is named."
        raise NotAllowedError(message, "Name each by its id: same:ID,ID.")
    rows = {folded(row.xero.payment_id): row for row in result.correlation.placements if row.xero is not None}
    found: list[XeroPayment] = []
    for xero_id in {folded(xero_id): xero_id for xero_id in xero_ids}.values():
        row = rows.get(folded(xero_id))
        if row is None or row.xero is None or not row.xero.is_live:
            message = f"Xero has no payment {xero_id} on {result.snapshot.number}."
            raise NotAllowedError(message, _LOOK)
        if row.bucket is Bucket.MATCHED:
            message = f"Xero's payment {xero_id} is matched already."
            raise NotAllowedError(message, "End that pair first, if it is not the same money.")
        found.append(row.xero)
    return found


def _is_credited(result: InvoiceResult) -> bool:
    invoice = result.snapshot.xero_invoice
    return invoice is not None and bool(invoice.amount_credited.minor or invoice.settlements)


def _number(result: InvoiceResult) -> str:
    invoice = result.snapshot.case_invoice
    return invoice.number if invoice is not None else ""


def _ids(xero_id: XeroPaymentId, case_id: CasePaymentId) -> tuple[XeroPaymentId, CasePaymentId]:
    return folded(xero_id), case_id


def _event(
    outside: Outside,
    said: Saying,
    what: AuditWhat,
    number: str,
    copy: CasePayment,
    xero: XeroPayment | None = None,
    detail: str = "",
) -> AuditEvent:
    return AuditEvent(
        at=outside.clock(),
        by=said.by,
        what=what,
        invoice_number=number,
        xero_payment_id=xero.payment_id if xero is not None else None,
        case_payment_id=copy.payment_id,
        reason=said.reason,
        evidence={"payment": paid(copy), "said": detail} if detail else {"payment": paid(copy)},
    )


def _judge_again(outside: Outside, result: InvoiceResult) -> None:
    correlate_again(outside, current_moment(outside), [result.snapshot.number])
