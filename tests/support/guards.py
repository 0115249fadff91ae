"""Fails a test that leaves noise behind: an unexpected log warning, a thread, or a top-level window.

Python warnings and Qt messages fail a test too; pyproject.toml sets those (`filterwarnings`, `qt_log_level_fail`).
"""

import logging
import sys
import threading
from collections.abc import Iterator
from typing import Final

import pytest

# As long as a busy machine may take; a thread that was never told to stop costs a failing run as much.
JOIN_TIMEOUT_S: Final = 20.0

LASTING_THREADS: Final = (
    "execnet",  # pytest-xdist's own channel to its workers
    "pytest_timeout",  # a watchdog of the test runner
)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on WARNING and above, except from the loggers that `@pytest.mark.allow_log(...)` names (none: all)."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    marker = request.node.get_closest_marker("allow_log")
    if marker is not None and not marker.args:
        return
    allowed: tuple[str, ...] = marker.args if marker is not None else ()
    noise = [record for record in collector.records if not _is_from(record, allowed)]
    if noise:
        lines = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in noise]
        pytest.fail("unexpected log records:\n" + "\n".join(lines), pytrace=False)


@pytest.fixture(autouse=True)
def _no_thread_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on a thread, daemon or not, that outlives its test; `@pytest.mark.allow_threads(...)` names exceptions."""
    before = set(threading.enumerate())
    yield
    marker = request.node.get_closest_marker("allow_threads")
    allowed = LASTING_THREADS + (marker.args if marker is not None else ())
    started = [thread for thread in threading.enumerate() if thread not in before]
    left = [thread for thread in started if not thread.name.startswith(allowed)]
    for thread in left:
        # A thread that was told to stop may need an instant; a dummy one belongs to a foreign (Qt) thread.
        if not isinstance(thread, threading._DummyThread):
            thread.join(JOIN_TIMEOUT_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    if alive:
        pytest.fail(f"threads left behind: {', '.join(alive)}", pytrace=False)


@pytest.fixture(autouse=True)
def _no_window_left() -> Iterator[None]:
    """Fail on a top-level widget that outlives its test."""
    before = _windows()
    yield
    left = [name for address, name in _windows().items() if address not in before]
    if left:
        pytest.fail(f"top-level widgets left behind: {', '.join(left)}", pytrace=False)


def _is_from(record: logging.LogRecord, loggers: tuple[str, ...]) -> bool:
    return any(record.name == name or record.name.startswith(f"{name}.") for name in loggers)


def _windows() -> dict[int, str]:
    """Name every top-level widget by its address, without importing Qt for a test that has no use for it."""
    if "PySide6.QtWidgets" not in sys.modules:
        return {}
    from PySide6.QtCore import QCoreApplication, QEvent  # noqa: PLC0415 - only where Qt is loaded anyway
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - as above
    from shiboken6 import Shiboken  # noqa: PLC0415 - as above

    if not isinstance(QCoreApplication.instance(), QApplication):
        return {}
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return {
        Shiboken.getCppPointer(widget)[0]: f"{type(widget).__name__}({widget.objectName()})"
        for widget in QApplication.topLevelWidgets()
    }
