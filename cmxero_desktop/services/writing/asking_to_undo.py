"""Keep the first of two persons' wish to undo, where the firm's rule asks for two, until another one shares it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.office import SELF_APPROVED, Office
from cmxero_desktop.domain.people import Person, bare_name, is_same_person
from cmxero_desktop.domain.proposals import ProposalState
from cmxero_desktop.domain.refusals import Refused, Why, refused
from cmxero_desktop.domain.seconding import is_undo_wanted
from cmxero_desktop.services.correlation.proposal_events import wish_event_of
from cmxero_desktop.services.correlation.situations import error_of, office_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import FirstYes, StoredProposal, why_marked
from cmxero_desktop.services.records.reports import DecisionReport, RowOutcome
from cmxero_desktop.services.records.trail import unbacked_wishes
from cmxero_desktop.services.writing.outcomes import Outcomes

ASKED = "Asked for by the first of two persons: another one who approves undoes it too, in History."
# No trail is longer than a number that every database takes.
_ENTRY = re.compile(r"h-([1-9][0-9]{0,17})")
_WITHDRAWN = "Nobody asks to undo it any more; it stands as it was written."
_NO_WISH = "Nobody asked to undo it, so there is nothing to withdraw."


def wanted_by_all(
    outside: Outside, applied: Sequence[StoredProposal], by: str, reason: str, outcomes: Outcomes
) -> list[StoredProposal]:
    """Return the rows that as many persons want undone as the firm's rule asks; of the others keep who asked first.

    A move is wanted as a whole. A wish that the audit trail does not hold is none, and is said.
    """
    with outside.store.read() as unit:
        office = office_of(unit.polling.state(), outside.settings_file.load())
    if not any(office.asks_two_to_undo(stored.proposal) for stored in applied):
        return list(applied)
    wanted: list[StoredProposal] = []
    deeds = {stored.fingerprint: stored.deed for stored in applied}
    now, person = outside.clock(), Person(by)
    with outside.store.begin() as unit:
        present = unit.proposals.by_fingerprint([stored.fingerprint for stored in applied])
        unbacked = unbacked_wishes(unit.audit.last_of, present.values())
        for group in _as_moved([present[s.fingerprint] for s in applied if s.fingerprint in present]):
            if any(stored.deed != deeds[stored.fingerprint] for stored in group):
                # Somebody else undid it meanwhile: what asks again once its invoice is locked says so.
                wanted += group
                continue
            altered = [str(unbacked[s.fingerprint]) for s in group if s.fingerprint in unbacked]
            if altered:
                outcomes.failed += [RowOutcome(stored.proposal_id, altered[0]) for stored in group]
            elif all(is_undo_wanted(stored, person, office) for stored in group):
                wanted += group
            else:
                _ask(unit, group, FirstYes(by=by, at=now, reason=reason, desktop=outside.holder))
                outcomes.half += [RowOutcome(stored.proposal_id, ASKED) for stored in group]
        unit.commit()
    return wanted


def why_undone(stored: StoredProposal, by: str, reason: str, office: Office, desktop: str) -> str:
    """Return what the entry says of why it was undone: for whom, where two wanted it, and that one alone may."""
    asked = stored.undo_asked
    if stored.undo_by and asked is not None and not is_same_person(asked.by, by):
        return f"{reason} ({asked.by} asked for it: {asked.reason}) {why_marked(asked, desktop)}".rstrip()
    return f"{reason} {SELF_APPROVED}" if office.is_alone_with_undo_of(stored.proposal) else reason


def withdraw_wish(outside: Outside, ids: Iterable[str], *, by: str, reason: str) -> DecisionReport:
    """Let nobody ask any more to undo these rows; anybody may who decides. Raises NotAllowedError without a reason."""
    if not reason.strip():
        raise error_of(refused(Why.NO_REASON))
    if not bare_name(by):
        raise error_of(refused(Why.NO_NAME))
    done: list[RowOutcome] = []
    failed: list[RowOutcome] = []
    with outside.store.begin() as unit:
        names = {row_id: proposal_of(unit, row_id) for row_id in dict.fromkeys(ids)}
        found: Mapping[str, StoredProposal] = unit.proposals.by_id([name for name in names.values() if name])
        asked = _with_other_halves(unit, [stored for stored in found.values() if stored.undo_by])
        for row_id, name in names.items():
            is_asked = name in found and bool(found[name].undo_by)
            outcomes, said = (done, _WITHDRAWN) if is_asked else (failed, _NO_WISH)
            outcomes.append(RowOutcome(row_id, said))
        ended = {stored.fingerprint: replace(stored, undo_asked=None) for stored in asked}
        unit.proposals.update((stored, stored.state) for stored in ended.values())
        now, what = outside.clock(), AuditWhat.UNDO_WITHDRAWN
        unit.audit.append(wish_event_of(s, what, at=now, by=by, reason=reason) for s in ended.values())
        unit.commit()
    return DecisionReport(done=tuple(done), refused=tuple(failed))


def proposal_of(unit: UnitOfWork, row_id: str) -> str:
    """Return the proposal that a history entry is about; any other id stands for itself."""
    if not row_id.startswith("h-"):
        return row_id
    if not (found := _ENTRY.fullmatch(row_id)):
        return ""
    entry = unit.audit.entry(int(found[1]))
    return (entry.event.proposal_id or "") if entry else ""


def too_few_now(rows: Iterable[StoredProposal], person: Person, office: Office) -> Mapping[Fingerprint, Refused]:
    """Return the rows that fewer persons want undone by now than the rule asks: a wish may have been withdrawn."""
    return {s.fingerprint: refused(Why.ONE_WISH) for s in rows if not is_undo_wanted(s, person, office)}


def _with_other_halves(unit: UnitOfWork, asked: Sequence[StoredProposal]) -> Sequence[StoredProposal]:
    """Add what is undone as one with these rows; only for a move all that was applied is read."""
    if not any(stored.proposal.move_id for stored in asked):
        return asked
    names = {_name(stored) for stored in asked}
    applied = unit.proposals.in_states({ProposalState.APPLIED})
    return [stored for stored in applied if stored.undo_by and _name(stored) in names]


def _as_moved(applied: Iterable[StoredProposal]) -> list[list[StoredProposal]]:
    """Put together what is undone as one: the rows that one apply wrote of one move, any other row by itself."""
    groups: dict[tuple[str, str], list[StoredProposal]] = defaultdict(list)
    for stored in applied:
        groups[_name(stored)].append(stored)
    return list(groups.values())


def _name(stored: StoredProposal) -> tuple[str, str]:
    """Name what is undone as one: a move by the batch that wrote it."""
    move = stored.proposal.move_id
    return (move, stored.batch_id) if move else (stored.fingerprint, "")


def _ask(unit: UnitOfWork, group: Sequence[StoredProposal], wish: FirstYes) -> None:
    asked = [replace(stored, undo_asked=replace(wish, deed=stored.deed)) for stored in group]
    unit.proposals.update((stored, stored.state) for stored in asked)
    unit.audit.append(
        wish_event_of(stored, AuditWhat.UNDO_ASKED, at=wish.at, by=wish.by, reason=wish.reason) for stored in asked
    )
