"""What is noted on a row, as it is shown: with who said it and when, or in one line for a cell."""

from collections.abc import Iterable, Sequence
from datetime import date

from cmxero_desktop.domain.desk_notes import DeskNote, follow_up_of, in_words, owner_of, text_of
from cmxero_desktop.domain.placements import Bucket
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow, ReviewRow
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import day_or_blank, moment

PROGRAM = "program"
SKIPPED_DUE, UNMATCHED_DUE = "follow up in Skipped", "follow up in Unmatched"
"""What a notice or a line of the bell is about: rows of either list whose day has come."""


NOTED = Badge("note", Tone.MUTED)
"""Marks a row on which something is noted, where its column has no room."""


def noted_lines(notes: Iterable[DeskNote]) -> str:
    """Return each note with who wrote it and when, the newest first."""
    return "\n".join(f"Note by {note.by}, {moment(note.at)}: {in_words(note)}" for note in notes)


def noted_in_cell(notes: Sequence[DeskNote]) -> str:
    """Return the words of all notes in one line."""
    return " / ".join(text_of(notes).split("\n"))


def follow_up_in_cell(notes: Sequence[DeskNote]) -> str:
    """Return the day on which a row is to be looked at again."""
    return day_or_blank(follow_up_of(notes))


def has_follow_ups(row: ReviewRow | PaymentRow) -> bool:
    """Say whether somebody may see to a row, and a day be set: in Skipped and Unmatched."""
    return isinstance(row, PaymentRow) and row.placement.bucket is not Bucket.MATCHED


def due_rows(rows: Iterable[PaymentRow], today: date) -> tuple[PaymentRow, ...]:
    """Return the rows whose day has come, the longest due first."""
    noted = (row for row in rows if row.notes)
    due = [(day, row) for row in noted if (day := follow_up_of(row.notes)) is not None and day <= today]
    return tuple(row for _, row in sorted(due, key=lambda one: one[0]))


def due_in(view: DeskView) -> tuple[PaymentRow, ...]:
    """Return the rows of both lists whose day has come, by the organisation's day of the last check."""
    today = view.state.comparison.today
    return (*due_rows(view.skipped, today), *due_rows(view.unmatched, today)) if today is not None else ()


def people_of(view: DeskView, *names: str) -> tuple[str, ...]:
    """Return everybody who may see to a row: who decided anything here, who sees to one already, and these."""
    found = {entry.event.by for entry in view.history} - {PROGRAM}
    found |= {owner_of(row.notes) for row in (*view.skipped, *view.unmatched)}
    return tuple(sorted({*found, *names} - {""}, key=str.casefold))
