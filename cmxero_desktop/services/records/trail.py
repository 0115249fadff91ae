"""What backs a stored record before it is written: its own fingerprint, and what the audit trail says of it.

Our store is a file that others can edit, too; the fingerprint covers what a record says, and the chained trail what
was decided about it. A record that one of them contradicts is never written.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from cmxero_desktop.domain.identifiers import Fingerprint, ProposalId
from cmxero_desktop.domain.proposals import ProposalKind, is_intact
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentState

_DECISIONS = frozenset(
    {
        AuditWhat.APPROVED,
        AuditWhat.HELD,
        AuditWhat.REJECTED,
        AuditWhat.REOPENED,
        AuditWhat.SUPERSEDED,
        AuditWhat.STALE,
        AuditWhat.FAILED,
        AuditWhat.APPLIED,
        AuditWhat.RECOVERED,
        AuditWhat.UNDONE,
    }
)
_WRITES = frozenset({AuditWhat.APPLIED, AuditWhat.RECOVERED, AuditWhat.UNDONE})


LastOf = Callable[[Collection[str], Callable[[AuditEvent], bool]], Mapping[ProposalId, AuditEvent]]
"""Gives the last wanted event about each of some proposals: the audit trail's own question."""


def is_as_made(ended: StoredProposal) -> bool:
    """Say whether a proposal that has ended still says what it was fingerprinted for.

    Of an accept nothing is ever written, and an older version made its fingerprint of less.
    """
    is_older = ended.proposal.kind is ProposalKind.ACCEPT and not ended.deed
    return is_older or is_intact(ended.proposal)


def unbacked_approvals(last_of: LastOf, approved: Sequence[StoredProposal]) -> Mapping[Fingerprint, Refused]:
    """Return the approved proposals that were edited, or that nobody approved."""
    last = last_of([stored.proposal_id for stored in approved], lambda event: event.what in _DECISIONS)
    return {
        stored.fingerprint: refused(Why.NO_APPROVAL if is_intact(stored.proposal) else Why.ALTERED)
        for stored in approved
        if not is_intact(stored.proposal) or not _is_approval(last.get(stored.proposal_id), stored)
    }


def unbacked_writes(last_of: LastOf, applied: Sequence[StoredProposal]) -> Mapping[Fingerprint, Refused]:
    """Return the applied proposals that were edited, or are not what the audit trail says was written."""
    last = last_of([stored.proposal_id for stored in applied], _is_of_a_write)
    return {
        stored.fingerprint: refused(Why.ALTERED)
        for stored in applied
        if not _is_write(last.get(stored.proposal_id), stored)
    }


def unrecorded_writes(
    last_of: LastOf, intents: Iterable[Intent], proposals: Mapping[Fingerprint, StoredProposal]
) -> tuple[Intent, ...]:
    """Return of each proposal the last write that our store made and that the trail's last entry does not tell of.

    `intents` are all of them, oldest first. An intent is closed in the transaction that appends the entry: where there
    is none, the end of the trail was cut off together with its end mark, or the trail was written anew.
    """
    made = {i.fingerprint: i for i in intents if i.state is IntentState.WRITTEN and i.fingerprint in proposals}
    ids = {fingerprint: proposals[fingerprint].proposal_id for fingerprint in made}
    last = last_of(ids.values(), _is_of_a_write)
    return tuple(intent for fingerprint, intent in made.items() if not _tells(last.get(ids[fingerprint]), intent))


def _tells(event: AuditEvent | None, intent: Intent) -> bool:
    return event is not None and (event.before, event.after) == (intent.before, intent.after)


def _is_of_a_write(event: AuditEvent) -> bool:
    return event.what in _WRITES and event.evidence.get("written") != "no"


def _is_approval(event: AuditEvent | None, stored: StoredProposal) -> bool:
    return (
        event is not None
        and event.what is AuditWhat.APPROVED
        and event.evidence.get("fingerprint") == stored.fingerprint
    )


def _is_write(event: AuditEvent | None, stored: StoredProposal) -> bool:
    """Say whether the trail's last write is this very one: an undo wrote the values the other way round."""
    proposal = stored.proposal
    return (
        event is not None
        and event.evidence.get("fingerprint") == stored.fingerprint
        and (event.before, event.after) == (proposal.before, proposal.after)
        and is_as_made(stored)
        and (stored.result_id is None or event.case_payment_id == stored.result_id)
        # Without its other half, money would be put back in one place only; older entries do not say.
        and event.evidence.get("move", proposal.move_id) == proposal.move_id
    )
