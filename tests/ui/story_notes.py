"""What the persons of the story noted on payments, on the rows and in History alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from cmxero_desktop.domain.desk_notes import DeskNote, in_words
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.viewing.desk_view import DeskView

_APPROVER, _HEAD = "J. Wu", "R. Patel"
NOTES = (
    DeskNote(
        invoice_number="CM-10120",
        text="Asked WorkSafe on the phone whether the cheque was stopped",
        owner=_HEAD,
        follow_up=date(2026, 11, 27),
        by=_APPROVER,
        at=datetime(2026, 11, 24, 9, 20, tzinfo=UTC),
    ),
    DeskNote(
        invoice_number="CM-10101",
        text="WorkSafe says it was paid twice",
        by=_HEAD,
        at=datetime(2026, 11, 25, 9, 50, tzinfo=UTC),
    ),
)


def with_notes(view: DeskView) -> DeskView:
    """Return a view with what was noted on the rows of each invoice that waits or is left."""
    told = {note.invoice_number: (note,) for note in NOTES}
    review = tuple(replace(row, notes=told.get(row.stored.proposal.invoice_number, ())) for row in view.review)
    unmatched, skipped = (
        tuple(replace(row, notes=told.get(row.placement.invoice_number, ())) for row in rows)
        for rows in (view.unmatched, view.skipped)
    )
    return replace(view, review=review, unmatched=unmatched, skipped=skipped)


def note_events() -> Iterator[AuditEvent]:
    """Yield what History says of it."""
    for note in NOTES:
        yield AuditEvent(
            at=note.at, by=note.by, what=AuditWhat.NOTED, invoice_number=note.invoice_number, reason=in_words(note)
        )
