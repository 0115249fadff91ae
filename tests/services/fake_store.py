"""A store in memory that behaves as the real one: what is not committed is gone, and nobody decides twice.

`tests/adapters/store` runs the same tests over this store and over the real one, so that it cannot lie.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from cmxero_desktop.domain.copying import CopyTime
from cmxero_desktop.domain.desk_notes import DeskNote
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId, Fingerprint, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, EndedPair, Explanation, Member, NumberSaid, RememberedPair
from cmxero_desktop.domain.other_writer import ForeignCopy
from cmxero_desktop.domain.records import Account, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.notices import NoticeWay, SorNotice
from cmxero_desktop.domain.sor.schedules import SorSchedule
from cmxero_desktop.domain.store_times import noted_at
from cmxero_desktop.domain.xero_history import ToldHistory
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import StoreMoment
from cmxero_desktop.services.records.intents import Intent
from cmxero_desktop.services.records.mail import MailSent
from cmxero_desktop.services.records.rested import LeftHead, LeftInvoice
from cmxero_desktop.services.records.results import InvoiceResult, TrackedInvoice
from cmxero_desktop.services.records.runs import Lease, PollRun
from tests.services import fake_store_parts as parts
from tests.services.fake_past import Past, differ
from tests.services.fake_touches import Touches, touched_between

# A second writer of the same test would wait for ever, so it is refused after a moment, as the real store does.
_BUSY_TIMEOUT_S = 0.2


@dataclass(slots=True)
class Rows:
    """Everything that a store holds. The dictionaries keep the order in which rows came."""

    payments: dict[str, XeroPayment] = field(default_factory=dict)
    invoices: dict[XeroInvoiceId, XeroInvoice] = field(default_factory=dict)
    answered: dict[str, datetime | None] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    tracked: dict[XeroInvoiceId, TrackedInvoice] = field(default_factory=dict)
    unreadable: dict[tuple[str, str], UnreadableRow] = field(default_factory=dict)
    unknown_ids: dict[XeroPaymentId, None] = field(default_factory=dict)
    results: dict[str, InvoiceResult] = field(default_factory=dict)
    proposals: dict[Fingerprint, StoredProposal] = field(default_factory=dict)
    copies: dict[CasePaymentId, None] = field(default_factory=dict)
    foreign: dict[CasePaymentId, ForeignCopy] = field(default_factory=dict)
    copy_times: dict[XeroPaymentId, CopyTime] = field(default_factory=dict)
    pairs: dict[tuple[XeroPaymentId, CasePaymentId], RememberedPair] = field(default_factory=dict)
    ended_pairs: dict[int, EndedPair] = field(default_factory=dict)
    parted: dict[tuple[XeroPaymentId, CasePaymentId], None] = field(default_factory=dict)
    accepted: dict[tuple[Member, ...], tuple[str, AcceptedSet]] = field(default_factory=dict)
    explained: dict[CasePaymentId, tuple[str, Explanation]] = field(default_factory=dict)
    numbers_said: dict[XeroInvoiceId, NumberSaid] = field(default_factory=dict)
    notes: dict[int, DeskNote] = field(default_factory=dict)
    ended_notes: dict[int, DeskNote] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    audit: dict[int, AuditEntry] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    runs: dict[str, PollRun] = field(default_factory=dict)
    requests: dict[object, int] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    writers: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    left_head: dict[str, LeftHead] = field(default_factory=dict)
    left_invoices: dict[str, LeftInvoice] = field(default_factory=dict)
    left_marks: dict[int | str | None, tuple[str, str]] = field(default_factory=dict)
    sor_schedules: dict[str, SorSchedule] = field(default_factory=dict)
    sor_alerts: dict[str, SorAlert] = field(default_factory=dict)
    sor_balance: dict[str, ClearingBalance] = field(default_factory=dict)
    told_histories: dict[str, ToldHistory] = field(default_factory=dict)
    mails_sent: dict[str, MailSent] = field(default_factory=dict)
    sor_notices: dict[str, SorNotice] = field(default_factory=dict)
    sor_sayings: dict[tuple[str, NoticeWay], tuple[str, datetime, datetime | None]] = field(default_factory=dict)

    def copy(self) -> "Rows":
        """Return the same rows, to be changed apart; the rows themselves are frozen."""
        return Rows(**{each.name: dict(getattr(self, each.name)) for each in fields(self)})


class MemoryUnit:
    """One transaction over rows in memory."""

    def __init__(self, store: "MemoryStore", *, may_write: bool) -> None:
        self._store = store
        self._may_write = may_write
        self._is_broken = False
        self._rows: Rows | None = None
        self.facts = parts.Facts(self)
        self.gaps = parts.Gaps(self)
        self.results = parts.Results(self)
        self.pairs = parts.Pairs(self)
        self.memory = parts.Memory(self)
        self.notes = parts.Notes(self)
        self.proposals = parts.Proposals(self)
        self.intents = parts.Intents(self)
        self.audit = parts.Audit(self)
        self.polling = parts.Polling(self)
        self.sharing = parts.Sharing(self)
        self.alerts = parts.Alerts(self)
        self.sor = parts.Sor(self)
        self.touches = Touches(self)
        self.left = parts.Left(self)
        self.past = Past(self)
        self.start()

    def start(self) -> None:
        """Take the rows as they are now; a writer keeps other writers out from here on."""
        if self._may_write:
            self._store.lock()
        self._rows = self._store.rows.copy() if self._may_write else self._store.rows

    def end(self) -> None:
        """Undo what was not committed."""
        if self._rows is not None and self._may_write:
            self._store.unlock()
        self._rows = None

    def commit(self) -> None:
        self._require_whole()
        if self._rows is not None:
            self._store.keep(self._rows)
            self.end()

    @property
    def rows(self) -> Rows:
        """Return the rows to read from."""
        self._require_whole()
        if self._rows is None:
            # As in a database, what follows a commit is the next transaction.
            self.start()
        assert self._rows is not None
        return self._rows

    @property
    def writable(self) -> Rows:
        """Return the rows to change."""
        rows = self.rows
        if not self._may_write:
            raise self.refused("cannot be opened for writing")
        return rows

    @property
    def kept(self) -> Sequence[tuple[StoreMoment, "Rows"]]:
        """Return all rows as they were at each moment."""
        return self._store.kept

    @property
    def now(self) -> datetime:
        """Return the store's own time."""
        return self._store.now()

    @property
    def touched(self) -> Sequence[frozenset[str]]:
        """Return what each transaction touched, with what this one did so far."""
        own = touched_between(self._store.rows, self.rows)
        return [*self._store.touched, *([own] if own else [])]

    def refused(self, why: str) -> StoreError:
        """Return what a database would raise, after which the unit is good for nothing."""
        self._is_broken = True
        return StoreError(f"The store in memory {why}.", "Correct the test.")

    def _require_whole(self) -> None:
        if self._is_broken:
            raise StoreError("An earlier step of this unit of work failed, so nothing of it was stored.")


