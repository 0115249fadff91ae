"""Find what is known around the payments of a row: on which invoices they stand, and which other rows speak of them."""

from collections import defaultdict
from collections.abc import Iterable

from cmxero_desktop.domain.around import Surroundings
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.services.viewing.desk_view import DeskView, OtherInvoice

_WAITS = frozenset({ProposalState.PROPOSED, ProposalState.FAILED})


def around_of(payments: Iterable[CasePayment], elsewhere: Iterable[OtherInvoice], view: DeskView) -> Surroundings:
    """Return what is known around the payments that a row speaks of."""
    wanted = {payment.payment_id for payment in payments}
    claims: dict[CasePaymentId, list[str]] = defaultdict(list)
    homes: dict[CasePaymentId, list[str]] = defaultdict(list)
    for row in view.review if wanted else ():
        proposal = row.stored.proposal
        spoken = (*proposal.near, *proposal.accepted_as) if row.stored.state in _WAITS else ()
        for payment in spoken:
            if payment.payment_id in wanted:
                rows = homes if payment.invoice_id == proposal.case_invoice_id else claims
                rows[payment.payment_id].append(proposal.invoice_number)
    return Surroundings({one.invoice_id: _named(one) for one in elsewhere}, claims, homes)


def _named(one: OtherInvoice) -> str:
    return f"{one.number} ({one.bill_to})" if one.bill_to else one.number
