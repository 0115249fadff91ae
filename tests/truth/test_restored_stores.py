"""What a store that was put back or copied does not know is neither doubled, lost nor written by an old approval (R35).

Real files, copied as people copy them, and the keyring behind its port. Each story looks at the rows of Case Manager.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.store import SqlStore
from cmxero_desktop.app.clock import new_id
from cmxero_desktop.domain.errors import NotAllowedError, SecretsError
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.connecting.epochs import Epochs, StorePlace
from cmxero_desktop.services.ports.computer import Secrets
from cmxero_desktop.services.ports.waits import NoWaits
from cmxero_desktop.services.records.alerts import STORE_IN_DOUBT, Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.intents import IntentState
from cmxero_desktop.services.records.runs import PollAsk, PollOutcome
from cmxero_desktop.services.verbs.commands.checking import Poll
from cmxero_desktop.services.verbs.commands.command import Command, Report
from cmxero_desktop.services.verbs.commands.connecting import ConfirmStore
from cmxero_desktop.services.verbs.commands.deciding import Approve, ApproveAll, Reject, Reopen
from cmxero_desktop.services.verbs.commands.writing import Apply, Undo
from cmxero_desktop.services.verbs.dispatching import Dispatcher
from cmxero_desktop.services.verbs.table import open_handlers
from tests.adapters.casemanager.firms import Firm
from tests.services.desk import ANN, NOV_1, Desk
from tests.services.fake_sign_in import FakeSignIn
from tests.services.fake_xero import FakeXero
from tests.services.test_verbs import Counted, open_parts
from tests.support.stores import lay_out_store
from tests.truth.test_other_databases import Office, filled, payments

AMOUNTS = ("400.00", "55.00")


class NoKeyring(MemorySecrets):
    """A keyring that cannot be opened."""

    def get(self, name: str) -> str | None:
        raise SecretsError(f"The keyring is locked ({name}).", "Unlock it.")

    def set(self, name: str, value: str) -> None:
        raise SecretsError(f"The keyring is locked ({name}, {len(value)}).", "Unlock it.")


@dataclass
class World:
    """What all computers share: Xero, and the folder in which everything is a file."""

    folder: Path
    closing: ExitStack
    firm: Firm
    xero: FakeXero | None = None

    def backup(self, file: Path) -> Path:
        """Copy a database as it is; its program is closed."""
        copy = self.folder / f"{new_id()}.backup"
        with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
        return copy

    def put_back(self, backup: Path, file: Path) -> None:
        """Put the content of a backup into the very file, as the tools of a server do."""
        with closing(sqlite3.connect(backup)) as old, closing(sqlite3.connect(file)) as new:
            old.backup(new)


@dataclass
class Computer:
    """The program on one computer, over the store in one folder."""

    world: World
    name: str
    home: Path
    keyring: Secrets = field(default_factory=MemorySecrets)
    is_shared: bool = False

    def __post_init__(self) -> None:
        self.home.mkdir(exist_ok=True)
        if not self.file.exists():
            lay_out_store(self.file)
        self.start()

    @property
    def file(self) -> Path:
        return self.home / "store.db"

    def start(self) -> None:
        """Start the program again; what it only remembered is gone."""
        self.store = self.world.closing.enter_context(closing(SqlStore(f"sqlite:///{self.file}")))
        self.desk = Desk(self.store)
        self.desk.new_id = new_id
        self.store.migrate(self.desk.clock())
        office = Office(self.desk, self.world.firm, self.world.closing)
        office.lead_to(self.world.firm)
        if self.world.xero is None:
            self.world.xero = self.desk.xero
        self.desk.xero = self.world.xero
        where = StorePlace(place=str(self.file), computer=self.name, is_shared=self.is_shared)
        self.epochs = Epochs(self.desk.outside, self.keyring, where)
        parts = replace(open_parts(self.desk, FakeSignIn()), epochs=self.epochs)
        self.verbs = Dispatcher(open_handlers(parts), waits=NoWaits(), meter=Counted(self.desk).meter())

    def run(self, command: Command[Report]) -> Report:
        return self.verbs.run(command)

    def poll(self) -> None:
        run = self.run(Poll(PollAsk()))
        assert run.outcome is PollOutcome.DONE, run.reason

    def approve(self, *kinds: ProposalKind) -> None:
        """Approve all that waits, one by one."""
        for stored in self.desk.proposals():
            if not kinds or stored.proposal.kind in kinds:
                assert self.run(Approve(ids=(stored.proposal_id,), by=ANN)).done

    def apply(self) -> Sequence[object]:
        return self.run(Apply(ids=None, by=ANN)).applied

    def confirm(self) -> str:
        return self.run(ConfirmStore(by=ANN, reason="the newer one is lost"))

    def backup(self) -> Path:
        return self.world.backup(self.file)

    def put_back(self, backup: Path) -> None:
        """Put a backup in the store's place while the program is closed."""
        self.store.close()
        self.world.put_back(backup, self.file)
        self.start()

    def doubts(self) -> list[AlertKind]:
        return [alert.kind for alert in self._warnings()]

    def says(self) -> str:
        """Return the warning about the store, in its words."""
        return " ".join(f"{alert.explanation} {alert.next_step}" for alert in self._warnings())

    def _warnings(self) -> list[Alert]:
        return [alert for alert in self.desk.view().alerts if alert.kind in STORE_IN_DOUBT]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.db").touch()
    with ExitStack() as stack:
        yield World(tmp_path, stack, filled(f"sqlite:///{tmp_path / 'case' / 'case.db'}"))


