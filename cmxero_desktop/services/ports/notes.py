"""What the services need of our own store about notes on payments."""

from collections.abc import Iterable
from typing import Protocol

from cmxero_desktop.domain.desk_notes import DeskNote


class DeskNotes(Protocol):
    """Notes on payments, with who sees to them and when; what has ended is kept for good and never shown again."""

    def standing(self) -> tuple[DeskNote, ...]:
        """Return the notes that have not ended, in the order in which they were kept."""

    def keep(self, note: DeskNote) -> None:
        """Keep a new note."""

    def renew(self, note: DeskNote) -> None:
        """Let a note that stands say this from now on."""

    def end(self, notes: Iterable[DeskNote]) -> None:
        """End notes; nothing happens where one has ended already."""
