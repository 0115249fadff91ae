"""Keep proposals by fingerprint, and let a state change only from the state that was seen."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, func, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.journal import KeptKind, KeptWork, Was
from cmxero_desktop.adapters.store.work import Row
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import DECLINED_STATES, OPEN_STATES, ProposalState
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.touched import by_numbers

_proposals = tables.proposals.c

_decode_proposal = decoder(StoredProposal)

_MOVE = (
    tables.proposals.update()
    .where(_proposals.fingerprint == bindparam("key"), _proposals.state == bindparam("expected"))
    .values(
        invoice_number=bindparam("new_number"),
        decision=bindparam("new_decision"),
        is_limited=bindparam("new_is_limited"),
        state=bindparam("new_state"),
        record=bindparam("new_record"),
    )
)


class Proposals(KeptWork):
    """Proposals and how far each has come."""

    def add(self, proposals: Iterable[StoredProposal]) -> None:
        """Store proposals that are new."""
        new = tuple(replace(stored, deed=self._journal.moment) for stored in proposals)
        self._insert(tables.proposals, [_row(stored) for stored in new])
        self._journal.keep(_was(stored, None, stored) for stored in new)
        self._touch(by_numbers({s.proposal.invoice_number for s in new if s.state in DECLINED_STATES}))
        self._touch_shown({s.proposal.invoice_number for s in new})

    def update(self, proposals: Iterable[tuple[StoredProposal, ProposalState]]) -> None:
        """Store each proposal provided its state is still the one given; else raise NotAllowedError."""
        moved = tuple((self._stamped(stored, expected), expected) for stored, expected in proposals)
        before = self.by_fingerprint([stored.fingerprint for stored, _ in moved]) if moved else {}
        for stored, expected in moved:
            values = {
                "key": stored.fingerprint,
                "expected": expected.value,
                "new_number": stored.proposal.invoice_number,
                "new_decision": stored.proposal.decision,
                "new_is_limited": stored.is_limited,
                "new_state": stored.state.value,
                "new_record": encode(stored),
            }
            if self._connection.execute(_MOVE, values).rowcount != 1:
                raise self._refusal(stored, expected)
        self._touch(
            by_numbers(
                {
                    one.proposal.invoice_number
                    for stored, expected in moved
                    if stored.state is not expected or stored.state in DECLINED_STATES
                    for one in (stored, before[stored.fingerprint])
                }
            )
        )
        self._touch_shown(
            {one.proposal.invoice_number for stored, _ in moved for one in (stored, before[stored.fingerprint])}
        )
        self._journal.keep(
            was for stored, _ in moved for was in _replaced(before[stored.fingerprint], stored) if was.old != was.new
        )

    def _stamped(self, stored: StoredProposal, expected: ProposalState) -> StoredProposal:
        return stored if stored.state is expected else replace(stored, deed=self._journal.moment)

    def in_states(self, states: Collection[ProposalState]) -> tuple[StoredProposal, ...]:
        """Return proposals in these states, by CM number and first seen."""
        statement = select(_proposals.record).where(_proposals.state.in_(sorted(state.value for state in states)))
        return _in_order(self._connection.scalars(statement))

    def count(self, state: ProposalState) -> int:
        """Return how many proposals are in a state."""
        counted = select(func.count()).select_from(tables.proposals).where(_proposals.state == state.value)
        return self._connection.scalar(counted) or 0

    def of_invoices(self, numbers: Collection[str], states: Collection[ProposalState]) -> tuple[StoredProposal, ...]:
        """Return the proposals of these invoices in these states, in the same order."""
        statement = select(_proposals.record).where(_proposals.state.in_(sorted(state.value for state in states)))
        return _in_order(row.record for row in self._select_in(statement, _proposals.invoice_number, set(numbers)))

    def of_decisions(
        self, decisions: Collection[Fingerprint], states: Collection[ProposalState]
    ) -> tuple[StoredProposal, ...]:
        """Return the proposals by which these are decided, in these states, in the same order."""
        statement = select(_proposals.record).where(_proposals.state.in_(sorted(state.value for state in states)))
        return _in_order(row.record for row in self._select_in(statement, _proposals.decision, set(decisions)))

    def limited(self) -> tuple[StoredProposal, ...]:
        """Return the open proposals that the removal limits hold, and those that were released, in the same order."""
        states = _proposals.state.in_(sorted(state.value for state in OPEN_STATES))
        return _in_order(self._connection.scalars(select(_proposals.record).where(_proposals.is_limited, states)))

    def by_fingerprint(self, fingerprints: Collection[Fingerprint]) -> Mapping[Fingerprint, StoredProposal]:
        """Return the stored proposals among these."""
        rows = self._select_in(select(_proposals.record), _proposals.fingerprint, set(fingerprints))
        found = (_decode_proposal(row.record) for row in rows)
        return {stored.fingerprint: stored for stored in found}

    def by_id(self, proposal_ids: Collection[str]) -> Mapping[str, StoredProposal]:
        """Return the stored proposals with these short names; raise NotAllowedError where one names two."""
        found: dict[str, StoredProposal] = {}
        for row in self._select_in(select(_proposals.record), _proposals.proposal_id, set(proposal_ids)):
            stored = _decode_proposal(row.record)
            if stored.proposal_id in found:
                message = f"The name {stored.proposal_id} stands for two proposals: it is not clear which is meant."
                raise NotAllowedError(message, "Contact support; neither of them was touched.")
            found[stored.proposal_id] = stored
        return found

    def _refusal(self, stored: StoredProposal, expected: ProposalState) -> NotAllowedError:
        """Say what stands in the way of a move."""
        statement = select(_proposals.state).where(_proposals.fingerprint == stored.fingerprint)
        now = self._connection.scalar(statement)
        name = f"Proposal {stored.proposal_id} of invoice {stored.proposal.invoice_number}"
        if now is None:
            return NotAllowedError(f"{name} is not in the store.", "Check Xero again, then look at Review.")
        message = f"{name} is {now} by now, no longer {expected.value}: someone else was faster."
        return NotAllowedError(message, "Look at it again in Review or History before you decide anew.")


def _in_order(records: Iterable[str]) -> tuple[StoredProposal, ...]:
    found = [_decode_proposal(record) for record in records]
    return tuple(sorted(found, key=lambda s: (s.proposal.invoice_number, s.first_seen_at, s.fingerprint)))


def _replaced(old: StoredProposal, new: StoredProposal) -> Iterator[Was]:
    """Return what to keep of a proposal that is moved; one whose invoice has another number now leaves the old one."""
    if old.proposal.invoice_number == new.proposal.invoice_number:
        yield _was(old, old, new)
        return
    yield _was(old, old, None)
    yield _was(new, None, new)


def _was(stored: StoredProposal, old: StoredProposal | None, new: StoredProposal | None) -> Was:
    number = stored.proposal.invoice_number
    return Was(kind=KeptKind.PROPOSAL, subject=stored.fingerprint, home=number, old=old, new=new)


def _row(stored: StoredProposal) -> Row:
    return {
        "fingerprint": stored.fingerprint,
        "proposal_id": stored.proposal_id,
        "invoice_number": stored.proposal.invoice_number,
        "decision": stored.proposal.decision,
        "is_limited": stored.is_limited,
        "state": stored.state.value,
        "record": encode(stored),
    }
