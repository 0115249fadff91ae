"""What the services need of our own store about checks: where they stand, who makes them, and what they warn of."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Protocol

from cmxero_desktop.domain.belonging import KnownDatabase
from cmxero_desktop.domain.doubts import Doubts
from cmxero_desktop.domain.office import Office
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.epochs import StoreEpoch
from cmxero_desktop.services.records.rested import LeftChanges, LeftComparison, LeftHead
from cmxero_desktop.services.records.runs import (
    Allowance,
    Cursors,
    LastComparison,
    Lease,
    PinnedOrganisation,
    PollRun,
    PollState,
    SignInAge,
)
from cmxero_desktop.services.records.totals import FirmTotals
from cmxero_desktop.services.records.touched import Touched


class PollingRecords(Protocol):
    """How each check ended, where polling stands, and what it cost."""

    def save_run(self, run: PollRun) -> None:
        """Store a poll run."""

    def runs(self, newest: int) -> tuple[PollRun, ...]:
        """Return the newest runs, newest first."""

    def state(self) -> PollState:
        """Return where polling stands, put together from its parts."""

    def save_organisation(self, organisation: PinnedOrganisation) -> None:
        """Store the organisation that the store belongs to; the other parts stay as they are."""

    def save_database(self, database: KnownDatabase) -> None:
        """Store which database of Case Manager the store belongs to; the other parts stay as they are."""

    def save_epoch(self, epoch: StoreEpoch) -> None:
        """Store which life of the store this is; the other parts stay as they are."""

    def save_cursors(self, cursors: Cursors) -> None:
        """Store how far Xero was read; the other parts stay as they are."""

    def save_comparison(self, comparison: LastComparison) -> None:
        """Store what the last comparison used; the other parts stay as they are."""

    def save_allowance(self, allowance: Allowance) -> None:
        """Store what Xero still allows; the other parts stay as they are."""

    def save_sign_in(self, sign_in: SignInAge) -> None:
        """Store how old the sign-in is; the other parts stay as they are."""

    def save_totals(self, totals: FirmTotals) -> None:
        """Store whether the firm's totals agree, and what was accepted of it; the other parts stay as they are."""

    def save_doubts(self, doubts: Doubts) -> None:
        """Store which invoices do not add up in Xero; the other parts stay as they are."""

    def save_office(self, office: Office | None) -> None:
        """Store who approves in the firm, for all desktops of the store, None for nobody's word; no other part."""

    def count_requests(self, on: date, made: int) -> None:
        """Add to the requests that were sent to Xero on a day."""

    def requests_on(self, on: date) -> int:
        """Return how many requests were sent to Xero on a day, by every desktop of this store."""


class Sharing(Protocol):
    """What the desktops of a shared store must agree about."""

    def take_lease(self, holder: str, label: str, hold_for: timedelta) -> Lease:
        """Take or renew the polling lease where it is free or ours; return the lease that stands now.

        Time is the store's own, so that desktops whose clocks differ agree. The lease keeps its number while the same
        desktop renews it; each other one that takes it gets a new one.
        """

    def is_last_lease(self, number: int) -> bool:
        """Say whether nobody took the lease since it had this number, whether or not it has run out (R35)."""

    def lease(self) -> Lease | None:
        """Return the polling lease, None where there is none or it has run out."""

    def begin_writing(self, holder: str, hold_for: timedelta) -> int:
        """Give a desktop that is about to write a batch a lease of its own, and return its number, a new one each time.

        Several may write at once, each other rows; time is the store's own.
        """

    def go_on_writing(self, number: int, hold_for: timedelta) -> bool:
        """Renew a writer's lease; say whether it still stands, whether or not it has run out."""

    def end_writing(self, numbers: Collection[int]) -> None:
        """End writers' leases: the writer's own, or one of a desktop that is heard of no more."""

    def writing_elsewhere(self, holder: str) -> frozenset[int]:
        """Return the leases of other desktops than this one that have not run out."""

    def version(self) -> str:
        """Return a text that differs whenever the facts from Xero or the audit trail do; every decision is in that."""


class Touches(Protocol):
    """Which invoices something was stored about: marked in the very transaction that stores it."""

    def generation(self) -> int:
        """Return a number that grows with everything that is stored and that a comparison rests on."""

    def since(self, generation: int) -> Touched:
        """Return what was touched after a generation."""


class LeftBehind(Protocol):
    """What a comparison leaves for the next program."""

    def head(self) -> LeftHead | None:
        """Return when it was made, and by what; None where there is none, or it was made by other rules."""

    def read(self, head: LeftHead) -> LeftComparison:
        """Return all of it."""

    def save(self, head: LeftHead, changes: LeftChanges) -> None:
        """Store it; what did not change stays."""


class Alerts(Protocol):
    """Warnings that stand until their cause is gone."""

    def raise_new(self, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
        """Store alerts by key; return those that were not there before."""

    def clear(self, keys: Iterable[str]) -> None:
        """Clear alerts whose cause is gone."""

    def standing(self) -> tuple[Alert, ...]:
        """Return the alerts that stand, oldest first."""
