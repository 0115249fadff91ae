"""No receipt stands twice after Case Manager or our store was put back from a backup, or a key was gone for one check.

A firm of receipts: each has a sum of its own, so a row of Case Manager tells which money it is, whatever its key. Some
are noted by us, some were typed and never noted, some are locked or shared and cannot be noted at all. Everything that
may go in bulk is approved and written; what is left is for a person, who is told.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.services.deciding.changing_mode import change_mode
from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import NOV_1, Desk
from tests.services.fake_store import MemoryStore, Rows

# What it runs of the program others run as well.
pytestmark = pytest.mark.untraced

INVOICES = 6


@dataclass
class Firm:
    """The desk of a firm, and which receipt each sum of money is."""

    desk: Desk
    memory: MemoryStore
    receipt_of: dict[Money, str] = field(default_factory=dict)
    paid: dict[str, XeroPaymentId] = field(default_factory=dict)
    typed: dict[str, CasePaymentId] = field(default_factory=dict)

    def open(self) -> None:
        """Bill, and receive money of each kind on each invoice before anything is checked."""
        for n in range(INVOICES):
            self.desk.bill(str(100 + n), "99000.00")
            self.receive(n, "noted")
            for kind in ("typed", "locked", "shared"):
                self.type_in(n, kind)
        self.desk.poll()
        self.work()

    def receive(self, n: int, kind: str) -> str:
        """Receive money in Xero; its sum is like no other's."""
        name = f"{kind} {n}"
        amount = f"{100 * (len(self.receipt_of) + 1)}.{n + 10}"
        self.receipt_of[Money.of(amount, "AUD")] = name
        self.paid[name] = self.desk.xero.pay(f"CM-{100 + n}", amount, NOV_1)
        return amount

    def type_in(self, n: int, kind: str) -> None:
        """Receive money that is typed by hand as well, locked or shared as its kind says."""
        key = self.desk.case.type_in(str(100 + n), self.receive(n, kind), NOV_1)
        self.typed[f"{kind} {n}"] = key
        if kind == "locked":
            self.desk.case.journal(key)
        if kind == "shared":
            self.desk.case.edit(key, is_multi_invoice=True, group="G")

    def edit_in_xero(self) -> None:
        """Give every receipt of two invoices another sum in Xero: the same money, a new payment."""
        for name, payment_id in list(self.paid.items()):
            if name[-1] in "01":
                amount = self.desk.xero.payments[payment_id].amount + Money.of("7.00", "AUD")
                self.receipt_of[amount] = name
                self.paid[name] = self.desk.xero.edit(payment_id, str(amount.amount))

    def work(self) -> None:
        """Approve and write all that bulk allows, and check, until nothing is left that bulk allows."""
        for _ in range(3):
            self.desk.approve_in_bulk()
            self.desk.apply()
            self.desk.poll(is_full=True)

    def doubled(self) -> list[str]:
        """Return the receipts that stand more than once."""
        rows = self.desk.case.rows.values()
        return sorted(name for name, n in Counter(self.receipt_of[r.amount] for r in rows).items() if n > 1)

    def told(self) -> set[str]:
        """Return the receipts of which something is proposed."""
        waiting = (row.proposal.xero for row in self.desk.proposals())
        return {self.receipt_of[xero.amount] for xero in waiting if xero is not None}

    def missing(self) -> set[str]:
        """Return the receipts that stand nowhere."""
        return set(self.paid) - {self.receipt_of[row.amount] for row in self.desk.case.rows.values()}


@pytest.fixture
def firm(desk: Desk, memory: MemoryStore) -> Firm:
    """Return a firm that was checked, and whose clean rows are written."""
    made = Firm(desk, memory)
    made.open()
    assert (made.doubled(), made.missing()) == ([], set())
    return made


def nothing(_firm: Firm) -> None:
    """Nothing happens in Xero meanwhile."""


MEANWHILE = pytest.mark.parametrize("meanwhile", [nothing, Firm.edit_in_xero], ids=["quiet", "edited"])