@pytest.fixture
def computer(world: World) -> Computer:
    """Return a computer that has checked, with two additions that wait."""
    made = Computer(world, "PC-1", world.folder / "home")
    made.desk.xero.bill("CM-10234", "1000.00")
    for amount in AMOUNTS:
        made.desk.xero.pay("CM-10234", amount, NOV_1)
    made.poll()
    return made


def paid(world: World) -> list[str]:
    """Return the sums that stand in Case Manager."""
    return sorted(f"{float(row[3]):.2f}" for row in payments(world.firm))


def one_of(computer: Computer, amount: str, *states: ProposalState) -> StoredProposal:
    return next(s for s in computer.desk.proposals(*states) if str(s.proposal.effect) == amount)


def test_a_store_that_was_put_back_writes_nothing_by_an_approval_that_was_taken_back(
    world: World, computer: Computer
) -> None:
    """One addition was applied and the other rejected after the backup, which holds the approvals of both."""
    computer.approve()
    backup = computer.backup()
    rejected = one_of(computer, "55.00", ProposalState.APPROVED).proposal_id
    computer.run(Reject(ids=(rejected,), by=ANN, reason="it is somebody else's money"))
    assert len(computer.apply()) == 1
    computer.put_back(backup)
    with pytest.raises(NotAllowedError, match="was put back from an older state"):
        computer.apply()
    assert paid(world) == ["400.00"]
    assert computer.desk.proposals(ProposalState.APPROVED) == []
    with pytest.raises(NotAllowedError, match="Check Xero first"):
        computer.apply()
    computer.poll()
    assert not computer.apply()
    assert [str(s.proposal.effect) for s in computer.desk.proposals()] == ["55.00"], "the written one is found again"
    with pytest.raises(NotAllowedError, match="was put back from an older state"):
        computer.run(ApproveAll(by=ANN, kind=ProposalKind.ADD))
    assert paid(world) == ["400.00"]
    assert computer.doubts() == [AlertKind.STORE_RESTORED]
    assert "cmxero confirm-store" in computer.says()
    assert AuditWhat.RESTORED in {entry.event.what for entry in computer.desk.history()}
    assert "go" in computer.confirm()
    assert computer.doubts() == []
    assert "balance" in computer.run(ApproveAll(by=ANN, kind=ProposalKind.ADD)).held_back[0].reason
    computer.approve()
    assert len(computer.apply()) == 1
    assert paid(world) == ["400.00", "55.00"]
    assert computer.desk.is_good()


def test_nobody_confirms_a_store_before_a_check_has_looked(computer: Computer) -> None:
    backup = computer.backup()
    computer.approve()
    computer.put_back(backup)
    for _ in range(2):
        with pytest.raises(NotAllowedError):
            computer.confirm()
    computer.poll()
    with pytest.raises(NotAllowedError, match="reason"):
        computer.run(ConfirmStore(by=ANN, reason=" "))
    computer.confirm()
    with pytest.raises(NotAllowedError, match="in doubt"):
        computer.confirm()


