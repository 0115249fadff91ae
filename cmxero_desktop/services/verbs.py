"""What a person can do, as plain callables: the window and the command line share them and know nothing else."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import (
    ApplyReport,
    Bundle,
    BundleChoice,
    DecisionReport,
    HealthCheck,
    HealthFacts,
    VerifyReport,
)
from cmxero_desktop.services.records.runs import MissedChecks, PollAsk, PollProgress, PollRun
from cmxero_desktop.services.records.settings import Settings
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.viewing.desk_view import DeskView


class Hold(Protocol):
    """Puts proposals on hold."""

    def __call__(self, ids: Sequence[str], *, by: str, reason: str = "", until: date | None = None) -> DecisionReport:
        """Hold until a date, or until someone decides."""


class Approve(Protocol):
    """Approves proposals exactly as they were shown; writes nothing yet."""

    def __call__(self, ids: Sequence[str], *, by: str, release_reason: str = "") -> DecisionReport:
        """Approve by id; `release_reason` lifts the removal limit for these (R27)."""


class WithReason(Protocol):
    """A decision about proposals that needs a reason."""

    def __call__(self, ids: Sequence[str], *, by: str, reason: str) -> DecisionReport:
        """Decide."""


class Undo(Protocol):
    """Takes applied changes back by compensating changes."""

    def __call__(self, ids: Sequence[str], *, by: str, reason: str) -> ApplyReport:
        """Undo by proposal id, or by the number of a history entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbs:
    """The verbs of one open desk. All block and raise DeskError; the window runs them on its worker thread.

    `apply` takes the ids of approved proposals, None for all of them. `approve_all` approves what may be approved in
    bulk and reports the rest as held back. `choose_link` says that a near double is the same money and returns the
    id of the change that takes the place of the add. `sign_in` waits for a person in the browser, with a deadline, or
    tries the secret of a custom connection; `pin` chooses one of its organisations. `tend` is for the weeks in which
    nothing is checked. `bundle` makes the diagnostics to be read first, `write_bundle` writes exactly what was read.

    Three do not block and may be called from any thread: `progress` says where a check is, `stop_waiting` ends a
    wait that Xero asked for, and `cancel_sign_in` ends the wait for the browser.
    """

    settings: Callable[[], Settings]
    poll: Callable[[PollAsk], PollRun]
    progress: Callable[[], PollProgress | None]
    stop_waiting: Callable[[], None]
    note_missed: Callable[[MissedChecks], None]
    tend: Callable[[], None]
    sign_in: Callable[[str], Sequence[Connection]]
    cancel_sign_in: Callable[[], None]
    pin: Callable[[str, str], Connection]
    disconnect: Callable[[str], None]
    view: Callable[[], DeskView]
    approve: Approve
    approve_all: Callable[[str], DecisionReport]
    apply: Callable[[Sequence[str] | None, str], ApplyReport]
    reject: WithReason
    hold: Hold
    reopen: WithReason
    undo: Undo
    choose_link: Callable[[str, CasePaymentId, str], str]
    export: Callable[[Path], Path]
    verify: Callable[[], VerifyReport]
    doctor: Callable[[], tuple[HealthCheck, ...]]
    health: Callable[[], HealthFacts]
    bundle: Callable[[BundleChoice], Bundle]
    write_bundle: Callable[[Bundle, Path], Path]


class DeskFactory(Protocol):
    """Opens the desk of a home folder; `home` None means `CMXERO_HOME` or the platform's own folder."""

    def initialise(self, home: Path | None, request: InitRequest) -> CaseManagerFacts:
        """Write the settings after checking the database against the mapping."""

    def connect(self, home: Path | None, tenant_id: str, by: str, ask_secret: Callable[[], str] = str) -> Connection:
        """Sign in to Xero and pin an organisation; a person is asked for a secret where the settings need one."""

    def disconnect(self, home: Path | None, by: str) -> None:
        """Forget the sign-in, at Xero too where it can be revoked; everything that was read stays."""

    def doctor(self, home: Path | None) -> tuple[HealthCheck, ...]:
        """Look at everything, also where the desk itself cannot be opened."""

    def bundle(self, home: Path | None, choice: BundleChoice) -> Bundle:
        """Make a diagnostics bundle, also where the desk itself cannot be opened."""

    def write_bundle(self, bundle: Bundle, path: Path) -> Path:
        """Write a bundle as a zip file. Raises DeskError."""

    def open(self, home: Path | None) -> AbstractContextManager[Verbs]:
        """Open store, Case Manager and Xero; settle what a crash left open; close everything at the end."""
