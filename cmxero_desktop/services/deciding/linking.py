"""Say that an unmatched payment is the same money as one of Xero's: it takes Xero's values by a change (R23)."""

from cmxero_desktop.domain.choices import linkable
from cmxero_desktop.domain.decisions import Action, Allowed, may, may_link
from cmxero_desktop.domain.errors import CaseManagerError, DeskError, NotAllowedError, StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.memory import PairedHow, RememberedPair
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.refusals import Refused
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.proposal_events import event_of
from cmxero_desktop.services.correlation.situations import demand, error_of, situation_of
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal

_TAKEN_BACK = "The two are not called the same money any more."
_LIST = "Run the list of proposals again and use an id from it."


def link_payment(
    outside: Outside, *, proposal_id: str, case_payment_id: CasePaymentId, by: str, xero_id: str = ""
) -> str:
    """Store the choice, judge the invoice again, and return the id of the change that now waits for approval.

    `xero_id` says which of Xero's payments is meant, where the row holds several. Raises NotAllowedError where the two
    cannot be linked, DeskError where the choice is kept and the invoice cannot be read.
    """
    row, xero, case_payment_id = _choose(outside, proposal_id, case_payment_id, by, xero_id)
    number = row.proposal.invoice_number
    try:
        correlate_again(outside, current_moment(outside), [number])
    except (CaseManagerError, StoreError) as error:
        message = f"That both are the same money is kept; {number} could not be compared again: {error.message}"
        raise DeskError(message, "Check Xero, and the change waits in Review.") from error
    with outside.store.read() as unit:
        waiting = unit.proposals.in_states({ProposalState.PROPOSED, ProposalState.REJECTED})
        now = situation_of(unit, outside.settings_file.load(), outside.clock(), [number])
    for stored in waiting:
        proposal = stored.proposal
        is_about = proposal.case is not None and proposal.case.payment_id == case_payment_id
        if is_about and proposal.kind is ProposalKind.CHANGE and proposal.xero == xero:
            if isinstance(may(Action.PUT_BACK, [stored], Person(by), now).whole, Allowed):
                Deciding(outside).reopen([stored.proposal_id], by=by, reason="Linked again.")
            return stored.proposal_id
    message = f"Payment {case_payment_id} cannot take the values of this Xero payment now."
    raise NotAllowedError(message, "Check Xero again and look at both payments.")


def take_back_link(outside: Outside, *, proposal_id: str, by: str) -> str:
    """Let two payments no longer be called the same money, as long as nothing was written; judge the invoice again.

    `proposal_id` is that of the change that took the addition's place, which is proposed again. Raises NotAllowedError
    where it is none, or was written, and DeskError where that is kept and the invoice cannot be read.
    """
    with outside.store.begin() as unit:
        now = situation_of(unit, outside.settings_file.load(), outside.clock())
        demand(Action.LINK, by, now)
        stored = unit.proposals.by_id([proposal_id]).get(proposal_id)
        said = _said_pairs(unit, stored) if stored is not None else ()
        if stored is None or not said:
            message = f"Nobody called the payments of {proposal_id} the same money."
            raise NotAllowedError(message, _LIST)
        # What a person may still say no to was not written, and is not being written.
        answer = may(Action.REJECT, [stored], Person(by), now).whole
        if isinstance(answer, Refused):
            raise error_of(answer)
        at = outside.clock()
        unit.memory.end(said, at, f"{by} took it back.")
        unit.audit.append([event_of(stored, AuditWhat.LINK_TAKEN_BACK, at=at, by=by, reason=_TAKEN_BACK)])
        unit.commit()
    number = stored.proposal.invoice_number
    try:
        correlate_again(outside, current_moment(outside), [number])
    except (CaseManagerError, StoreError) as error:
        message = f"They are not called the same money any more; {number} could not be compared again: {error.message}"
        raise DeskError(message, "Check Xero, and the addition waits in Review again.") from error
    return f"{number}: not called the same payment any more. The addition waits in Review again."


def _said_pairs(unit: UnitOfWork, stored: StoredProposal) -> tuple[RememberedPair, ...]:
    """Return the pair that a person said, on which a change rests."""
    proposal = stored.proposal
    if proposal.rule is not Rule.R23 or proposal.xero is None or proposal.case is None:
        return ()
    pair = (proposal.xero.payment_id, proposal.case.payment_id)
    return tuple(p for p in unit.memory.pairs() if (p.xero_id, p.case_id) == pair and p.how is PairedHow.SAID)


def _choose(
    outside: Outside, proposal_id: str, case_payment_id: CasePaymentId, by: str, xero_id: str
) -> tuple[StoredProposal, XeroPayment, CasePaymentId]:
    """Remember that the two are the same money, for as long as amount or date is what it is now (R7a)."""
    with outside.store.begin() as unit:
        now = situation_of(unit, outside.settings_file.load(), outside.clock())
        demand(Action.LINK, by, now)
        stored = unit.proposals.by_id([proposal_id]).get(proposal_id)
        if stored is None:
            message = f"No proposal has the id {proposal_id}."
            raise NotAllowedError(message, _LIST)
        written = (p.payment_id for p in linkable(stored.proposal, now.policy))
        case_payment_id = next((key for key in written if key.is_written(case_payment_id)), case_payment_id)
        answer = may_link(stored, case_payment_id, Person(by), now)
        if isinstance(answer, Refused):
            raise error_of(answer)
        xero = _xero_of(stored.proposal, xero_id)
        copy = next(p for p in linkable(stored.proposal, now.policy) if p.payment_id == case_payment_id)
        said = RememberedPair(
            xero_id=xero.payment_id,
            case_id=case_payment_id,
            invoice_number=_case_number(unit, stored.proposal),
            amount=copy.amount,
            paid_on=copy.paid_on,
            how=PairedHow.SAID,
            since=outside.clock(),
        )
        unit.memory.keep([said])
        reason = f"Payment {case_payment_id} is the same money."
        unit.audit.append([event_of(stored, AuditWhat.LINK_CHOSEN, at=outside.clock(), by=by, reason=reason)])
        unit.commit()
    return stored, xero, case_payment_id


def _xero_of(proposal: Proposal, xero_id: str) -> XeroPayment:
    """Return which of Xero's payments is meant. Raises NotAllowedError where that is not clear."""
    held = (proposal.xero,) if proposal.xero is not None else proposal.accepted
    wanted = [p for p in held if not xero_id or folded(p.payment_id) == xero_id.lower()]
    if len(wanted) == 1:
        return wanted[0]
    names = ", ".join(f"{p.payment_id} ({p.amount} on {p.paid_on})" for p in held)
    message = f"{proposal.proposal_id} holds {len(held)} payments of Xero." if wanted else f"It has no {xero_id}."
    raise NotAllowedError(message, f"Say which one is the same money with --xero: {names}.")


def _case_number(unit: UnitOfWork, proposal: Proposal) -> str:
    """Return Case Manager's own number of the proposal's invoice."""
    results = unit.results.latest([proposal.invoice_number])
    return next((r.snapshot.case_invoice.number for r in results if r.snapshot.case_invoice is not None), "")