def test_a_removal_that_was_undone_in_what_is_missing_is_not_put_back_twice(world: World, computer: Computer) -> None:
    """The store says that it is removed; after the backup somebody put it back into Case Manager."""
    computer.approve()
    computer.apply()
    computer.poll()
    computer.desk.xero.delete(next(key for key, p in computer.desk.xero.payments.items() if str(p.amount) == "55.00"))
    computer.poll()
    computer.approve(ProposalKind.REMOVE)
    assert len(computer.apply()) == 1
    backup = computer.backup()
    removed = one_of(computer, "-55.00", ProposalState.APPLIED).proposal_id
    assert computer.run(Undo(ids=(removed,), by=ANN, reason="a mistake")).is_complete
    # Without its note nothing but our own records knows what the row is.
    world.firm.run("UPDATE payments SET notes = NULL WHERE amount = 55")
    assert paid(world) == ["400.00", "55.00"]
    computer.put_back(backup)
    computer.poll()
    with pytest.raises(NotAllowedError, match="older state"):
        computer.run(Undo(ids=(removed,), by=ANN, reason="a mistake"))
    computer.confirm()
    report = computer.run(Undo(ids=(removed,), by=ANN, reason="a mistake"))
    assert not report.applied
    assert "put back since" in report.failed[0].reason
    assert paid(world) == ["400.00", "55.00"]


def test_case_manager_put_back_while_the_store_was_not_is_no_fault_of_the_store(
    world: World, computer: Computer
) -> None:
    backup = world.backup(Path(world.folder / "case" / "case.db"))
    computer.approve()
    assert len(computer.apply()) == 2
    world.put_back(backup, world.folder / "case" / "case.db")
    computer.start()
    computer.poll()
    assert computer.doubts() == []
    assert len(computer.desk.proposals()) == 2
    computer.approve()
    computer.apply()
    assert paid(world) == sorted(AMOUNTS)


def test_both_put_back_from_different_days(world: World, computer: Computer) -> None:
    computer.approve()
    store = computer.backup()
    first = one_of(computer, "400.00", ProposalState.APPROVED).proposal_id
    computer.run(Apply(ids=(first,), by=ANN))
    case = world.backup(world.folder / "case" / "case.db")
    computer.apply()
    assert len(paid(world)) == 2
    world.put_back(case, world.folder / "case" / "case.db")
    computer.put_back(store)
    with pytest.raises(NotAllowedError):
        computer.apply()
    assert paid(world) == ["400.00"]
    computer.poll()
    computer.approve()
    computer.apply()
    assert paid(world) == sorted(AMOUNTS)


def test_an_intent_that_a_backup_holds_open_is_settled_by_looking(world: World, computer: Computer) -> None:
    """It was written, and undone later; the backup knows of neither."""
    computer.approve(ProposalKind.ADD)
    real = computer.desk.steps

    def copy(name: str) -> None:
        with computer.desk.store.read() as unit:
            is_begun = any(intent.state is IntentState.OPEN for intent in unit.intents.still_open())
            if name == "stored" and is_begun and not copies:
                copies.append(computer.backup())

    copies: list[Path] = []
    real.trouble = copy
    computer.apply()
    real.trouble = None
    row = one_of(computer, "400.00", ProposalState.APPLIED).proposal_id
    assert computer.run(Undo(ids=(row,), by=ANN, reason="a mistake")).is_complete
    computer.put_back(copies[0])
    computer.poll()
    with computer.desk.store.read() as unit:
        assert unit.intents.still_open() == ()
    assert paid(world) == ["55.00"]
    assert one_of(computer, "400.00").state is ProposalState.PROPOSED
    assert computer.doubts() == [AlertKind.STORE_RESTORED]


def test_two_homes_on_one_database_accuse_nobody_of_a_backup(world: World, computer: Computer) -> None:
    """They share the computer and its keyring."""
    second = Computer(world, "PC-1", world.folder / "second", computer.keyring)
    second.poll()
    for each in (computer, second):
        each.approve()
    computer.apply()
    second.apply()
    second.poll()
    assert paid(world) == sorted(AMOUNTS)
    assert (computer.doubts(), second.doubts()) == ([], [])


def moved(world: World, computer: Computer, name: str, keyring: Secrets | None = None) -> Computer:
    """Copy a home to another folder, and start the program there."""
    home = world.folder / f"home of {name}"
    home.mkdir()
    shutil.copy(computer.backup(), home / "store.db")
    return Computer(world, name, home, keyring or MemorySecrets())


