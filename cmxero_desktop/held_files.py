"""Work on files that others hold or read meanwhile: wait while one is in use, and put each there whole or not at all.

On Windows a virus scanner, a backup or OneDrive opens what is just written. Elsewhere nobody is refused a file because
somebody else has it open.
"""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read: whoever reads it finds the old one or all of the new. Raises OSError.

    Each writer has a half file of its own, so that two programs that write at once never take each other's away.
    """
    # Made by mkstemp, it can be read by its owner only.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        patiently(lambda: half.replace(path))
    except OSError:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise
