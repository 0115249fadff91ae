"""Let a person stop what is being written without losing sight of what was: the first Ctrl+C waits for the row."""

import _thread
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = "Stopping after the row that is being written. Ctrl+C once more stops at once."


@contextmanager
def stopped_between_rows(stop: Callable[[], object], say: Callable[[str], object]) -> Iterator[None]:
    """Call `stop` at the first Ctrl+C and go on, so that the report comes out; a second one stops at once."""

    def hear(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        # On a thread of its own: a handler must take no lock that whoever it interrupts may hold.
        _thread.start_new_thread(_stop, (stop, say))

    try:
        before = signal.signal(signal.SIGINT, hear)
    except ValueError:
        # Only the main thread hears signals.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _stop(stop: Callable[[], object], say: Callable[[str], object]) -> None:
    stop()
    say(STOPPING)
