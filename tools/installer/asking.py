"""Ask an installed program as a person's own desk, and compare what came with what has to be."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.windows.journey import WrongError
from tools.windows.wine import Told, Visit

FOLDER: Final = "users/root/AppData/Local/Programs/CM-Xero Desk"
"""Where the setup program installs, below drive C:."""

OWN: Final = "users/root/AppData/Local/cm-xero-desk"
"""Where the person's own settings and records are, below drive C:."""

CALL_LIMIT_S: Final = 240
_EVERY_S: Final = 1


@dataclass(frozen=True, slots=True)
class Installed:
    """What was installed, in the Wine prefix of a visit; it takes the usual home folder, which nobody names."""

    visit: Visit

    @property
    def command_line(self) -> str:
        """The name of `cmxero.exe` inside the system."""
        return self._name("cmxero.exe")

    @property
    def desktop(self) -> str:
        """The name of `cmxero-desktop.exe` inside the system."""
        return self._name("cmxero-desktop.exe")

    @property
    def settings(self) -> Path:
        """The settings file of whoever uses the computer."""
        return self.visit.drive_c / OWN / "settings.toml"

    def tell(self, *words: str, expect: int = 0) -> Told:
        """Run a verb as a person reads it; WrongError."""
        told = self.visit.run(self.command_line, *words, limit_s=CALL_LIMIT_S)
        if told.status != expect:
            raise WrongError(f"{words}: exit status {told.status}\n{told.out}\n{told.error}")
        return told

    def ask(self, *words: str) -> Any:  # noqa: ANN401 - any JSON document
        """Run a verb, and return the one JSON document that it prints; WrongError."""
        return json.loads(self.tell(*words, "--json").out)

    def _name(self, program: str) -> str:
        return self.visit.place.inside(self.visit.drive_c / FOLDER / program)


def same(what: str, found: object, expected: object) -> None:
    """Raise WrongError where something is not as it has to be."""
    if found != expected:
        raise WrongError(f"{what}: {found!r}, not {expected!r}")


def contains(what: str, told: str, *parts: str) -> None:
    """Raise WrongError where a text lacks a part."""
    for part in parts:
        if part not in told:
            raise WrongError(f"{what} lacks {part!r}: {told}")


def wait_until(is_so: Callable[[], bool], otherwise: str) -> None:
    """Wait for something that a program does by itself. WrongError."""
    deadline = time.monotonic() + CALL_LIMIT_S
    while not is_so():
        if time.monotonic() >= deadline:
            raise WrongError(f"{otherwise} within {CALL_LIMIT_S} s")
        time.sleep(_EVERY_S)
