"""What is asked to set up and to keep the ways to both databases and to Xero."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.mapping import MappingRequest, SuggestedMapping
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.setup import AddressSeen, InitRequest
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True)
class Initialise(Command[CaseManagerFacts]):
    """Check both databases and write the settings."""

    request: InitRequest


@dataclass(frozen=True, slots=True)
class ReadAddress(Command[AddressSeen]):
    """Say what of an address of a database may be shown, and whether it holds the password."""

    # Never shown: it may hold the password.
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SuggestMapping(Command[SuggestedMapping]):
    """Look at a database and say where it may keep what, what is not certain, and what the check says of it."""

    needs_open_desk = False
    request: MappingRequest


@dataclass(frozen=True, slots=True)
class WriteMapping(Command[Path]):
    """Write the mapping file of a suggestion in which nothing is open; over another file only if it `may_replace`."""

    needs_open_desk = False
    made: SuggestedMapping
    path: Path
    may_replace: bool = False


@dataclass(frozen=True, slots=True)
class SignIn(Command[Sequence[Connection]]):
    """Wait for a person in the browser, with a deadline, or try the secret of a custom connection."""

    # Never shown: whoever logs a command must not log this.
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin(Command[Connection]):
    """Choose the organisation of the last sign-in."""

    tenant_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnect(Command[None]):
    """Forget the sign-in, at Xero too where it can be revoked; everything that was read stays."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptDatabase(Command[str]):
    """Say that the database that the settings lead to is the one that the records belong to."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmStore(Command[str]):
    """Say that the program's own store, which was put back or came from elsewhere, is the one to go on with."""

    by: str
    reason: str
