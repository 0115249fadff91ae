"""A clock that only counts: no correction changes it, and it goes on while the computer sleeps."""

import time

# Linux has the first, macOS the second; Windows' `time.monotonic` is one itself.
_CLOCK: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def steady_s() -> float:
    """Return seconds that no correction of the clock changes, and that are counted while the computer sleeps too."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)