def test_a_home_that_is_copied_to_another_computer_asks_again_and_accuses_nobody(
    world: World, computer: Computer
) -> None:
    """The approval that it brings along was taken back at home."""
    computer.approve()
    second = moved(world, computer, "PC-2")
    rejected = one_of(computer, "55.00", ProposalState.APPROVED).proposal_id
    computer.run(Reject(ids=(rejected,), by=ANN, reason="it is somebody else's money"))
    computer.apply()
    with pytest.raises(NotAllowedError, match=r"last used on PC-1.*cannot tell"):
        second.apply()
    second.poll()
    assert not second.apply()
    assert paid(world) == ["400.00"]
    assert second.doubts() == [AlertKind.STORE_CAME]
    # Bulk stays open, since nothing is missing for sure: the row is held back for its own flag.
    assert "balance" in second.run(ApproveAll(by=ANN, kind=ProposalKind.ADD)).held_back[0].reason
    second.confirm()
    assert second.doubts() == []
    # Its state is carried home, where the other copy went on.
    for _ in range(3):
        second.approve()
        second.run(Reopen(ids=(one_of(second, "55.00", ProposalState.APPROVED).proposal_id,), by=ANN, reason="no"))
    assert computer.doubts() == []
    computer.put_back(second.backup())
    computer.poll()
    assert computer.doubts() == [AlertKind.STORE_RESTORED]
    assert "another copy of the store went on" in computer.says()


def test_a_home_that_is_copied_to_a_computer_of_the_same_name_asks_again(world: World, computer: Computer) -> None:
    """Notebooks that were set up from one image are called alike; each has a keyring of its own."""
    computer.approve()
    second = moved(world, computer, "PC-1")
    rejected = one_of(computer, "55.00", ProposalState.APPROVED).proposal_id
    computer.run(Reject(ids=(rejected,), by=ANN, reason="it is somebody else's money"))
    computer.apply()
    with pytest.raises(NotAllowedError, match=r"with another keyring.*cannot tell"):
        second.apply()
    second.poll()
    assert not second.apply()
    assert paid(world) == ["400.00"]
    assert second.doubts() == [AlertKind.STORE_CAME]
    second.confirm()
    second.start()
    second.poll()
    assert second.doubts() == [], "it is known here by now"
    computer.start()
    computer.poll()
    assert computer.doubts() == []


def test_a_copy_on_the_same_computer_is_told_from_the_home_that_went_on(world: World, computer: Computer) -> None:
    copy = moved(world, computer, "PC-1", computer.keyring)
    computer.approve()
    computer.apply()
    copy.poll()
    assert copy.doubts() == [AlertKind.STORE_RESTORED]
    assert "older state" in copy.says()
    copy.start()
    computer.poll()
    assert computer.doubts() == []
    assert paid(world) == sorted(AMOUNTS)


def test_the_desktops_of_a_shared_store_find_out_once(world: World) -> None:
    first = Computer(world, "PC-1", world.folder / "shared", is_shared=True)
    first.desk.xero.bill("CM-10234", "1000.00")
    first.desk.xero.pay("CM-10234", "400.00", NOV_1)
    first.poll()
    second = Computer(world, "PC-2", world.folder / "shared", is_shared=True)
    second.poll()
    assert second.doubts() == []
    backup = first.backup()
    first.approve()
    second.poll()
    second.store.close()
    first.put_back(backup)
    second.start()
    for each in (first, second, first):
        each.poll()
    assert [e.event.what for e in first.desk.history()].count(AuditWhat.RESTORED) == 1
    first.confirm()
    second.poll()
    assert (first.doubts(), second.doubts()) == ([], [])


def test_whatever_is_put_back_is_told_each_time(computer: Computer) -> None:
    """The backup, the store that seemed lost, and the same backup again."""
    oldest = computer.backup()
    computer.approve()
    newest = computer.backup()
    for store in (oldest, newest, oldest):
        computer.put_back(store)
        computer.poll()
        assert computer.doubts() == [AlertKind.STORE_RESTORED]
        assert computer.desk.proposals(ProposalState.APPROVED) == []


def test_a_trail_whose_end_was_cut_off_is_told_from_a_backup(computer: Computer) -> None:
    """Together with its end mark, so that the chain holds in itself."""
    computer.approve()
    computer.store.close()
    with closing(sqlite3.connect(computer.file)) as database, database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("DELETE FROM audit_entries WHERE sequence > 1")
        (last,) = database.execute("SELECT entry_hash FROM audit_entries").fetchone()
        database.execute("UPDATE audit_head SET entries = 1, entry_hash = ?", (last,))
    computer.start()
    computer.poll()
    assert computer.doubts() == [AlertKind.STORE_RESTORED]
    assert "The end of the audit trail was cut off" in computer.says()


def test_a_keyring_that_is_away_says_that_it_cannot_tell(computer: Computer) -> None:
    backup = computer.backup()
    computer.approve()
    keyring = computer.keyring
    computer.keyring = NoKeyring()
    computer.put_back(backup)
    computer.poll()
    assert computer.doubts() == []
    assert "locked" in computer.epochs.trouble
    computer.keyring = keyring
    computer.start()
    computer.poll()
    assert computer.doubts() == [AlertKind.STORE_RESTORED]
    assert not computer.epochs.trouble
