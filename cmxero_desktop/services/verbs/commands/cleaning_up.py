"""What is asked to clean up old leftovers, and to report of it."""

from dataclasses import dataclass
from pathlib import Path

from cmxero_desktop.domain.cleanup import Cleanup, Group
from cmxero_desktop.services.records.reports import CleanupReport
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True)
class ReadCleanup(Command[Cleanup]):
    """Find what can be said of all old leftovers together, as both sides are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUp(Command[CleanupReport]):
    """Say it of these groups in one act; `shown` are the members that somebody saw: of no other it is said."""

    groups: frozenset[Group]
    by: str
    reason: str
    shown: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackCleanup(Command[str]):
    """Take back all that was said in one act."""

    act: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class WriteCleanupReport(Command[Path]):
    """Write the report of a clean-up as a text file."""

    report: CleanupReport
    path: Path


@dataclass(frozen=True, slots=True)
class WriteCleanupState(Command[Path]):
    """Write what is left to be explained, and what was said of which payment, by whom and why, as a text file."""

    path: Path