@MEANWHILE
def test_case_manager_put_back_from_a_backup(firm: Firm, meanwhile: Callable[[Firm], None]) -> None:
    """What was written and typed since is gone, and its keys are given to whatever is written next."""
    backup = dict(firm.desk.case.rows)
    for n in range(INVOICES):
        firm.receive(n, "later")
        firm.type_in(n, "later locked")
    firm.desk.poll()
    firm.work()
    firm.desk.case.rows = dict(backup)
    meanwhile(firm)
    firm.desk.poll()
    firm.work()
    assert firm.doubled() == []
    assert {name for name in firm.missing() if name.startswith("later")} <= firm.told()


@MEANWHILE
def test_an_old_copy_of_case_manager_is_read_once(firm: Firm, meanwhile: Callable[[Firm], None]) -> None:
    """One check reads a copy that lacks half of the rows, and writes nothing; then the right database is back."""
    present = dict(firm.desk.case.rows)
    firm.desk.case.rows = {key: row for key, row in present.items() if int(key.value) % 2}
    firm.desk.set_mode(Mode.OBSERVE)
    firm.desk.poll()
    firm.desk.case.rows = present
    firm.desk.set_mode(Mode.APPROVE)
    meanwhile(firm)
    firm.desk.poll()
    firm.work()
    assert firm.doubled() == []


@MEANWHILE
def test_an_approval_given_on_an_old_copy_is_not_written_into_the_right_one(
    firm: Firm, meanwhile: Callable[[Firm], None]
) -> None:
    present = dict(firm.desk.case.rows)
    firm.desk.case.rows = {key: row for key, row in present.items() if int(key.value) % 2}
    firm.desk.poll()
    assert firm.desk.approve_in_bulk().done
    firm.desk.case.rows = present
    meanwhile(firm)
    firm.desk.apply()
    firm.desk.poll()
    firm.work()
    assert firm.doubled() == []


@MEANWHILE
def test_our_store_put_back_from_a_backup(firm: Firm, meanwhile: Callable[[Firm], None]) -> None:
    backup: Rows = firm.memory.rows.copy()
    for n in range(INVOICES):
        firm.receive(n, "later")
        firm.type_in(n, "later locked")
        firm.type_in(n, "later shared")
    firm.desk.poll()
    firm.work()
    meanwhile(firm)
    firm.memory.rows = backup
    firm.desk.restart()
    firm.desk.poll()
    # Notes that this store knows nothing of look like another writer's (R29); a person says that they are our own.
    assert firm.desk.settings.settings.mode is Mode.OBSERVE
    (alert,) = firm.desk.view().alerts
    assert "or our own records were restored from a backup" in alert.explanation
    firm.desk.poll()
    change_mode(firm.desk.outside, Mode.APPROVE, Saying(by="Ann", reason="our records are of yesterday"))
    firm.work()
    assert firm.doubled() == []


@MEANWHILE
def test_keys_given_to_other_money_between_two_checks(firm: Firm, meanwhile: Callable[[Firm], None]) -> None:
    """The last payments of two invoices changed their keys: each is the other's money by now, on the same day."""
    shared, locked = firm.typed["shared 0"], firm.typed["locked 0"]
    rows = firm.desk.case.rows
    amounts = rows[shared].amount, rows[locked].amount
    firm.desk.case.edit(shared, amount=amounts[1])
    firm.desk.case.edit(locked, amount=amounts[0])
    meanwhile(firm)
    firm.desk.poll()
    firm.work()
    assert firm.doubled() == []


def test_a_key_given_away_after_a_restore_is_nobodys_copy(firm: Firm) -> None:
    """A deposit gets the key, on the day, of a copy that is gone; Xero then deletes what that copy stood for."""
    backup = dict(firm.desk.case.rows)
    firm.type_in(0, "later shared")
    firm.desk.poll()
    firm.desk.case.rows = dict(backup)
    firm.desk.poll()
    deposit = firm.desk.case.type_in("100", "5.55", NOV_1)
    assert deposit == firm.typed["later shared 0"]
    firm.desk.xero.delete(firm.paid["later shared 0"])
    firm.desk.poll()
    about = [row.proposal.case.payment_id for row in firm.desk.proposals() if row.proposal.case is not None]
    assert deposit not in about
