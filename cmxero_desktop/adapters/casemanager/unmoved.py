"""Tell without reading it whether an SQLite file is what it was: by the counter that each commit moves on.

The file's header counts the commits (SQLite's file format, 1.3.7), but where a write-ahead log is used; nothing is held
open, so that nobody who replaces or copies the file is hindered. What looks odd in any way is no answer.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cmxero_desktop.services.records.readings import CaseMarks, CaseReading

_HEADER = 100
_MAGIC = b"SQLite format 3\0"
# The write version and the read version: 1 is a rollback journal, 2 a write-ahead log.
_VERSIONS = slice(18, 20)
_ROLLBACK = b"\x01\x01"
_COUNTED = slice(24, 100)
_BELIEVED_S = 30 * 60


@dataclass(frozen=True, slots=True)
class FileState:
    """What the file is at one instant: equal states mean equal rows."""

    place: tuple[int, int]
    size: int
    changed_ns: int
    header: bytes


def state_of(path: Path) -> FileState | None:
    """Return the state of a file, None where somebody is writing or where its header does not tell of writes.

    Never ask while a connection of this process to it is open: outside Windows, closing a file ends all locks that the
    process holds on it (SQLite's "How to corrupt", 2.2), and then somebody may write into what is being read.
    """
    try:
        # The journal lies beside the file itself, wherever a link to it lies.
        path = path.resolve()
        if _is_being_written(path):
            return None
        with path.open("rb", buffering=0) as file:
            seen = os.fstat(file.fileno())
            header = file.read(_HEADER)
        is_same = os.path.samestat(seen, path.stat())
    except OSError:
        return None
    if not is_same or len(header) < _HEADER or not header.startswith(_MAGIC) or header[_VERSIONS] != _ROLLBACK:
        return None
    # Whoever began meanwhile has not committed before his journal is gone again, and then the header is another.
    if _is_being_written(path):
        return None
    return FileState((seen.st_dev, seen.st_ino), seen.st_size, seen.st_mtime_ns, header[_COUNTED])


def _is_being_written(path: Path) -> bool:
    return any(path.with_name(f"{path.name}{end}").exists() for end in ("-journal", "-wal"))


class LastReading:
    """Remembers the marks of the last reading of everything, and when nothing can have changed since.

    `file` is None for a server, of which nothing is known without asking. A header is never believed for longer than
    half an hour: then everything is read again.
    """

    def __init__(self, file: Path | None, *, steady_s: Callable[[], float] = time.monotonic) -> None:
        """Begin without any reading."""
        self._file = file
        self._steady_s = steady_s
        self._kept: _Kept | None = None

    def state(self) -> FileState | None:
        """Return what the file is now, None where that says nothing."""
        return None if self._file is None else state_of(self._file)

    def keep(self, begun: FileState | None, reading: CaseReading) -> None:
        """Keep a reading that was begun at a state of the file, as far as nobody wrote while it was made."""
        is_still = begun is not None and self.state() == begun
        # What was decoded is not asked for again.
        marked = replace(reading, sides={}, others=())
        self._kept = _Kept(begun, self._steady_s(), marked) if begun is not None and is_still else None

    def unmoved(self, now: FileState | None, unlike: CaseMarks | None) -> CaseReading | None:
        """Return the reading that these marks are of, where the file is what it was then; else None."""
        kept = self._kept
        if kept is None or now is None or kept.state != now or kept.reading.marks is not unlike:
            return None
        return kept.reading if 0 <= self._steady_s() - kept.read_s < _BELIEVED_S else None


@dataclass(frozen=True, slots=True)
class _Kept:
    state: FileState
    read_s: float
    reading: CaseReading
