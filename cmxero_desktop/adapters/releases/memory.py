"""Keep in the home folder what the maker told last, so that nobody can go back behind it."""

import json
from datetime import datetime
from pathlib import Path

from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.held_files import patiently, write_whole
from cmxero_desktop.services.records.releases import ReleasesRemembered

MEMORY_FILE = "updates.json"
_MOST_BYTES = 1_000_000


class ReleaseMemoryFile:
    """Implements `ReleaseMemory` by one small file."""

    def __init__(self, home: Path) -> None:
        """Remember the home folder; nothing is opened yet."""
        self._path = home / MEMORY_FILE

    def load(self) -> ReleasesRemembered:
        """Return what is kept; a file that makes no sense is as good as none."""
        try:
            # Whoever takes it for gone forgets what must not be gone back behind.
            with patiently(lambda: self._path.open("rb")) as file:
                found = json.loads(file.read(_MOST_BYTES))
            return ReleasesRemembered(
                key=str(found["key"]),
                text=str(found["text"]),
                asked_at=_instant(found["asked_at"]),
                due_at=_instant(found["due_at"]),
                trouble=str(found["trouble"]),
                remedy=str(found["remedy"]),
            )
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return ReleasesRemembered()

    def save(self, remembered: ReleasesRemembered) -> None:
        """Write the file, whole or not at all. Raises ReleaseError."""
        document = {
            "key": remembered.key,
            "text": remembered.text,
            "asked_at": _written(remembered.asked_at),
            "due_at": _written(remembered.due_at),
            "trouble": remembered.trouble,
            "remedy": remembered.remedy,
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps(document, indent=1).encode("ascii"))
        except OSError as error:
            message = f"What was told of newer versions cannot be kept in {self._path}: {error.strerror}."
            raise ReleaseError(message, "Make room on that disk, or check your rights in the folder.") from error


def _instant(written: object) -> datetime | None:
    if written is None:
        return None
    found = datetime.fromisoformat(str(written))
    if found.tzinfo is None:
        raise ValueError("an instant has a zone")
    return found


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
