"""Say where a check is, and wait where Xero asks for it until a person has enough of waiting."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cmxero_desktop.services.records.runs import PollProgress

# Windows lets no Ctrl+C into a wait, and anywhere one is lost that comes as the wait begins: then the next one sees it.
_AT_A_TIME_S = 0.25


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Progress:
    """Implements `Patience`. The worker tells and waits; the window's thread looks and stops and is never blocked."""

    def __init__(self, now: Callable[[], datetime] = _utc_now, say: Callable[[str], object] = str) -> None:
        """Begin at rest. `say` is told of each wait, for those who have no window to look at."""
        self._now = now
        self._say = say
        self._stopped = threading.Event()
        self._shown: PollProgress | None = None
        self._text = ""

    @property
    def shown(self) -> PollProgress | None:
        """Where the check is; None at rest."""
        return self._shown

    @property
    def is_stopped(self) -> bool:
        """Whether a person has had enough of what is being done."""
        return self._stopped.is_set()

    def tell(self, text: str) -> None:
        """Say what is being done; an empty text means rest."""
        if text and not self._text:
            self._stopped.clear()
        self._text = text
        self._shown = PollProgress(text=text) if text else None

    def wait(self, seconds: float, because: str) -> bool:
        """Wait for Xero; return False where a person stopped the waiting, in this check or only now."""
        if not self._text:
            self._stopped.clear()
        until = self._now() + timedelta(seconds=seconds)
        self._shown = PollProgress(text=because, waits_until=until)
        self._say(f"{because} It goes on at {until.astimezone():%H:%M:%S}.")
        ends_at_s = time.monotonic() + seconds
        while not self._stopped.wait(max(0.0, min(seconds, _AT_A_TIME_S))):
            seconds = ends_at_s - time.monotonic()
            if seconds <= 0:
                break
        self.tell(self._text)
        return not self._stopped.is_set()

    def stop(self) -> None:
        """End a wait, and those that the same work would still make, before its next row; at rest nothing happens."""
        self._stopped.set()
