"""Copies as quick as a program's are only warned of, and only as far as our own checks can tell how quick they were."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cmxero_desktop.services.deciding.saying import Saying
from cmxero_desktop.services.deciding.saying_typed import say_typed
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.settings import Mode
from tests.services.desk import NOV_1, Desk

MINUTE = timedelta(minutes=1)


class Firm:
    """A firm whose first check is over, and what happens in it; each sum is like no other's."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.count = 0
        desk.bill("100", "999000.00")
        desk.poll()
        desk.clock.now += timedelta(hours=1)

    def wait(self, minutes: float) -> None:
        self.desk.clock.now += minutes * MINUTE

    def receive(self) -> str:
        self.count += 1
        amount = f"{100 + self.count}.00"
        self.desk.xero.pay("CM-100", amount, NOV_1)
        return amount

    def type_in(self, amount: str, notes: str = "") -> None:
        self.desk.case.type_in("100", amount, NOV_1, notes)

    def quick(self, how_many: int = 6) -> None:
        """Receive money that somebody types within a minute, just before a check."""
        for _ in range(how_many):
            self.type_in(self.receive())
            self.wait(1)
            self.desk.poll()
            self.wait(9)

    def next_day(self) -> None:
        self.desk.clock.pass_days(1)

    def warnings(self) -> list[Alert]:
        return [alert for alert in self.desk.view().alerts if alert.kind is AlertKind.QUICK_COPIES]


@pytest.fixture
def firm(desk: Desk) -> Firm:
    """Return a firm after its first check."""
    return Firm(desk)


def test_two_days_of_copies_within_minutes_are_warned_of_once_and_stop_nothing(firm: Firm) -> None:
    firm.quick()
    assert firm.warnings() == [], "one day may be anything"
    firm.next_day()
    firm.quick()
    (warning,) = firm.warnings()
    assert warning.explanation.startswith("On 22 Nov 2026 and 23 Nov 2026 nearly all payments")
    assert "a person types very quickly" in warning.explanation
    assert firm.desk.settings.settings.mode is Mode.APPROVE
    firm.next_day()
    firm.quick()
    assert len(firm.warnings()) == 1
    assert [e.event.what for e in firm.desk.history() if e.event.rule == "R29"] == [AuditWhat.ALERT]
    assert firm.desk.approve_in_bulk().done, "what the typist left is approved as ever"


def test_it_leaves_when_it_was_long_ago(firm: Firm) -> None:
    firm.quick()
    firm.next_day()
    firm.quick()
    firm.desk.clock.pass_days(15)
    firm.desk.poll()
    assert firm.warnings() == []


def slow(firm: Firm) -> None:
    """Type each payment after a check that saw it missing seven minutes after Xero had it."""
    amount = firm.receive()
    firm.wait(7)
    firm.desk.poll()
    firm.type_in(amount)
    firm.wait(1)
    firm.desk.poll()


def slow_and_nothing_else_happens(firm: Firm) -> None:
    """No check between finds anything new; they saw it missing all the same."""
    amount = firm.receive()
    firm.wait(1)
    firm.desk.poll()
    for _ in range(4):
        firm.wait(10)
        firm.desk.poll()
    firm.type_in(amount)
    firm.wait(1)
    firm.desk.poll()


def typed_first(firm: Firm) -> None:
    """Case Manager has the money before Xero does: no program copied that."""
    amount = f"{101 + firm.count}.00"
    firm.type_in(amount)
    firm.desk.poll()
    firm.wait(9)
    assert firm.receive() == amount
    firm.wait(1)
    firm.desk.poll()


def checked_too_late(firm: Firm) -> None:
    """Check after eight minutes, which cannot tell whether the copy came at once."""
    firm.type_in(firm.receive())
    firm.wait(8)
    firm.desk.poll()


def ours(firm: Firm) -> None:
    """We wrote it ourselves within minutes."""
    firm.receive()
    firm.desk.poll()
    firm.desk.approve_in_bulk()
    firm.desk.apply()
    firm.desk.poll()
    firm.wait(9)


@pytest.mark.untraced
@pytest.mark.parametrize("happens", [slow, slow_and_nothing_else_happens, typed_first, checked_too_late, ours])
def test_nobody_is_called_quick_where_the_checks_do_not_tell(firm: Firm, happens: Callable[[Firm], None]) -> None:
    for _ in range(3):
        for _ in range(6):
            happens(firm)
        firm.next_day()
    assert firm.warnings() == []


@pytest.mark.untraced
@pytest.mark.parametrize(("slowly", "warnings"), [(1, 1), (2, 0)])
@pytest.mark.parametrize("happens", [slow, slow_and_nothing_else_happens, typed_first])
def test_nine_of_ten_have_to_be_quick(firm: Firm, happens: Callable[[Firm], None], slowly: int, warnings: int) -> None:
    for _ in range(2):
        firm.quick(9)
        for _ in range(slowly):
            happens(firm)
        firm.next_day()
    firm.desk.poll()
    assert len(firm.warnings()) == warnings


@pytest.mark.parametrize(("a_day", "warnings"), [(4, 0), (5, 1)])
def test_five_a_day_are_needed(firm: Firm, a_day: int, warnings: int) -> None:
    firm.quick(a_day)
    firm.next_day()
    firm.quick(a_day)
    assert len(firm.warnings()) == warnings


def test_what_a_person_said_of_the_typing_stays_said(firm: Firm) -> None:
    firm.quick()
    firm.next_day()
    firm.quick()
    words = say_typed(firm.desk.outside, Saying(by="Ann", reason=""))
    assert words.startswith("A person types the payments in Case Manager.")
    firm.next_day()
    firm.quick()
    assert firm.warnings() == []
    assert firm.desk.history()[-1].event.by == "Ann"
    for _ in range(3):
        firm.type_in(firm.receive(), "Imported from Xero")
    firm.desk.poll()
    assert [alert.kind for alert in firm.desk.view().alerts] == [AlertKind.OTHER_WRITER]


def test_beside_another_writer_that_is_told_it_says_nothing_more(firm: Firm) -> None:
    firm.quick()
    firm.next_day()
    firm.quick()
    for _ in range(3):
        firm.type_in(firm.receive(), "Imported from Xero")
    firm.desk.poll()
    assert [alert.kind for alert in firm.desk.view().alerts] == [AlertKind.OTHER_WRITER]
