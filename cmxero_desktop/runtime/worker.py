"""One thread that runs every poll, approval, apply and migration, one after the other."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]

_log = logging.getLogger(__name__)


class Worker:
    """Runs jobs in the order they were given. A job never waits for a person."""

    def __init__(self, name: str = "desk-worker") -> None:
        """Start the thread."""
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Run `job` after those that wait already; what it raises is logged and costs only itself."""
        self._jobs.put(job)

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Let the present job end, drop nothing that was submitted before, and end the thread; say whether it ended."""
        self._jobs.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except BaseException:  # noqa: BLE001 - a SystemExit, too, ends no more than the job: others wait behind it
                _log.exception("A job failed in a way that nobody foresaw")
