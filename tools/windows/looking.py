"""Start the window on the invented firm, and take a picture of it once it has drawn itself."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tools.windows.wine import Visit

_LIMIT_S: Final = 240
_EVERY_S: Final = 3
# A screen of one colour makes a file of some hundred bytes, the window with its rows one of a hundred thousand.
_DRAWN_BYTES: Final = 100_000


class NothingSeenError(Exception):
    """No window was drawn within the limit."""


def see_window(visit: Visit, program: Sequence[str], target: Path) -> None:
    """Start a program and keep a picture of the screen in `target`, a file of the place's work; NothingSeenError."""
    visit.set_for_good("QT_QPA_PLATFORM", "windows")
    visit.start(*program)
    target.unlink(missing_ok=True)
    before = -1
    until = time.monotonic() + _LIMIT_S
    while time.monotonic() < until:
        visit.picture(visit.place.inside(target))
        size = target.stat().st_size if target.exists() else 0
        if size >= _DRAWN_BYTES and size == before:
            return
        before = size
        time.sleep(_EVERY_S)
    raise NothingSeenError(f"no window stood on the screen within {_LIMIT_S} s: see {target}")
