"""Give up writes that were planned ahead and never begun: nothing of them is in Case Manager, so nobody need look."""

from collections.abc import Iterable
from dataclasses import replace

from cmxero_desktop.domain.proposals import ProposalState, moved
from cmxero_desktop.services.ports.computer import Clock
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.intents import Intent, IntentState


def give_up(unit: UnitOfWork, intents: Iterable[Intent], clock: Clock) -> tuple[Intent, ...]:
    """End the planned ones of these intents, of which nothing was ever written; their proposals are approved again.

    No audit entry tells of it: nothing was decided, and nothing was done. Returns those that ended.
    """
    ended = tuple(replace(i, state=IntentState.NOT_WRITTEN) for i in intents if i.state is IntentState.PLANNED)
    unit.intents.close(ended)
    taken = unit.proposals.by_fingerprint([intent.fingerprint for intent in ended])
    approved = moved(ProposalState.APPLYING, ProposalState.APPROVED)
    unit.proposals.update(
        (replace(stored, state=approved, changed_at=clock()), ProposalState.APPLYING) for stored in taken.values()
    )
    return ended
