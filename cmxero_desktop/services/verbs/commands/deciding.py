"""What a person decides about proposals."""

from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.proposals import ProposalKind
from cmxero_desktop.services.records.reports import DecisionReport
from cmxero_desktop.services.verbs.commands.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command[DecisionReport]):
    """Approve proposals exactly as they were shown, in one act; `release_reason` lifts the removal limit (R26, R27)."""

    ids: tuple[str, ...]
    by: str
    release_reason: str = ""
    # The flags that the rows bore when they were shown (`flags_seen`); None where nobody says.
    seen: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveAll(Command[DecisionReport]):
    """Approve what may be approved in bulk of one kind; the rest of it is reported as held back (R26)."""

    by: str
    kind: ProposalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command[DecisionReport]):
    """Put proposals on hold until a date, or until someone decides."""

    ids: tuple[str, ...]
    by: str
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command[DecisionReport]):
    """Reject proposals: they do not come back before the facts change."""

    ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command[DecisionReport]):
    """Put proposals back to review."""

    ids: tuple[str, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTotals(Command[str]):
    """Accept how the totals differ, so that additions go in bulk again (R24a); `shown` is the code of the finding."""

    by: str
    reason: str
    shown: str
