"""Keep what a person notes on the payments of a row, who sees to it and when; nothing is written to either system."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.desk_notes import (
    LONGEST,
    DeskNote,
    RowPayments,
    follow_up_of,
    in_words,
    is_attended,
    notes_on,
    owner_of,
    payments_of_proposal,
    payments_of_row,
)
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat

_LIST = "Use an id from one of the lists of proposals, matched, unmatched or skipped."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSaid:
    """What the note of a row shall say from now on; where it is empty, the note is taken off.

    `seen` are the notes that stood on screen; None where nobody looked.
    """

    row_id: str
    by: str
    text: str = ""
    owner: str = ""
    follow_up: date | None = None
    seen: tuple[DeskNote, ...] | None = None


def write_note(outside: Outside, said: NoteSaid) -> str:
    """Keep it in place of what was noted on these payments before, and return what was kept as a sentence.

    Raises NotAllowedError where there is no such row, where somebody else changed the note since it was seen, and where
    somebody shall see to a row that is neither skipped nor unmatched.
    """
    with outside.store.begin() as unit:
        demand(Action.NOTE, said.by, situation_of(unit, outside.settings_file.load(), outside.clock()))
        number, payments = _subject(unit, said.row_id)
        before = notes_on(unit.notes.standing(), payments)
        _require_as_seen(said, before)
        note = DeskNote(
            invoice_number=number,
            xero_ids=tuple(sorted(payments.xero_ids)),
            copies=payments.copies,
            text=said.text.strip(),
            owner=" ".join(said.owner.split()),
            follow_up=said.follow_up,
            by=said.by,
            at=outside.clock(),
        )
        _require_sense(unit, note, payments, before)
        if _is_said_already(note, before):
            return f"{number}: {'nothing is noted there' if note.is_empty else 'that stands there already'}."
        unit.notes.end(before)
        if not note.is_empty:
            unit.notes.keep(note)
        unit.audit.append([_event(note, before)])
        unit.commit()
    return f"{number}: the note was taken off." if note.is_empty else f"{number}: {in_words(note)}"


def _subject(unit: UnitOfWork, row_id: str) -> tuple[str, RowPayments]:
    """Return the invoice and the payments of a row, by its id in any of the lists."""
    stored = unit.proposals.by_id([row_id]).get(row_id)
    if stored is not None:
        return stored.proposal.invoice_number, payments_of_proposal(stored.proposal)
    row = next((placement for placement in _placements(unit) if placement.row_id == row_id), None)
    if row is None:
        message = f"No row has the id {row_id}."
        raise NotAllowedError(message, _LIST)
    payments = payments_of_row(row)
    if not payments.is_any:
        message = "This row could not be read, so nobody can say which payment a note on it would be about."
        raise NotAllowedError(message, "Note it once the row can be read.")
    return row.invoice_number, payments


def _placements(unit: UnitOfWork, number: str | None = None) -> Iterator[Placement]:
    results = unit.results.shown() if number is None else unit.results.latest([number])
    for result in results:
        yield from result.correlation.placements


def _require_as_seen(said: NoteSaid, before: tuple[DeskNote, ...]) -> None:
    if said.seen is not None and {note.place for note in said.seen} != {note.place for note in before}:
        now = f": {in_words(before[0])}" if before else ", or took it off."
        by = f"{before[0].by} wrote" if before else "Somebody changed"
        message = f"{by} this note since you opened it{now}"
        raise NotAllowedError(message, "Look at it again, then write yours.")


def _require_sense(unit: UnitOfWork, note: DeskNote, payments: RowPayments, before: tuple[DeskNote, ...]) -> None:
    if len(note.text) > LONGEST:
        message = f"The note has {len(note.text):,} letters; the most are {LONGEST:,}."
        raise NotAllowedError(message, "Make it shorter.")
    is_as_before = (note.owner, note.follow_up) == (owner_of(before), follow_up_of(before))
    if note.has_follow_up and not is_as_before and not is_attended(_placements(unit, note.invoice_number), payments):
        message = "Only a row of Skipped or Unmatched has somebody who sees to it, and a day."
        raise NotAllowedError(message, "A row of Review is put on hold until a day instead.")


def _is_said_already(note: DeskNote, before: tuple[DeskNote, ...]) -> bool:
    if not before:
        return note.is_empty
    stands = [(b.text, b.owner, b.follow_up) for b in before]
    return stands == [(note.text, note.owner, note.follow_up)]


def _event(note: DeskNote, before: tuple[DeskNote, ...]) -> AuditEvent:
    what = AuditWhat.NOTE_REMOVED if note.is_empty else AuditWhat.NOTE_CHANGED if before else AuditWhat.NOTED
    evidence = {"owner": note.owner, "follow_up": note.follow_up.isoformat() if note.follow_up else ""}
    evidence["before"] = _all_in_words(before)
    return AuditEvent(
        at=note.at,
        by=note.by,
        what=what,
        invoice_number=note.invoice_number,
        xero_payment_id=next(iter(note.xero_ids), None),
        case_payment_id=next((copy.case_id for copy in note.copies), None),
        reason=in_words(note) or _all_in_words(before),
        evidence={name: value for name, value in evidence.items() if value},
    )


def _all_in_words(notes: Iterable[DeskNote]) -> str:
    return " ".join(in_words(note) for note in notes)
