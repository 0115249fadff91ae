"""What may be asked of a desk from any thread: where its work is, and an end to what it waits for."""

from typing import Protocol

from cmxero_desktop.services.records.runs import PollProgress


class Waits(Protocol):
    """The waits of a desk. Nothing here blocks, so that the window's thread may ask while the worker waits."""

    def progress(self) -> PollProgress | None:
        """Say where a check is; None at rest."""

    def stop_waiting(self) -> None:
        """End a wait that Xero asked for, and what is being written before its next row; at rest nothing happens."""

    def cancel_sign_in(self) -> None:
        """End a sign-in that waits for the browser; nothing happens where none does."""


class NoWaits:
    """Implements `Waits` for a desk that is not open: nothing waits."""

    def progress(self) -> PollProgress | None:
        """Nothing is under way."""
        return None

    def stop_waiting(self) -> None:
        """Nothing waits."""

    def cancel_sign_in(self) -> None:
        """Nobody signs in."""
