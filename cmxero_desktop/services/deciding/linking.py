"""Say that a near double is the same money: the add gives way to a change of the payment typed by hand (R23)."""

from cmxero_desktop.domain.decisions import Action, Allowed, may
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.people import Person
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.situations import situation_of
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.ports.outside import Outside


def link_near_double(outside: Outside, *, proposal_id: str, case_payment_id: CasePaymentId, by: str) -> str:
    """Store the choice, correlate the invoice again, and return the id of the change that now waits for approval.

    Raises NotAllowedError where the two cannot be linked, CaseManagerError where the invoice cannot be read.
    """
    deciding = Deciding(outside)
    add = deciding.choose_link(proposal_id, case_payment_id, by)
    moment = current_moment(outside)
    correlate_again(outside, moment, [add.proposal.invoice_number])
    with outside.store.read() as unit:
        waiting = unit.proposals.in_states({ProposalState.PROPOSED, ProposalState.REJECTED})
        now = situation_of(unit, outside.settings_file.load(), outside.clock(), [add.proposal.invoice_number])
    for stored in waiting:
        proposal = stored.proposal
        is_about = proposal.case is not None and proposal.case.payment_id == case_payment_id
        if is_about and proposal.kind is ProposalKind.CHANGE and proposal.xero == add.proposal.xero:
            if isinstance(may(Action.PUT_BACK, [stored], Person(by), now).whole, Allowed):
                deciding.reopen([stored.proposal_id], by=by, reason="Linked again.")
            return stored.proposal_id
    message = f"Payment {case_payment_id} cannot take the values of this Xero payment now."
    raise NotAllowedError(message, "Check Xero again and look at both payments.")
