"""Run blocking jobs on the one worker thread and bring their results back to the window's thread."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")

OnWorker = Callable[[Callable[[], None]], None]
"""Runs a callable on the worker thread, after those that were given before it."""


class JobBridge(QObject):
    """The crossing between the window's thread and the worker's, by one queued signal."""

    busy_changed = Signal(str)
    _landed = Signal(object)

    def __init__(self, on_worker: OnWorker) -> None:
        """Keep the way to the worker. The bridge has no parent: a job that still runs keeps it alive."""
        super().__init__()
        self._on_worker = on_worker
        self._names: list[str] = []
        self._is_open = True
        self._landed.connect(self._land, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a job is waiting or running."""
        return bool(self._names)

    def submit(
        self, name: str, job: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], None]
    ) -> None:
        """Run `job` on the worker, then exactly one of `done` and `failed` here; `name` says on screen what goes on."""
        self._names.append(name)
        self.busy_changed.emit(self._names[0])

        def run() -> None:
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 - whatever a job raises is shown to the person, never lost
                self._landed.emit(partial(self._finish, name, partial(failed, _failure_of(error))))
            else:
                self._landed.emit(partial(self._finish, name, partial(done, result)))

        self._on_worker(run)

    def let_go(self, job: Callable[[], None]) -> None:
        """Run what nobody waits for, and nobody is told of, on the worker."""
        self._on_worker(job)

    def close(self) -> None:
        """Ignore results that arrive from now on."""
        self._is_open = False

    @Slot(object)
    def _land(self, outcome: Callable[[], None]) -> None:
        if self._is_open:
            outcome()

    def _finish(self, name: str, deliver: Callable[[], object]) -> None:
        self._names.remove(name)
        self.busy_changed.emit(self._names[0] if self._names else "")
        deliver()


def _failure_of(error: BaseException) -> Exception:
    """Return what to show: a job that would have ended its thread, as by SystemExit, has failed like any other."""
    if isinstance(error, Exception):
        return error
    failure = RuntimeError(f"{type(error).__name__} from a job: {error}")
    failure.__cause__ = error
    return failure
