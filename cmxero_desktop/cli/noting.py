"""The verb that notes something on a row's payments: words, who sees to it, and when to look again."""

import argparse
from collections.abc import Sequence

from cmxero_desktop.cli.answers import Answer
from cmxero_desktop.cli.rows import noted
from cmxero_desktop.domain.desk_notes import DeskNote, follow_up_of, in_words, owner_of, text_of
from cmxero_desktop.domain.strangers import as_lines
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.verbs.commands.saying import WriteNote
from cmxero_desktop.services.verbs.commands.viewing import ReadView
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.services.viewing.desk_view import DeskView

_NOTHING = "Nothing is noted on this row."


def note(asked: argparse.Namespace, desk: Desk) -> Answer:
    """Keep what is given of a note and leave the rest of it as it is, or show it."""
    before = _notes_of(desk.run(ReadView()), asked.id)
    if asked.remove:
        return _kept(desk, WriteNote(row_id=asked.id, by=asked.by, seen=before))
    if before is not None and asked.text is None and asked.owner is None and asked.follow_up is None:
        return Answer(noted(before), as_lines(map(_said, before)) or _NOTHING)
    seen = before or ()
    command = WriteNote(
        row_id=asked.id,
        by=asked.by,
        text=text_of(seen) if asked.text is None else asked.text,
        owner=owner_of(seen) if asked.owner is None else asked.owner,
        follow_up=follow_up_of(seen) if asked.follow_up is None else asked.follow_up[0],
        seen=before,
    )
    return _kept(desk, command)


def _notes_of(view: DeskView, row_id: str) -> tuple[DeskNote, ...] | None:
    """Return what is noted on a row, None where no list has it: the desk then says what ids there are."""
    rows: Sequence[tuple[str, tuple[DeskNote, ...]]] = [
        *((row.row_id, row.notes) for row in (*view.review, *view.rejected)),
        *((row.row_id, row.notes) for row in (*view.matched, *view.unmatched, *view.skipped)),
    ]
    return next((notes for found, notes in rows if found == row_id), None)


def _said(note: DeskNote) -> str:
    return f"{note.by}, {day(note.at.astimezone().date())}: {in_words(note)}"


def _kept(desk: Desk, command: WriteNote) -> Answer:
    said = desk.run(command)
    return Answer({"said": said}, said)
