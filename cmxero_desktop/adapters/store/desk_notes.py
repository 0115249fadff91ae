"""Keep notes on payments; what has ended stays in its row and is never shown again."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.desk_notes import DeskNote

_notes = tables.desk_notes
_decode = decoder(DeskNote)


class NoteTable(Work):
    """Notes on payments, by their place."""

    def standing(self) -> tuple[DeskNote, ...]:
        """Return the notes that have not ended, in the order in which they were kept."""
        living = select(_notes).where(_notes.c.has_ended.is_(False)).order_by(_notes.c.position)
        return tuple(replace(_decode(row.record), place=row.position) for row in self._connection.execute(living))

    def keep(self, note: DeskNote) -> None:
        """Keep a new note."""
        self._insert(_notes, [{"has_ended": False, "record": encode(replace(note, place=0))}])
        self._touch_shown({note.invoice_number})

    def renew(self, note: DeskNote) -> None:
        """Let a note that stands say this from now on."""
        numbers = {old.invoice_number for old in self.standing() if old.place == note.place}
        statement = _notes.update().where(_notes.c.position == note.place)
        self._connection.execute(statement.values(record=encode(replace(note, place=0))))
        self._touch_shown(numbers | {note.invoice_number})

    def end(self, notes: Iterable[DeskNote]) -> None:
        """End notes; nothing happens where one has ended already."""
        for note in notes:
            self._connection.execute(_notes.update().where(_notes.c.position == note.place).values(has_ended=True))
            self._touch_shown({note.invoice_number})
