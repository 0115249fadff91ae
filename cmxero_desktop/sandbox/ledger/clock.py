"""The sandbox's clock: real by default, and frozen or moved forward when a test or a demo asks for it."""

from datetime import UTC, datetime, timedelta
from threading import Lock


class Clock:
    """Tell the time to every part of the sandbox: one call moves tokens, limits and stamps together."""

    def __init__(self, frozen_at: datetime | None = None) -> None:
        self._lock = Lock()
        self._frozen_at = frozen_at
        self._shift = timedelta()

    def now(self) -> datetime:
        """Return the present moment as aware UTC, to the millisecond as Xero keeps it."""
        with self._lock:
            moment = self._frozen_at or datetime.now(UTC) + self._shift
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop at `at`, or at the present moment."""
        moment = (at or self.now()).astimezone(UTC)
        with self._lock:
            self._frozen_at = moment

    def advance(self, by: timedelta) -> None:
        """Move forward, whether frozen or running; a clock that went backwards would not be Xero's."""
        if by < timedelta():
            message = f"the sandbox's clock does not go backwards: {by}"
            raise ValueError(message)
        with self._lock:
            if self._frozen_at is None:
                self._shift += by
            else:
                self._frozen_at += by

    def run(self) -> None:
        """Run on from wherever the clock stands."""
        with self._lock:
            if self._frozen_at is not None:
                self._shift = self._frozen_at - datetime.now(UTC)
                self._frozen_at = None
