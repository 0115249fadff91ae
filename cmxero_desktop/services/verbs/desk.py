"""The desk as the window and the command line know it: it takes a command and gives its report."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from cmxero_desktop.services.ports.waits import Waits
from cmxero_desktop.services.verbs.commands.command import Command, Report


class Desk(Protocol):
    """Runs commands, one at a time and on one thread: each blocks, and raises DeskError where it cannot be done."""

    def run(self, command: Command[Report]) -> Report:
        """Run a command and return its report. Raises DeskError."""

    @property
    def waits(self) -> Waits:
        """What may be asked from any thread, while a command runs; it is the same object from first to last."""


class DeskFactory(Protocol):
    """Opens the desk of a home folder; `home` None means `CMXERO_HOME` or the platform's own folder."""

    def open(self, home: Path | None) -> AbstractContextManager[Desk]:
        """Open store, Case Manager and Xero; settle what a crash left open; close everything at the end."""

    def closed(self, home: Path | None) -> AbstractContextManager[Desk]:
        """Give a desk that opens each part only where a command needs it.

        It sets up, connects and looks for faults: what must work where the desk cannot be opened as a whole.
        """
