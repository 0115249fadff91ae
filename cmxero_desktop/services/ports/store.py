"""What the services need of our own store: units of work whose parts are named by their subject."""

from contextlib import AbstractContextManager
from typing import Protocol

from cmxero_desktop.services.ports.checks import Alerts, LeftBehind, PollingRecords, Sharing, Touches
from cmxero_desktop.services.ports.decisions import Audit, Intents, Pairs, Proposals
from cmxero_desktop.services.ports.facts import Facts, Gaps, Results
from cmxero_desktop.services.ports.memory import Memory
from cmxero_desktop.services.ports.notes import DeskNotes
from cmxero_desktop.services.ports.past import Past
from cmxero_desktop.services.ports.sor import SorRecords


class UnitOfWork(Protocol):
    """One transaction of our own store. Nothing lasts unless `commit` is called; leaving undoes the rest."""

    def commit(self) -> None:
        """Make everything done in this unit last."""

    @property
    def facts(self) -> Facts:
        """What Xero said."""

    @property
    def gaps(self) -> Gaps:
        """What Xero named and nobody can read."""

    @property
    def results(self) -> Results:
        """The last correlation of each invoice."""

    @property
    def pairs(self) -> Pairs:
        """Which copies in Case Manager are accounted for, and which are foreign."""

    @property
    def memory(self) -> Memory:
        """What belonged together once, and what persons said of it."""

    @property
    def notes(self) -> DeskNotes:
        """What persons noted on payments."""

    @property
    def proposals(self) -> Proposals:
        """Proposals and how far each has come."""

    @property
    def intents(self) -> Intents:
        """What is about to be written to Case Manager."""

    @property
    def audit(self) -> Audit:
        """The audit trail."""

    @property
    def polling(self) -> PollingRecords:
        """Checks of Xero and where they stand."""

    @property
    def sharing(self) -> Sharing:
        """What desktops of a shared store agree about."""

    @property
    def touches(self) -> Touches:
        """Which invoices something was stored about."""

    @property
    def left(self) -> LeftBehind:
        """What the last comparison left for the next program."""

    @property
    def alerts(self) -> Alerts:
        """Warnings that stand."""

    @property
    def sor(self) -> SorRecords:
        """The SOR watch."""

    @property
    def past(self) -> Past:
        """What was."""


class Store(Protocol):
    """Our own store."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that may write. Raises StoreError."""

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Open a unit of work that only reads and blocks nobody."""
