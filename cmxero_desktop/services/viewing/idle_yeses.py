"""Leave out of what is shown a first yes that is none of two by the firm's rule of today."""

from dataclasses import replace

from cmxero_desktop.domain.office import Office
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import DeskView


def without_idle_yeses(view: DeskView, office: Office) -> DeskView:
    """Return the view without the first yes of whoever does not approve by now, and of all where one person is enough.

    The record keeps it: where the rule is turned on again, it counts again.
    """
    halves = (row.stored for row in view.review if row.stored.half_by)
    idle: dict[str, StoredProposal] = {
        stored.proposal_id: replace(stored, first=None)
        for stored in halves
        if not office.knows_two or not office.lets_approve(stored.half_by)
    }
    if not idle:
        return view
    review = tuple(replace(row, stored=idle.get(row.stored.proposal_id, row.stored)) for row in view.review)
    return replace(view, proposals={**view.proposals, **idle}, review=review)
