"""Let only one process of this computer check Xero for a home folder; a killed one gives its turn back at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from cmxero_desktop.domain.errors import XeroUnavailableError

# Longer than a first load of a large firm takes with Xero's limits.
_LONGEST_S = 1_800.0


class OnePoll:
    """Implements `Turn` by a locked file in the home folder."""

    def __init__(self, home: Path, tell: Callable[[str], None], longest_s: float = _LONGEST_S) -> None:
        """Remember where the file is; nothing is locked yet. `tell` says on screen whom it waits for."""
        self._path = home / "poll.lock"
        self._tell = tell
        self._longest_s = longest_s

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Wait for the turn and keep it. Raises XeroUnavailableError where another process keeps it for too long."""
        lock = FileLock(self._path)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._acquire(lock)
        except Timeout as error:
            message = "Another running copy of this program has been checking Xero for half an hour."
            raise XeroUnavailableError(message, "Close the other copy and check again.") from error
        except OSError as error:
            message = f"The file {self._path} cannot be used: {error.strerror}."
            raise XeroUnavailableError(message, "Check the rights on the program's folder.") from error
        try:
            yield
        finally:
            lock.release()

    def _acquire(self, lock: FileLock) -> None:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._tell("Another running copy of this program checks Xero: waiting for it")
            lock.acquire(timeout=self._longest_s)
