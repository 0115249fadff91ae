"""A store that is not the one that this computer left begins a new epoch, and the keyring is told afterwards (R35)."""

import json
from dataclasses import replace

import pytest

from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.domain.cleanup import Group
from cmxero_desktop.domain.errors import NotAllowedError, SecretsError, StoreError
from cmxero_desktop.domain.people import SecondRule
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.connecting.epochs import Epochs, StorePlace, confirm_store, mark_of
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.writing.cleaning_up import CleanupAct, clean_up_at_once
from tests.services.desk import ANN, NOV_1, Desk, QueuedStore
from tests.services.fake_store import MemoryStore, Rows

HERE = StorePlace(place="/home/ann/store.db", computer="PC-1")


class Keyring(MemorySecrets):
    """A keyring that may be locked."""

    def __init__(self) -> None:
        super().__init__()
        self.is_locked = False
        self.written = 0

    def get(self, name: str) -> str | None:
        self._demand_open()
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        self._demand_open()
        self.written += 1
        super().set(name, value)

    @property
    def all(self) -> dict[str, str]:
        return self._held

    def _demand_open(self) -> None:
        if self.is_locked:
            raise SecretsError("The keyring is locked.", "Unlock it.")


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
def epochs(desk: Desk, keyring: Keyring) -> Epochs:
    """Return the epochs of a desk that has checked, with an addition that is approved."""
    desk.bill()
    desk.xero.pay("CM-100", "400.00", NOV_1)
    made = Epochs(desk.outside, keyring, HERE)
    assert made.look() is None
    desk.poll()
    desk.approve(desk.proposal(ProposalKind.ADD))
    made.keep()
    return made


def decided(desk: Desk, epochs: Epochs, memory: MemoryStore) -> Rows:
    """Decide something that is missing in the rows that are returned."""
    backup = memory.rows.copy()
    desk.apply()
    epochs.keep()
    return backup


def kinds(desk: Desk) -> list[AlertKind]:
    return [alert.kind for alert in desk.view().alerts]


def test_the_store_that_was_left_is_no_news(desk: Desk, epochs: Epochs, keyring: Keyring) -> None:
    assert epochs.look() is None
    epochs.require_known()
    written = keyring.written
    epochs.keep()
    assert keyring.written == written, "nothing has changed"
    desk.apply()
    epochs.keep()
    assert epochs.look() is None
    assert kinds(desk) == []


