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
            except Exception:  # noqa: BLE001 - the thread outlives whatever one job does
                _log.exception("A job failed in a way that nobody foresaw")


class Joining:
    """Lets a second request for the same work join the first instead of running it twice."""

    def __init__(self, worker: Worker, job: Job) -> None:
        """Keep the worker and the job."""
        self._worker = worker
        self._job = job
        self._lock = threading.Lock()
        self._is_waiting = False

    def request(self) -> bool:
        """Ask for one run; return False where a run that has not begun yet serves this request too."""
        with self._lock:
            if self._is_waiting:
                return False
            self._is_waiting = True
        self._worker.submit(self._run)
        return True

    def _run(self) -> None:
        with self._lock:
            self._is_waiting = False
        self._job()
