"""Frozen records of what the verbs report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cmxero_desktop.domain.cleanup import CleanupGroup
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.releases import UpdatesSeen
from cmxero_desktop.services.records.runs import Lease

ListCell = str | date | Decimal | None
"""A cell of a list: a text, a day, a number, or nothing."""


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list as a person sees it: its name, the titles of its columns, and the rows in their order."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[ListCell, ...], ...]


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of one row, and why."""

    row_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReport:
    """The outcome of a decision that writes nothing to Case Manager: approve, hold, reject, put back.

    `half` are the rows that got the first yes of two: another person approves them too.
    """

    done: tuple[RowOutcome, ...] = ()
    half: tuple[RowOutcome, ...] = ()
    refused: tuple[RowOutcome, ...] = ()
    stale: tuple[RowOutcome, ...] = ()
    held_back: tuple[RowOutcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What verification found: each finding is a sentence; none means that everything holds.

    `newest_hash` is that of the newest audit entry, which covers all before it: whoever keeps it elsewhere can tell
    later whether the trail still has it.
    """

    audit_entries: int
    invoices: int
    findings: tuple[str, ...] = ()
    newest_hash: str = ""

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """One line of `doctor`: what was looked at, whether it is good, what was seen, and what to do."""

    name: str
    is_good: bool
    seen: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """The outcome of every row of one approval or one undo: nothing is left out.

    `half` are the rows that one of two persons approved, or asked to undo, and that wait for another one.
    """

    batch_id: str = ""
    applied: tuple[RowOutcome, ...] = ()
    stale: tuple[RowOutcome, ...] = ()
    failed: tuple[RowOutcome, ...] = ()
    held_back: tuple[RowOutcome, ...] = ()
    half: tuple[RowOutcome, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything that was asked for was done."""
        return not (self.stale or self.failed or self.held_back)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupReport:
    """What one clean-up said of old leftovers, by whom and why; `left_out` changed since it was shown.

    `act` is the name by which it is taken back, nothing where nothing was said.
    """

    act: str
    at: datetime
    by: str
    reason: str
    done: tuple[CleanupGroup, ...] = ()
    left_out: tuple[RowOutcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenToOthers:
    """The program's files that other people of this computer can read or change.

    `is_known` is false where the operating system cannot be asked; `is_in_own_folder` then says whether they lie where
    it keeps what is the person's own. `synchronised_by` names what copies them to other computers, empty for nothing.
    """

    paths: tuple[str, ...] = ()
    is_known: bool = True
    is_in_own_folder: bool = True
    synchronised_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFacts:
    """What the Health page shows beside the view: this computer's side of the program.

    `requests_today` counts those of every desktop of the store; None where the store was not asked. `lease` says which
    desktop of a shared store checks Xero. `store_bytes` is None where the store is not a file of this computer.
    `payments_stored` is None where the store was not asked, `memory_free_bytes` where this computer does not say it.
    `open_to_others` is None where nobody looked. `store_unknown` says why the keyring could not tell whether the
    store is in its newest state; empty where it could, or was not asked yet. `desktop` is this one's name among those
    that share the store, as its checks bear it.
    """

    home: str
    store_place: str
    log_file: str
    disk_free_bytes: int
    versions: Mapping[str, str]
    store_bytes: int | None = None
    log_bytes: int | None = None
    requests_today: int | None = None
    is_store_shared: bool = False
    lease: Lease | None = None
    open_to_others: OpenToOthers | None = None
    store_unknown: str = ""
    payments_stored: int | None = None
    memory_free_bytes: int | None = None
    mail_sent: MailSent | None = None
    updates: UpdatesSeen | None = None
    desktop: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleChoice:
    """What a person ticked: without a tick no name and no amount goes into a diagnostics bundle."""

    has_names: bool = False
    has_amounts: bool = False


@dataclass(frozen=True, slots=True)
class BundlePart:
    """One file of a diagnostics bundle, exactly as it will be written."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A diagnostics bundle before it is written, so that a person can read all of it first."""

    parts: tuple[BundlePart, ...]
