"""A whole desk for one test, with fakes for everything outside: a store in memory unless a test brings another."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from cmxero_desktop.domain.bulk import BULK_ORDER
from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.checking.polling import Polling, PollingDesk
from cmxero_desktop.services.connecting.belonging import confirming
from cmxero_desktop.services.deciding.deciding import Deciding
from cmxero_desktop.services.deciding.linking import link_payment
from cmxero_desktop.services.diagnostics.verifying import verify
from cmxero_desktop.services.ports.outside import Left, Outside
from cmxero_desktop.services.ports.store import Store, UnitOfWork
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.reports import ApplyReport, DecisionReport
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome, PollRun, PollState
from cmxero_desktop.services.records.settings import Mode, PolicySettings, Settings
from cmxero_desktop.services.viewing.desk_view import DeskView
from cmxero_desktop.services.viewing.kept_view import read_desk
from cmxero_desktop.services.writing.applying import Applying
from cmxero_desktop.services.writing.settling import INTERRUPTED, settle_open_intents
from cmxero_desktop.services.writing.undoing import Undoing
from tests.services.fake_case_manager import FakeCaseManager
from tests.services.fake_time import Steps, TickingClock, counting_names
from tests.services.fake_xero import FakeXero

ANN = "Ann"
NOV_1 = date(2026, 11, 1)


def nov(day: int) -> date:
    return date(2026, 11, day)


class WatchedStore:
    """A store; each commit of a writing unit is two steps, before it lasts and after."""

    def __init__(self, store: Store, steps: Steps) -> None:
        self.store = store
        self.steps = steps

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        with self.store.begin() as unit:
            lasting = unit.commit

            def commit() -> None:
                self.steps.take("store")
                lasting()
                self.steps.take("stored")

            unit.commit = commit  # type: ignore[method-assign]  # the one place where a test looks over its shoulder
            yield unit

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        with self.store.read() as unit:
            yield unit


class QueuedStore:
    """A store whose next writing unit waits its turn: what somebody else commits comes first."""

    def __init__(self, store: Store, meanwhile: Callable[[], object]) -> None:
        self.store = store
        self.before = [meanwhile]

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        while self.before:
            self.before.pop()()
        with self.store.begin() as unit:
            yield unit

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        with self.store.read() as unit:
            yield unit


@dataclass(slots=True)
class FakeSettingsFile:
    """A settings file that lives in memory."""

    settings: Settings = field(default_factory=lambda: Settings(mode=Mode.APPROVE))
    is_there: bool = True
    is_broken: bool = False

    def exists(self) -> bool:
        return self.is_there

    def load(self) -> Settings:
        if self.is_broken:
            raise SettingsError("settings.toml, line 3: unknown key.")
        return self.settings

    def save(self, settings: Settings) -> None:
        if self.is_broken:
            raise SettingsError("settings.toml cannot be written.")
        self.settings, self.is_there = settings, True


class Desk:
    """The use cases wired to fakes, with the verbs of one person."""

    def __init__(self, store: Store) -> None:
        self.clock = TickingClock()
        self.steps = Steps()
        self.xero = FakeXero(self.clock)
        self.case = FakeCaseManager(self.steps)
        self.settings = FakeSettingsFile()
        self.store = WatchedStore(store, self.steps)
        self.new_id = counting_names()
        self.case.confirm = confirming(self.store)
        self.desk = PollingDesk(holder="desk-1", label="SRV02", zone=ZoneInfo("Australia/Sydney"))
        self.told: list[str] = []
        self.is_store_shared = False
        self._polling: Polling | None = None
        self.left = Left()

    @property
    def outside(self) -> Outside:
        """What the use cases work with, as a test has set it by now."""
        return Outside(
            xero=self.xero,
            case_manager=self.case,
            store=self.store,
            settings_file=self.settings,
            clock=self.clock,
            steady_s=self.clock.steady_s,
            new_id=self.new_id,
            left=self.left,
            holder=self.desk.holder,
            is_store_shared=self.is_store_shared,
        )

    @property
    def polling(self) -> Polling:
        """Return the polling of the running program; it lives until `restart`."""
        self._polling = self._polling or Polling(self.outside, desk=self.desk, turn=nullcontext, tell=self.told.append)
        return self._polling

    def restart(self) -> None:
        """End the program and start it again: what it only remembered is gone."""
        self._polling = None
        self.left = Left()

    @property
    def deciding(self) -> Deciding:
        return Deciding(self.outside)

    @property
    def applying(self) -> Applying:
        return Applying(self.outside)

    @property
    def undoing(self) -> Undoing:
        return Undoing(self.outside)

    # Both sides at once

    def bill(self, number: str = "100", amount: str = "1000.00") -> None:
        """Make an invoice in both systems."""
        self.xero.bill(f"CM-{number}", amount)
        self.case.bill(number, amount)

    def set_policy(self, **values: object) -> None:
        policy: PolicySettings = replace(self.settings.settings.policy, **values)  # type: ignore[arg-type]  # by name
        self.settings.settings = replace(self.settings.settings, policy=policy)

    def set_mode(self, mode: Mode) -> None:
        self.settings.settings = replace(self.settings.settings, mode=mode)

    # Verbs

    def poll(self, *, is_full: bool = False) -> PollRun:
        run = self.polling.poll(PollAsk(is_full=is_full))
        assert run.outcome is PollOutcome.DONE, run.reason
        return run

    def settle(self) -> None:
        settle_open_intents(self.outside, why=INTERRUPTED)

    def approve(self, *rows: StoredProposal, release: str = "") -> None:
        """Approve rows that somebody looked at: all in one act where they are a release, else one after the other."""
        for act in [rows] if release else acts(rows):
            report = self.deciding.approve(ids(act), by=ANN, release_reason=release)
            assert len(report.done) == len(act), report

    def approve_in_bulk(self) -> DecisionReport:
        """Approve all that may be approved in bulk, one kind after the other."""
        reports = [self.deciding.approve_all(ANN, kind) for kind in BULK_ORDER]
        return DecisionReport(
            done=tuple(row for report in reports for row in report.done),
            held_back=tuple(row for report in reports for row in report.held_back),
        )

    def apply(self) -> ApplyReport:
        return self.applying.apply(None, ANN)

    def approve_and_apply(self, *rows: StoredProposal) -> None:
        self.approve(*rows)
        report = self.apply()
        assert {row.row_id for row in report.applied} == {row.proposal_id for row in rows}, report
        assert report.is_complete

    def undo(self, *rows: StoredProposal) -> ApplyReport:
        return self.undoing.undo([row.proposal_id for row in rows], by=ANN, reason="a mistake")

    def link(self, add: StoredProposal, key: CasePaymentId, xero_id: str = "") -> str:
        return link_payment(self.outside, proposal_id=add.proposal_id, case_payment_id=key, by=ANN, xero_id=xero_id)

    # What is there

    def proposals(self, *states: ProposalState) -> list[StoredProposal]:
        with self.store.read() as unit:
            return list(unit.proposals.in_states(states or {ProposalState.PROPOSED}))

    def proposal(self, kind: ProposalKind | None = None, *states: ProposalState) -> StoredProposal:
        """Return the only proposal of a kind in these states (PROPOSED)."""
        found = [p for p in self.proposals(*states) if kind is None or p.proposal.kind is kind]
        assert len(found) == 1, found
        return found[0]

    def again(self, row: StoredProposal) -> StoredProposal:
        """Return a proposal as it is stored now."""
        with self.store.read() as unit:
            return unit.proposals.by_fingerprint([row.fingerprint])[row.fingerprint]

    def view(self) -> DeskView:
        return read_desk(self.store)

    def state(self) -> PollState:
        """Return where polling stands."""
        with self.store.read() as unit:
            return unit.polling.state()

    def history(self) -> list[AuditEntry]:
        """Return the audit trail, oldest first."""
        with self.store.read() as unit:
            return list(reversed(unit.audit.entries()))

    def paid(self, number: str = "100") -> list[str]:
        """Return the amounts that Case Manager has on an invoice, sorted."""
        return sorted(str(p.amount) for p in self.case.payments(number))

    def is_good(self) -> bool:
        return verify(self.store).is_good


def acts(rows: Sequence[StoredProposal]) -> list[list[StoredProposal]]:
    """Return what is approved one after the other: the halves of a move together, what lowers before what raises."""
    found: dict[str, list[StoredProposal]] = {}
    for row in sorted(rows, key=lambda row: row.proposal.effect.minor):
        found.setdefault(row.proposal.move_id or row.proposal_id, []).append(row)
    return list(found.values())


def ids(rows: Sequence[StoredProposal]) -> list[str]:
    return [row.proposal_id for row in rows]
