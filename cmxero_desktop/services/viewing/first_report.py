"""Count what the first check found, for the wizard's last page."""

from collections import Counter

from cmxero_desktop.domain.proposals import Flag, ProposalState
from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.records.runs import PollRun
from cmxero_desktop.services.records.setup import FirstReport
from cmxero_desktop.services.viewing.desk_view import DeskView


def first_report(run: PollRun, view: DeskView) -> FirstReport:
    """Count what a check found, as the window's lists will show it."""
    waiting = [row.stored.proposal for row in view.review if row.stored.state is ProposalState.PROPOSED]
    return FirstReport(
        run=run,
        matched=view.counts.matched,
        to_approve=Counter(proposal.kind for proposal in waiting),
        only_in_case_manager=len(view.unmatched_on(Side.CASE_MANAGER)),
        skipped=Counter(row.placement.reason for row in view.skipped if row.placement.reason is not None),
        totals=view.state.totals.why_closed,
        old_leftovers=view.old_leftovers,
        near_doubles=sum(Flag.NEAR_DOUBLE in proposal.flags for proposal in waiting),
    )
