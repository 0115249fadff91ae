"""What the window needs to know of the schedule, and the little that it may tell it."""

from datetime import datetime
from typing import Protocol

from cmxero_desktop.services.records.runs import PollRun


class ScheduleView(Protocol):
    """The schedule as the window sees it; every member may be used from the window's thread and never blocks."""

    @property
    def next_check_at(self) -> datetime | None:
        """When Xero is checked next (aware UTC); None while paused or where nothing is planned."""

    @property
    def is_paused(self) -> bool:
        """Whether checking is paused by a person."""

    @property
    def paused_until(self) -> datetime | None:
        """When a pause ends by itself; None where it lasts until resumed."""

    @property
    def still_since(self) -> datetime | None:
        """Since when nothing is asked for because of a fault (aware UTC); None where the schedule goes on."""

    def watch(self) -> None:
        """See that the schedule goes on, and have it begin anew where it does not; called every few seconds."""

    def pause(self, until: datetime | None) -> None:
        """Stop checking until then, or until resumed."""

    def resume(self) -> None:
        """Check again as planned."""

    def ended(self, run: PollRun | None, xero_until: datetime | None) -> None:
        """Take in how a check ended, whoever asked for it; None: it could not even be begun.

        `xero_until` is when a pause ends that Xero asked for, where it did.
        """

    def look_again(self, at: datetime | None) -> None:
        """Take in when a check is wanted before the next regular one (aware UTC); None wants none."""


class NoSchedule:
    """A desk that is checked by hand only."""

    def __init__(self) -> None:
        """Begin without a pause."""
        self._is_paused = False
        self._until: datetime | None = None

    @property
    def next_check_at(self) -> datetime | None:
        """Nothing is planned."""
        return None

    @property
    def is_paused(self) -> bool:
        """Whether a person paused."""
        return self._is_paused

    @property
    def paused_until(self) -> datetime | None:
        """When the pause ends."""
        return self._until

    @property
    def still_since(self) -> datetime | None:
        """What does not go cannot stand still."""
        return None

    def watch(self) -> None:
        """See nothing."""

    def pause(self, until: datetime | None) -> None:
        """Remember the pause."""
        self._is_paused, self._until = True, until

    def resume(self) -> None:
        """Forget the pause."""
        self._is_paused, self._until = False, None

    def ended(self, run: PollRun | None, xero_until: datetime | None) -> None:
        """Plan nothing, whatever happened."""

    def look_again(self, at: datetime | None) -> None:
        """Plan nothing for it either."""
