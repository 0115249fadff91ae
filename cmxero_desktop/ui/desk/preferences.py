"""The few choices that the window remembers for one person on one computer."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSettings

APPROVER = "approver"
ON_CLOSE = "on_close"
QUIET_ON = "quiet_on"
KEEP_RUNNING = "keep running"
QUIT = "quit"


class Preferences(Protocol):
    """Remembers short texts by name; an unknown name gives an empty text."""

    def get(self, key: str) -> str:
        """Return what was remembered."""

    def set(self, key: str, value: str) -> None:
        """Remember."""


class MemoryPreferences:
    """Remembers until the program ends, for the demo."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._values: dict[str, str] = {}

    def get(self, key: str) -> str:
        """Return what was remembered."""
        return self._values.get(key, "")

    def set(self, key: str, value: str) -> None:
        """Remember."""
        self._values[key] = value


class FilePreferences:
    """Remembers in an INI file of the home folder."""

    def __init__(self, path: Path) -> None:
        """Open the file; it is made with the first value."""
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, key: str) -> str:
        """Return what was remembered."""
        return str(self._settings.value(f"window/{key}", ""))

    def set(self, key: str, value: str) -> None:
        """Remember, and write the file now."""
        self._settings.setValue(f"window/{key}", value)
        self._settings.sync()
