"""Keep the window from standing still: when Python looks for garbage, and where what is no longer shown is let go of.

A full collection looks at every living object and holds up all threads meanwhile, 40 microseconds for a row that is
shown: seconds, at a large firm. So the collector does not come by itself while the window is open. It comes before each
reading, on the worker, and what was read is then put where it does not look. Records form no circles: what they leave
when they are replaced is freed without it.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cmxero_desktop.ui.desk.content import DeskContent

# How long a thread may keep the others waiting that want to go on. Python's own 5 ms are a third of a frame.
_TURN_S = 0.001
# So many rows a full collection may look at while a person waits: 16 ms.
_FEW_ROWS = 400
# Every so many readings everything is looked at: once a day, where a check is made every ten minutes.
_READINGS = 144
_SLICE = 500


@contextmanager
def without_pauses() -> Iterator[None]:
    """Hold the collector back, and let threads take turns more often, while the window is open."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_S)
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()
        sys.setswitchinterval(before)


class Collecting:
    """Collects around each reading of what the window shows. Belongs to the worker's thread."""

    def __init__(self) -> None:
        """Begin with the first reading."""
        self._readings = 0
        self._rows = 0

    def before_reading(self) -> None:
        """Collect what the work before left; where it costs nothing, or once a day, what is shown as well."""
        if gc.isenabled():
            return
        self._readings += 1
        if self._rows <= _FEW_ROWS or self._readings % _READINGS == 0:
            gc.unfreeze()
        gc.collect()

    def after_reading(self, content: DeskContent) -> None:
        """Put what was read where the collector does not look."""
        if gc.isenabled():
            return
        self._rows = sum(map(len, _rows_of(content)))
        gc.freeze()


def let_go(kept: list[DeskContent]) -> None:
    """Let go of content that is no longer shown, row by row, so that no thread waits long. Empties the list."""
    piles = [list(rows) for content in kept for rows in _rows_of(content)]
    kept.clear()
    for pile in piles:
        while pile:
            del pile[-_SLICE:]


def _rows_of(content: DeskContent) -> tuple[tuple[object, ...], ...]:
    view = content.view
    return (view.matched, view.unmatched, view.skipped, view.review, view.history)
