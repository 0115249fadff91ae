"""What either side has of a row in Review: the second line of those that need a look."""

from collections.abc import Callable
from dataclasses import dataclass

from cmxero_desktop.domain.choices import linkable
from cmxero_desktop.domain.next_steps import ORDER
from cmxero_desktop.domain.proposals import Flag, Proposal, ProposalKind, ProposalState
from cmxero_desktop.domain.records import CasePayment, XeroPayment
from cmxero_desktop.services.viewing.desk_view import ReviewRow
from cmxero_desktop.ui.theme.formatting import day
from cmxero_desktop.ui.theme.words import KIND_NOUN, STEP_WORD
from cmxero_desktop.ui.widgets.column import Below

XERO = "Xero"
CASE_MANAGER = "CM"
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What stands opposite a row's own date, amount and reference; without a date nothing does."""

    where: str
    paid_on: str = NOTHING
    amount: str = ""
    reference: str = ""
    is_known: bool = False


def own_side(row: ReviewRow) -> str:
    """Return the side whose payment the row's first line is: of a removal Case Manager's, else Xero's."""
    return CASE_MANAGER if row.stored.proposal.kind is ProposalKind.REMOVE else XERO


def other_side(proposal: Proposal) -> OtherSide:
    """Return what the other side has: the copy, else what is nearest on this invoice, in Xero, or elsewhere."""
    if proposal.kind is ProposalKind.REMOVE:
        gone = proposal.xero or proposal.replaced
        return OtherSide(XERO, day(gone.paid_on), "deleted", gone.reference, is_known=True) if gone else OtherSide(XERO)
    here = (proposal.case, *proposal.near_here, *proposal.accepted_as)
    near = next((payment for payment in here if payment is not None), None)
    if near is not None:
        return _of_case(near, near.reference)
    # Of a remittance what was typed is asked about; Xero's own lines stand in the pane.
    if proposal.near_xero and not (proposal.near and Flag.SAME_REMITTANCE in proposal.flags):
        return _of_xero(proposal.near_xero[0])
    return _of_case(proposal.near[0], "other invoice") if proposal.near else OtherSide(CASE_MANAGER)


def what_follows(row: ReviewRow) -> str:
    """Return in few words what happens next to a row, or what a person does about it."""
    stored = row.stored
    match stored.state:
        case ProposalState.PROPOSED if stored.yes_by:
            return f"{stored.yes_by[0]} said yes. Another person approves it too."
        case ProposalState.PROPOSED:
            return _of_elsewhere(row) or next_step(stored.proposal)
        case ProposalState.HELD:
            until = stored.held_until
            return f"Comes back on {day(until)}." if until is not None else "Waits until it is put back."
        case state:
            return _FOLLOWS.get(state, "")


def _of_elsewhere(row: ReviewRow) -> str:
    """Say on which other invoice stands what the second line shows, where that is what the row asks about."""
    proposal = row.stored.proposal
    near = next(iter(proposal.near), None)
    if near is None or proposal.near_here or _first_flag(proposal) not in _ELSEWHERE:
        return ""
    number = next((one.number for one in row.elsewhere if one.invoice_id == near.invoice_id), "another invoice")
    return f"{near.amount} is on {number}: the same money?"


_ELSEWHERE = frozenset({Flag.SAME_REMITTANCE, Flag.LEFTOVER_ELSEWHERE})


def _first_flag(proposal: Proposal) -> Flag | None:
    return next((flag for flag in ORDER if flag in proposal.flags), None)


def next_step(proposal: Proposal) -> str:
    """Return what to do with a row that goes with no others, in the words of its first flag, as the pane has them.

    Where an addition cannot be made and a link can, as the pane's first button offers it, that comes first.
    """
    over = proposal.balance_after
    if Flag.WOULD_OVERPAY in proposal.flags and over is not None and _may_be_linked(proposal):
        return f"Same payment? Adding overpays by {-over}."
    flag = _first_flag(proposal)
    if flag is not None:
        return STEP_WORD[flag]
    if proposal.kind is ProposalKind.REMOVE:
        return "Approve it if the money did not come."
    return f"Look at this {KIND_NOUN[proposal.kind]}; approve or reject it."


_FOLLOWS = {
    ProposalState.APPROVED: "Is written with the next Apply.",
    ProposalState.APPLYING: "Is being written.",
    ProposalState.STALE: "The next check offers it anew if it still holds.",
    ProposalState.FAILED: "Approve it to try again, or hold it.",
    ProposalState.REJECTED: "Stays out until a side changes, or Put back.",
}


def _may_be_linked(proposal: Proposal) -> bool:
    return proposal.kind is ProposalKind.ADD and any(not p.is_journalled for p in linkable(proposal, None))


def below(value: Callable[[OtherSide], str], own: Callable[[ReviewRow], str]) -> Callable[[ReviewRow], Below]:
    """Return the second line of a column that shows one value of a side, marked where both sides differ in it."""

    def of_row(row: ReviewRow) -> Below:
        other = other_side(row.stored.proposal)
        return Below(value(other), other.is_known and value(other) != own(row))

    return of_row


def _of_case(payment: CasePayment, reference: str) -> OtherSide:
    return OtherSide(CASE_MANAGER, day(payment.paid_on), str(payment.amount), reference, is_known=True)


def _of_xero(payment: XeroPayment) -> OtherSide:
    return OtherSide(XERO, day(payment.paid_on), str(payment.amount), payment.reference, is_known=True)
