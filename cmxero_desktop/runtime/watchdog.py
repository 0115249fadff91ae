"""Notice that the schedule's looks are no longer taken, and decide what is done about it."""

from datetime import datetime, timedelta
from enum import Enum, auto

from cmxero_desktop.services.timetable.timetable import LOOK_EVERY, Clocks

_LATE_S = 4 * LOOK_EVERY / timedelta(seconds=1)
# A computer that wakes up, or that does something else, is given time to take the look.
_GRACE_S = 10.0


class Advice(Enum):
    """What is to be done."""

    NOTHING = auto()
    RING = auto()
    """Have a look taken now: the computer slept, or its clock was put back and the look waits for the old time."""

    RENEW = auto()
    """Begin anew with threads that live: a look was asked for and is not taken."""


class Watchdog:
    """Judges by the looks themselves, whatever keeps them from being taken. Not for several threads at a time."""

    def __init__(self, clocks: Clocks) -> None:
        """Begin as if a look had just been taken."""
        self._looked = clocks
        self._next_step_s: float | None = None
        self.still_since: datetime | None = None
        """Since when (aware UTC) no look is taken, where ringing was of no use; None where looks are taken."""

    def looked(self, clocks: Clocks) -> None:
        """Take in that a look was taken."""
        self._looked = clocks
        self._next_step_s = self.still_since = None

    def advise(self, clocks: Clocks) -> Advice:
        """Return what is to be done now; whoever asks does it."""
        now_s = clocks.steady_s
        if now_s - self._looked.steady_s <= _LATE_S:
            return Advice.NOTHING
        if self._next_step_s is None:
            self._next_step_s = now_s + _GRACE_S
            return Advice.RING
        if now_s < self._next_step_s:
            return Advice.NOTHING
        self._next_step_s = now_s + _LATE_S
        self.still_since = self._looked.wall
        return Advice.RENEW
