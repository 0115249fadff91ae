"""What the services need of this computer: keyring, settings file, clock, and turns among processes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from cmxero_desktop.services.records.settings import Settings

Clock = Callable[[], datetime]
"""Returns now as aware UTC."""


Turn = Callable[[], AbstractContextManager[object]]
"""Waits until no other process of this computer checks Xero for the same home folder, and keeps them waiting."""


class Secrets(Protocol):
    """The operating system's keyring. Every method raises SecretsError."""

    def get(self, name: str) -> str | None:
        """Return a secret, or None where there is none."""

    def set(self, name: str, value: str) -> None:
        """Store a secret."""

    def delete(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""


class SettingsFile(Protocol):
    """The settings file in the home folder. Every method raises SettingsError."""

    def exists(self) -> bool:
        """Say whether there is one yet."""

    def load(self) -> Settings:
        """Read it; unknown keys and bad values are named with their line."""

    def save(self, settings: Settings) -> None:
        """Write it, keeping comments that a person added."""
