"""What is new to a person: what came since they last left the window, until they stood on it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cmxero_desktop.ui.desk.preferences import MemoryPreferences, Preferences

_LOOKED_AT = "looked_at"
# Whoever looks something up in Xero and comes back goes on with the same look.
_STILL_THERE = timedelta(minutes=5)


class LastLook:
    """Remembers over restarts when the window was last left; where that is not known, what is there is not new."""

    def __init__(self, now: Callable[[], datetime], preferences: Preferences | None = None) -> None:
        """Begin to look."""
        self._now = now
        self._preferences = preferences or MemoryPreferences()
        self._seen: set[str] = set()
        self._is_here = False
        self._since = self._left_at() or now()

    def is_new(self, row_id: str, came_at: datetime) -> bool:
        """Say whether a row came since the last look, and nobody stood on it here."""
        return came_at > self._since and row_id not in self._seen

    def see(self, row_id: str) -> bool:
        """Note that a person stands on a row; say whether that is news."""
        is_first = row_id not in self._seen
        self._seen.add(row_id)
        return is_first

    def leave(self) -> None:
        """Note that the person goes away: what comes from now on is new to them.

        A window that nobody has come back to is hidden and closed later, and nobody has seen anything by that.
        """
        if self._is_here:
            self._is_here = False
            self._preferences.set(_LOOKED_AT, self._now().isoformat())

    def come_back(self) -> None:
        """Go on with the look, or begin another one: then what stood there before is not new any more."""
        self._is_here = True
        left_at = self._left_at()
        if left_at is not None and self._now() - left_at >= _STILL_THERE:
            self._since = left_at
            self._seen.clear()

    def _left_at(self) -> datetime | None:
        text = self._preferences.get(_LOOKED_AT)
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            # Somebody wrote in the file: then nothing is known.
            return None
