"""Wait where another program holds a file: on Windows a virus scanner, a backup or OneDrive opens what is just written.

Elsewhere nobody is refused a file because somebody else has it open.
"""

import time
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")
_EVERY_S, _TRIES = 0.05, 30
# What Windows says of a file that is in use: access denied, a sharing violation, a lock violation.
_IN_USE = frozenset({5, 32, 33})


def patiently(act: Callable[[], _T], wait: Callable[[float], object] = time.sleep) -> _T:
    """Do something to a file, and try again for a moment while Windows says that it is in use. Raises OSError."""
    for _ in range(_TRIES):
        try:
            return act()
        except OSError as error:
            if getattr(error, "winerror", None) not in _IN_USE:
                raise
        wait(_EVERY_S)
    return act()
