"""What the services need of this computer: keyring, settings file, clock, and turns among processes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cmxero_desktop.services.records.autostart import AutostartSeen
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


class Autostart(Protocol):
    """What starts the program, hidden in the tray, when the person signs in to this computer."""

    def seen(self) -> AutostartSeen:
        """Say how it is."""

    def set(self, *, is_on: bool) -> None:
        """Switch it on or off. Raises AutostartError."""


@dataclass(frozen=True, slots=True)
class SettingForms:
    """How settings stand in the fields of a form: each by its name, as a person would type it.

    `with_texts` gives the settings with what was typed; it raises SettingsError, which names all that cannot be.
    """

    texts_of: Callable[[Settings], Mapping[str, str]]
    with_texts: Callable[[Settings, Mapping[str, str]], Settings]


class SettingsFile(Protocol):
    """The settings file in the home folder. Every method raises SettingsError."""

    def exists(self) -> bool:
        """Say whether there is one yet."""

    def load(self) -> Settings:
        """Read it; unknown keys and bad values are named with their line."""

    def save(self, settings: Settings) -> None:
        """Write it, keeping comments that a person added."""
