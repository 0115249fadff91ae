"""What backs a stored record before it is written: its own fingerprint, and what the audit trail says of it.

Our store is a file that others can edit, too; the fingerprint covers what a record says, and the chained trail what
was decided about it. A record that one of them contradicts is never written.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from cmxero_desktop.domain.identifiers import Fingerprint, ProposalId
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.people import is_same_person
from cmxero_desktop.domain.proposals import ProposalKind, Remark, is_intact
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.seconding import counting, too_few
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat, figure_of
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import Intent, IntentState

_DECISIONS = frozenset(
    {
        AuditWhat.APPROVED,
        AuditWhat.APPROVED_FIRST,
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
_TWO = 2
_FIRSTS = frozenset({AuditWhat.APPROVED, AuditWhat.APPROVED_FIRST})
# What goes back to review needs a new release.
_RELEASES = frozenset({AuditWhat.RELEASED, AuditWhat.REOPENED})
_WRITES = frozenset({AuditWhat.APPLIED, AuditWhat.RECOVERED, AuditWhat.UNDONE})
_WISHES = _WRITES | {AuditWhat.UNDO_ASKED, AuditWhat.UNDO_WITHDRAWN}


LastOf = Callable[[Collection[str], Callable[[AuditEvent], bool]], Mapping[ProposalId, AuditEvent]]
"""Gives the last wanted event about each of some proposals: the audit trail's own question."""


def is_as_made(ended: StoredProposal) -> bool:
    """Say whether a proposal that has ended still says what it was fingerprinted for.

    Of an accept nothing is ever written, and an older version made its fingerprint of less.
    """
    is_older = ended.proposal.kind is ProposalKind.ACCEPT and not ended.deed
    return is_older or is_intact(ended.proposal)


def approvals_of(last_of: LastOf, approved: Sequence[StoredProposal]) -> Mapping[Fingerprint, AuditEvent]:
    """Return the approval of each of these proposals; one that was edited, or that nobody approved, has none."""
    last = last_of([stored.proposal_id for stored in approved], lambda event: event.what in _DECISIONS)
    return {
        stored.fingerprint: event
        for stored in approved
        if (event := last.get(stored.proposal_id)) is not None
        and _is_approval(event, stored)
        and is_intact(stored.proposal)
    }


def unbacked_approvals(
    approvals: Mapping[Fingerprint, AuditEvent], approved: Iterable[StoredProposal]
) -> Mapping[Fingerprint, Refused]:
    """Return the approved proposals without an approval, and whether that is because they were edited."""
    return {
        stored.fingerprint: refused(Why.NO_APPROVAL if is_intact(stored.proposal) else Why.ALTERED)
        for stored in approved
        if stored.fingerprint not in approvals
    }


def unbacked_seconds(
    approvals: Mapping[Fingerprint, AuditEvent], approved: Iterable[StoredProposal], office: Office
) -> Mapping[Fingerprint, Refused]:
    """Return the approved proposals that need the yes of two persons, and of which the trail names one only."""
    return {
        stored.fingerprint: too_few(names, office)
        for stored in approved
        if office.asks_two(stored.proposal) and (event := approvals.get(stored.fingerprint)) is not None
        if len(counting(names := _who_approved(event), office)) < _TWO
    }


def unbacked_firsts(last_of: LastOf, rows: Iterable[StoredProposal]) -> Mapping[Fingerprint, Refused]:
    """Return the proposals whose record tells of a first yes that nobody gave, or that was taken back since."""
    said = [stored for stored in rows if stored.yes_by]
    last = last_of([s.proposal_id for s in said], lambda event: event.what in _DECISIONS) if said else {}
    return {
        stored.fingerprint: refused(Why.ALTERED)
        for stored in said
        if (event := last.get(stored.proposal_id)) is None
        or event.what not in _FIRSTS
        or not is_same_person(event.by, stored.yes_by[-1])
        or (len(stored.yes_by) == _TWO and not is_same_person(_who_approved(event)[0], stored.yes_by[0]))
        or event.evidence.get("fingerprint") != stored.fingerprint
    }


def unbacked_wishes(last_of: LastOf, applied: Iterable[StoredProposal]) -> Mapping[Fingerprint, Refused]:
    """Return the applied proposals whose record tells of a wish to undo them that nobody had since."""
    asked = [stored for stored in applied if stored.undo_by]
    last = last_of([s.proposal_id for s in asked], _is_of_a_wish) if asked else {}
    return {
        stored.fingerprint: refused(Why.ALTERED)
        for stored in asked
        if (event := last.get(stored.proposal_id)) is None
        or event.what is not AuditWhat.UNDO_ASKED
        or not is_same_person(event.by, stored.undo_by)
    }


def unbacked_releases(last_of: LastOf, rows: Iterable[StoredProposal]) -> Mapping[Fingerprint, Refused]:
    """Return the proposals whose record tells of a release that nobody gave, or that was taken back since (R27)."""
    released = [stored for stored in rows if stored.release is not None]
    last = last_of([s.proposal_id for s in released], lambda event: event.what in _RELEASES) if released else {}
    return {
        stored.fingerprint: refused(Why.ALTERED)
        for stored in released
        if (event := last.get(stored.proposal_id)) is None
        or event.what is not AuditWhat.RELEASED
        or event.evidence.get("fingerprint") != stored.fingerprint
    }


def was_shown(approval: AuditEvent, remark: Remark) -> bool:
    """Say whether a flag stood on what was approved, with the same sum; a check may have put it there since.

    Entries of older versions do not tell the sum.
    """
    if remark.flag.value not in approval.evidence.get("flags", "").split(", "):
        return False
    figures = approval.evidence.get("figures")
    return figures is None or figure_of(remark) in figures.split(", ")


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


def _is_of_a_wish(event: AuditEvent) -> bool:
    # An undo that a crash prevented ended no wish.
    return event.what in _WISHES and event.evidence.get("written") != "no"


def _who_approved(event: AuditEvent) -> tuple[str, ...]:
    """Name the persons whose yes an approval tells of, each once."""
    first = event.evidence.get("first_by", "")
    return (event.by,) if not first or is_same_person(first, event.by) else (first, event.by)


def _is_approval(event: AuditEvent, stored: StoredProposal) -> bool:
    return event.what is AuditWhat.APPROVED and event.evidence.get("fingerprint") == stored.fingerprint


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
