"""What the wizard needs to set the program up."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cmxero_desktop.services.ports.waits import Waits
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.autostart import AutostartSeen
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.runs import PollProgress
from cmxero_desktop.services.records.setup import DatabaseSeen, FirstReport, SetupAnswers


class FirstDesk(Protocol):
    """The desk of a home folder that was just set up."""

    @property
    def waits(self) -> Waits:
        """What may be asked from any thread, while it checks."""

    def check_everything(self) -> FirstReport:
        """Read both sides and count what was found. Raises DeskError."""


class Setup(Protocol):
    """Sets one home folder up. What blocks raises DeskError; the wizard runs it on its worker thread."""

    def check_case_manager(self, url: str, mapping: str) -> DatabaseSeen:
        """Compare the database with the mapping; every problem is named at once. Only reads."""

    def suggest_mapping(self, request: MappingRequest) -> SuggestedMapping:
        """Say where a database may keep what, what is not certain, and what the check says of it. Only reads."""

    def write_mapping(self, made: SuggestedMapping, path: Path) -> Path:
        """Write the mapping file of a suggestion in which nothing is open, also over one that is there."""

    def sign_in(self, client_id: str, redirect_port: int) -> Sequence[Connection]:
        """Wait for a person in the browser; return the organisations to choose from. Nothing is kept yet."""

    def cancel_sign_in(self) -> None:
        """End the wait for the browser; may be called from any thread."""

    def autostart(self) -> AutostartSeen:
        """Say whether this computer can start the program at sign-in, and whether it does."""

    def finish(self, answers: SetupAnswers) -> None:
        """Check everything once more, then keep sign-in, password and settings; refused, it leaves none of them.

        That it starts at sign-in comes last: where that does not work, the first report says so.
        """

    def first_check(self) -> FirstReport:
        """Read both sides for the first time; only after `finish`."""

    def progress(self) -> PollProgress | None:
        """Say where the first check is, from any thread and without waiting."""

    def stop_waiting(self) -> None:
        """End a wait that Xero asked for; may be called from any thread."""