@pytest.mark.allow_log("cmxero_desktop.services.connecting.epochs")
def test_a_store_that_cannot_be_read_takes_no_report_away(
    desk: Desk, epochs: Epochs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(type(desk.store), "read", away)
        epochs.keep()
    epochs.keep()
    assert epochs.look() is None


def test_a_crash_before_the_keyring_is_told_accuses_nobody(desk: Desk, epochs: Epochs) -> None:
    desk.apply()
    assert epochs.look() is None


def test_nothing_secret_is_kept(desk: Desk, epochs: Epochs, keyring: Keyring) -> None:
    epochs.keep()
    own, mark, here = keyring.all.values()
    assert own == desk.state().epoch.kept_by
    assert json.loads(mark).keys() == {"epoch_id", "deeds", "entries", "entry_hash"}
    assert here == json.loads(mark)["epoch_id"]


def test_a_store_that_was_put_back_begins_anew(desk: Desk, epochs: Epochs, memory: MemoryStore) -> None:
    memory.rows = decided(desk, epochs, memory)
    with pytest.raises(NotAllowedError, match="cut off"):
        epochs.require_known()
    epochs.require_known()
    assert desk.proposals(ProposalState.APPROVED) == []
    (waiting,) = desk.proposals()
    assert "look at it again" in waiting.outcome
    assert kinds(desk) == [AlertKind.STORE_RESTORED]
    assert [e.event.what for e in desk.history()][-2:] == [AuditWhat.RESTORED, AuditWhat.REOPENED]
    with pytest.raises(NotAllowedError, match="No check has looked"):
        confirm_store(desk.outside, by=ANN, reason="the newer one is lost")
    with pytest.raises(NotAllowedError, match="Check Xero first"):
        desk.apply()
    desk.poll()
    for act in (
        lambda: desk.deciding.approve_all(ANN, ProposalKind.ADD),
        lambda: clean_up_at_once(
            desk.outside, CleanupAct(groups=frozenset({Group.NOT_IN_XERO}), by=ANN, reason="old", shown=frozenset())
        ),
        desk.undo,
    ):
        with pytest.raises(NotAllowedError, match="cut off"):
            act()
    assert "goes on" in confirm_store(desk.outside, by=ANN, reason="the newer one is lost")
    desk.deciding.approve_all(ANN, ProposalKind.ADD)
    assert kinds(desk) == []
    with pytest.raises(NotAllowedError, match="in doubt"):
        confirm_store(desk.outside, by=ANN, reason="again")
    with pytest.raises(NotAllowedError, match="reason"):
        confirm_store(desk.outside, by=ANN, reason=" ")


def test_the_first_of_two_yeses_and_wishes_to_undo_end_with_a_store_that_was_put_back(
    desk: Desk, epochs: Epochs, memory: MemoryStore
) -> None:
    """Whoever gave them may have taken them back in what is missing."""
    desk.apply()
    desk.xero.pay("CM-100", "50.00", NOV_1)
    desk.poll()
    people = replace(desk.settings.settings.people, second_approver=SecondRule.ALL)
    desk.settings.settings = replace(desk.settings.settings, people=people)
    half, applied = desk.proposal(ProposalKind.ADD), desk.proposal(None, ProposalState.APPLIED)
    desk.deciding.approve([half.proposal_id], by=ANN)
    desk.undo(applied)
    assert (desk.again(half).yes_by, desk.again(applied).undo_by) == ((ANN,), ANN)
    backup = memory.rows.copy()
    desk.deciding.hold([half.proposal_id], by=ANN)
    epochs.keep()
    memory.rows = backup
    assert epochs.look() is not None
    assert (desk.again(half).yes_by, desk.again(applied).undo_by) == ((), "")
    told = [e.event.what for e in desk.history()][-3:]
    assert told == [AuditWhat.RESTORED, AuditWhat.REOPENED, AuditWhat.UNDO_WITHDRAWN]
    assert desk.deciding.approve([half.proposal_id], by="Bob").half


def test_a_removal_of_an_earlier_life_is_not_undone(desk: Desk, epochs: Epochs, memory: MemoryStore) -> None:
    desk.apply()
    desk.poll()
    (payment,) = desk.xero.payments
    desk.xero.delete(payment)
    desk.poll()
    removal = desk.proposal(ProposalKind.REMOVE)
    desk.approve_and_apply(removal)
    backup = memory.rows.copy()
    desk.poll()
    with desk.store.begin() as unit:
        unit.audit.append([AuditEvent(at=desk.clock(), by=ANN, what=AuditWhat.MODE_CHANGED)])
        unit.commit()
    epochs.keep()
    memory.rows = backup
    assert epochs.look() is not None
    desk.poll()
    confirm_store(desk.outside, by=ANN, reason="the newer one is lost")
    report = desk.undo(desk.again(removal))
    assert "put back since" in report.failed[0].reason
    assert desk.paid() == []


def test_a_store_from_another_computer_asks_again_and_stays_open(desk: Desk, epochs: Epochs) -> None:
    second = Epochs(desk.outside, Keyring(), replace(HERE, computer="PC-2"))
    with pytest.raises(NotAllowedError, match=r"last used on PC-1.*cannot tell"):
        second.require_known()
    second.require_known()
    assert desk.proposals(ProposalState.APPROVED) == []
    assert kinds(desk) == [AlertKind.STORE_CAME]
    assert desk.state().epoch.why_closed == ""
    confirm_store(desk.outside, by=ANN, reason="PC-1 is gone")
    assert kinds(desk) == []
    # At home it goes on where it was.
    assert epochs.look() is None


def test_a_shared_store_comes_from_nowhere(desk: Desk) -> None:
    for computer in ("PC-1", "PC-2"):
        epochs = Epochs(desk.outside, Keyring(), StorePlace(place="desk on srv", computer=computer, is_shared=True))
        assert epochs.look() is None
        epochs.keep()
    assert kinds(desk) == []


def test_a_keyring_that_is_locked_accuses_nobody_and_says_so(
    desk: Desk, epochs: Epochs, keyring: Keyring, memory: MemoryStore
) -> None:
    memory.rows = decided(desk, epochs, memory)
    keyring.is_locked = True
    locked = Epochs(desk.outside, keyring, HERE)
    assert locked.look() is None
    locked.keep()
    assert "locked" in locked.trouble
    keyring.is_locked = False
    assert locked.look() is not None
    assert locked.trouble == ""


def test_a_keyring_that_takes_nothing_accuses_nobody_and_says_so(desk: Desk, epochs: Epochs) -> None:
    class Full(Keyring):
        def set(self, name: str, value: str) -> None:
            raise SecretsError(f"The keyring is full ({name}, {len(value)}).", "Make room.")

    assert epochs.look() is None
    kept_by = desk.state().epoch.kept_by
    full = Epochs(desk.outside, Full(), HERE)
    assert full.look() is None
    assert "full" in full.trouble
    assert kinds(desk) == []
    assert desk.state().epoch.kept_by == kept_by != ""


def test_what_cannot_be_read_in_the_keyring_says_nothing(epochs: Epochs, keyring: Keyring) -> None:
    for name in [name for name in keyring.all if "here" not in name]:
        keyring.set(name, '{"deeds": 3}')
    assert epochs.look() is None


def test_only_one_desktop_begins_a_new_epoch(desk: Desk, epochs: Epochs, keyring: Keyring, memory: MemoryStore) -> None:
    memory.rows = decided(desk, epochs, memory)
    other = Epochs(desk.outside, keyring, HERE)
    slow = Epochs(replace(desk.outside, store=QueuedStore(desk.store, other.look)), keyring, HERE)
    assert slow.look() is None
    assert [e.event.what for e in desk.history()].count(AuditWhat.RESTORED) == 1


def test_an_epoch_that_began_while_the_keyring_was_asked_is_looked_at_the_next_time(
    desk: Desk, epochs: Epochs, keyring: Keyring, memory: MemoryStore
) -> None:
    memory.rows = decided(desk, epochs, memory)
    emptied = Keyring()
    emptied.set("store-keyring", desk.state().epoch.kept_by)
    other = Epochs(desk.outside, emptied, HERE)

    class Slow(Keyring):
        def get(self, name: str) -> str | None:
            with desk.store.begin() as unit:
                unit.polling.save_epoch(replace(unit.polling.state().epoch, epoch_id="another"))
                unit.commit()
            return keyring.get(name)

    assert Epochs(desk.outside, Slow(), HERE).look() is None
    assert other.look() is None
    with desk.store.read() as unit:
        assert mark_of(unit).epoch_id == "another"
