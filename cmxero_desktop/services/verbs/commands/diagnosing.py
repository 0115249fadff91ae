"""What is asked to find out whether all is well."""

from dataclasses import dataclass
from pathlib import Path

from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck, HealthFacts, VerifyReport
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True)
class ReadHealth(Command[HealthFacts]):
    """Read what there is to know of this computer and of our own store."""


@dataclass(frozen=True, slots=True)
class Examine(Command[tuple[HealthCheck, ...]]):
    """Look at each part and say whether it is good, or what to do."""

    needs_open_desk = False


@dataclass(frozen=True, slots=True)
class Verify(Command[VerifyReport]):
    """Verify the audit trail, the control totals and open intents."""


@dataclass(frozen=True, slots=True)
class MakeBundle(Command[Bundle]):
    """Make the diagnostics bundle, to be read before anything is written."""

    needs_open_desk = False
    choice: BundleChoice


@dataclass(frozen=True, slots=True)
class WriteBundle(Command[Path]):
    """Write exactly the bundle that was read, as a zip file."""

    needs_open_desk = False
    bundle: Bundle
    path: Path