class MemoryStore:
    """Our own store, for tests of what is done with it. Its time may be set."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.set_time: datetime | None = None
        self.clock: Callable[[], datetime] | None = None
        self.kept: list[tuple[StoreMoment, Rows]] = []
        self.touched: list[frozenset[str]] = []
        self._lock = Lock()

    def now(self) -> datetime:
        return self.set_time or datetime.now(UTC)

    def keep(self, rows: Rows) -> None:
        """Take the rows of a transaction, and keep a copy of all where it changed something that is shown."""
        if differ(self.rows, rows):
            at = self.clock() if self.clock else self.now()
            last, number = (self.kept[-1][0].at, self.kept[-1][0].number + 1) if self.kept else (None, 1)
            self.kept.append((StoreMoment(number=number, at=noted_at(last, at), entries=len(rows.audit)), rows))
        if subjects := touched_between(self.rows, rows):
            self.touched.append(subjects)
        self.rows = rows

    def lock(self) -> None:
        if not self._lock.acquire(timeout=_BUSY_TIMEOUT_S):
            message = "The store in memory is in use by another unit of work, which did not let go of it in time."
            raise StoreError(message, "Close the other one and try again.")

    def unlock(self) -> None:
        self._lock.release()

    @contextmanager
    def begin(self) -> Iterator[MemoryUnit]:
        unit = MemoryUnit(self, may_write=True)
        try:
            yield unit
        finally:
            unit.end()

    @contextmanager
    def read(self) -> Iterator[MemoryUnit]:
        unit = MemoryUnit(self, may_write=False)
        try:
            yield unit
        finally:
            unit.end()
