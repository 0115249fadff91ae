"""Write missed checks down as soon as the store takes them, so that a store that is away for a while costs none."""

import logging
from collections import deque
from collections.abc import Callable

from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.records.runs import MissedChecks

_log = logging.getLogger(__name__)


class MissedNotes:
    """Keeps what is to be written until it is. `add` may be called from any thread, the rest is the worker's."""

    def __init__(
        self,
        note: Callable[[MissedChecks], None],
        on_worker: Callable[[Callable[[], None]], None],
        then: Callable[[], None],
    ) -> None:
        """Keep the verb that writes one row and raises DeskError, the way to the worker, and what follows a row."""
        self._note = note
        self._on_worker = on_worker
        self._then = then
        self._waiting: deque[MissedChecks] = deque()

    def add(self, missed: MissedChecks) -> None:
        """Have checks written down."""
        self._waiting.append(missed)
        self._on_worker(self.write)

    def write(self) -> None:
        """Write what waits, on the worker; what the store does not take now waits on."""
        while self._waiting:
            try:
                self._note(self._waiting[0])
            except DeskError as error:
                _log.warning("Missed checks could not be written into History yet: %s", error)
                return
            self._waiting.popleft()
            self._then()
