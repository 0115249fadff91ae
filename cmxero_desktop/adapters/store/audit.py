"""Append to the audit trail and prove that nobody changed it: each entry's hash covers the one before it."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy import Connection, func, select

from cmxero_desktop import __version__
from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, digest, encode
from cmxero_desktop.adapters.store.failures import DAMAGED_REMEDY
from cmxero_desktop.adapters.store.journal import Journal, KeptWork
from cmxero_desktop.adapters.store.seen import AlreadyDecoded
from cmxero_desktop.adapters.store.work import Row, StoredRow
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import ProposalId
from cmxero_desktop.domain.ways import VERIFY
from cmxero_desktop.services.records.audit import AuditEntry, AuditEvent

# The "previous hash" of the first entry.
GENESIS = "0" * 64
# Raised whenever a rule of correlation decides differently: an entry tells by which rules it was made.
RULES_VERSION = "1"

_HEAD_ID = 1
_READ_AT_ONCE = 1000

_entries = tables.audit_entries.c
_head = tables.audit_head.c
_subjects = tables.audit_subjects.c

_decode_event = decoder(AuditEvent)


class AuditTrail(KeptWork):
    """The append-only trail. The database itself refuses to change or delete an entry."""

    def __init__(self, connection: Connection, journal: Journal, seen: AlreadyDecoded) -> None:
        """Work within the connection's transaction; `seen` is what this process has decoded before."""
        super().__init__(connection, journal)
        self._seen = seen

    def append(self, events: Iterable[AuditEvent]) -> None:
        """Append events to the hash-chained audit trail."""
        head = self._read_head()
        if head is None:
            message = "The audit trail has lost its end mark, so nothing can be appended to it."
            raise StoreError(message, f"Verify the log ({VERIFY}), and put back the newest backup.")
        sequence, last_hash = head
        rows: list[Row] = []
        subjects: list[Row] = []
        for event in events:
            sequence += 1
            row = _chained(sequence, event, last_hash)
            last_hash = row["entry_hash"]
            rows.append(row)
            if event.proposal_id:
                subjects.append({"sequence": sequence, "proposal_id": event.proposal_id})
        if rows:
            # What is decided is shown too: which entries there were at an instant, this transaction's number tells.
            _ = self._journal.moment
        self._insert(tables.audit_entries, rows)
        # Where the end of the trail was cut off, those of its entries are still there.
        self._insert_or_update(tables.audit_subjects, subjects, key="sequence")
        self._connection.execute(
            tables.audit_head.update().where(_head.head_id == _HEAD_ID).values(entries=sequence, entry_hash=last_hash)
        )

    def entries(self, *, newest: int | None = None) -> tuple[AuditEntry, ...]:
        """Return audit entries, newest first."""
        statement = select(tables.audit_entries).order_by(_entries.sequence.desc()).limit(newest)
        return tuple(entry_of(row) for row in self._connection.execute(statement))

    def shown(self) -> tuple[AuditEntry, ...]:
        """Return all audit entries, newest first; where the trail only grew, only what is new is read."""
        trail = self._seen.trail
        if trail and self._hash_of(trail[-1].sequence) != trail[-1].entry_hash:
            trail = ()
        after = trail[-1].sequence if trail else 0
        statement = select(tables.audit_entries).where(_entries.sequence > after).order_by(_entries.sequence)
        self._seen.trail = trail = (*trail, *(entry_of(row) for row in self._connection.execute(statement)))
        return trail[::-1]

    def _hash_of(self, sequence: int) -> str | None:
        return self._connection.scalar(select(_entries.entry_hash).where(_entries.sequence == sequence))

    def entry(self, sequence: int) -> AuditEntry | None:
        """Return an entry by its number, None where there is none."""
        row = self._connection.execute(select(tables.audit_entries).where(_entries.sequence == sequence)).first()
        return None if row is None else entry_of(row)

    def last_of(
        self, proposal_ids: Collection[str], is_wanted: Callable[[AuditEvent], bool]
    ) -> Mapping[ProposalId, AuditEvent]:
        """Return the last wanted event about each of these proposals, where there is one.

        What the trail says counts: a row beside it that points to an entry about another proposal says nothing.
        """
        missing, found = set(proposal_ids), dict[ProposalId, AuditEvent]()
        of_subjects = select(_entries.event, _entries.sequence).join(
            tables.audit_subjects, _subjects.sequence == _entries.sequence
        )
        rows = self._select_in(of_subjects, _subjects.proposal_id, missing)
        for row in sorted(rows, key=lambda row: -int(row.sequence)):
            event = _decode_event(row.event)
            if event.proposal_id in missing and is_wanted(event):
                found[event.proposal_id] = event
                missing.discard(event.proposal_id)
        return found

    def first_broken(self) -> int | None:
        """Recompute the whole chain; return the number of the first entry that does not fit, or None.

        An entry that is missing counts as the first that does not fit, at the end of the trail too; so does one of
        which it is noted beside the trail that it is about another proposal.
        """
        last, last_hash = 0, GENESIS
        statement = select(tables.audit_entries, _subjects.proposal_id.label("subject")).order_by(_entries.sequence)
        beside = statement.outerjoin(tables.audit_subjects, _subjects.sequence == _entries.sequence)
        with self._connection.execute(beside, execution_options={"yield_per": _READ_AT_ONCE}) as rows:
            for found in rows.mappings():
                row = dict(found)
                subject = row.pop("subject")
                if row["sequence"] != last + 1 or not _fits(row, last_hash) or subject != _subject_of(row["event"]):
                    return last + 1
                last, last_hash = row["sequence"], row["entry_hash"]
        return self._broken_end(last, last_hash)

    def _broken_end(self, last: int, last_hash: str) -> int | None:
        """Compare a chain that holds in itself with the end mark, which tells how long it must be."""
        head = self._read_head()
        if head is None:
            return last + 1
        entries, entry_hash = head
        cut_off = self._connection.scalar(select(func.min(_subjects.sequence)).where(_subjects.sequence > last))
        if cut_off is not None:
            return last + 1
        if entries != last:
            return min(entries, last) + 1
        return None if entry_hash == last_hash else max(last, 1)

    def _read_head(self) -> tuple[int, str] | None:
        statement = select(_head.entries, _head.entry_hash).where(_head.head_id == _HEAD_ID)
        row = self._connection.execute(statement).first()
        # An end mark that is no number marks nothing.
        return (row.entries, row.entry_hash) if row is not None and isinstance(row.entries, int) else None


def entry_of(row: StoredRow) -> AuditEntry:
    """Return the entry. Raises StoreError for one that holds something else."""
    if not isinstance(row.sequence, int):
        message = "An entry of the audit trail has no number."
        raise StoreError(message, DAMAGED_REMEDY)
    return AuditEntry(
        sequence=row.sequence,
        event=_decode_event(row.event),
        previous_hash=row.previous_hash,
        entry_hash=row.entry_hash,
    )


def _chained(sequence: int, event: AuditEvent, previous_hash: str) -> Row:
    row = {
        "sequence": sequence,
        "event": encode(event),
        "program_version": __version__,
        "rules_version": RULES_VERSION,
        "previous_hash": previous_hash,
    }
    return row | {"entry_hash": digest(encode(row))}


def _subject_of(event: str) -> str | None:
    return json.loads(event).get("proposal_id") or None


def _fits(row: Row, previous_hash: str) -> bool:
    """Say whether an entry follows on the one before it and hashes to what it says."""
    covered = {name: value for name, value in row.items() if name != "entry_hash"}
    return bool(row["previous_hash"] == previous_hash and row["entry_hash"] == digest(encode(covered)))
