"""What the first-run wizard collects and may ask for: look and sign in first, write only at the end, then check."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cmxero_desktop.domain.placements import Reason
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.records import Side
from cmxero_desktop.services.desk_view import DeskView
from cmxero_desktop.services.ports import Connection
from cmxero_desktop.services.readings import CaseManagerFacts
from cmxero_desktop.services.runs import PollProgress, PollRun
from cmxero_desktop.services.settings import PolicySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupAnswers:
    """Everything that a person gives to set the program up; the address may hold a password."""

    client_id: str
    redirect_port: int
    tenant_id: str
    case_manager_url: str = field(repr=False)
    mapping: str = "reference"
    policy: PolicySettings = field(default_factory=PolicySettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSeen:
    """A Case Manager database that fits its mapping. `may_write` is None where the database does not tell."""

    facts: CaseManagerFacts
    kind: str
    may_write: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstReport:
    """How the first check ended, and where the payments stand after it."""

    run: PollRun
    matched: int
    to_approve: Mapping[ProposalKind, int]
    only_in_case_manager: int
    skipped: Mapping[Reason, int]


class WizardEnd(StrEnum):
    """How a person left the wizard."""

    DONE = "done"
    DEMO = "demo"
    CANCELLED = "cancelled"


class Setup(Protocol):
    """Sets one home folder up. What blocks raises DeskError; the wizard runs it on its worker thread."""

    def check_case_manager(self, url: str, mapping: str) -> DatabaseSeen:
        """Compare the database with the mapping; every problem is named at once. Only reads."""

    def sign_in(self, client_id: str, redirect_port: int) -> Sequence[Connection]:
        """Wait for a person in the browser; return the organisations to choose from. Nothing is kept yet."""

    def cancel_sign_in(self) -> None:
        """End the wait for the browser; may be called from any thread."""

    def finish(self, answers: SetupAnswers) -> None:
        """Check everything once more, then keep sign-in, password and settings; refused, it leaves none of them."""

    def first_check(self) -> FirstReport:
        """Read both sides for the first time; only after `finish`."""

    def progress(self) -> PollProgress | None:
        """Say where the first check is, from any thread and without waiting."""

    def stop_waiting(self) -> None:
        """End a wait that Xero asked for; may be called from any thread."""


def first_report(run: PollRun, view: DeskView) -> FirstReport:
    """Count what a check found, as the window's lists will show it."""
    waiting = (row.stored for row in view.review if row.stored.state is ProposalState.PROPOSED)
    return FirstReport(
        run=run,
        matched=view.counts.matched,
        to_approve=Counter(stored.proposal.kind for stored in waiting),
        only_in_case_manager=len(view.unmatched_on(Side.CASE_MANAGER)),
        skipped=Counter(row.placement.reason for row in view.skipped if row.placement.reason is not None),
    )
