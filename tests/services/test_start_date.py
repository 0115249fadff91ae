"""R5 for a firm that is connected in the middle of its transition: what happened since the start is listed, no more.

The firm starts on 1 July and is connected on 22 November. What really happened to each payment, and when, is told here.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.proposals import Flag, ProposalKind
from cmxero_desktop.services.deciding.saying import Saying, explain
from tests.services.desk import ANN, Desk
from tests.services.fake_store import MemoryStore
from tests.services.terminal import Terminal

START = date(2026, 7, 1)
EARLY = date(2026, 6, 3)
MAY = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)
AUGUST = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
_SYDNEY = ZoneInfo("Australia/Sydney")


class Firm:
    """A desk whose ledgers have a history: each act is done at its own time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.set_policy(start_date=START)
        self.count = 100

    def at(self, when: datetime) -> "Firm":
        self.desk.clock.now = when
        return self

    def pay(self, when: datetime, paid_on: date = EARLY, amount: str = "400.00") -> XeroPaymentId:
        """Apply a payment to an invoice of its own."""
        self.at(when)
        self.desk.bill(str(self.count))
        payment_id = self.desk.xero.pay(f"CM-{self.count}", amount, paid_on)
        self.count += 1
        return payment_id

    def copy(self, payment_id: XeroPaymentId, paid_on: date = EARLY) -> CasePaymentId:
        payment = self.desk.xero.payments[payment_id]
        return self.desk.case.type_in(payment.invoice_number[3:], str(payment.amount), paid_on)

    def reconcile(self, payment_id: XeroPaymentId, when: datetime) -> None:
        self.at(when)
        self.desk.xero.change(payment_id, is_bank_reconciled=True)

    def delete(self, payment_id: XeroPaymentId, when: datetime) -> None:
        self.at(when)
        self.desk.xero.delete(payment_id)

    def first_load(self) -> None:
        self.at(NOW).desk.poll()

    def proposed(self) -> set[str]:
        return {f"{p.proposal.kind} {p.proposal.invoice_number}" for p in self.desk.proposals()}


@pytest.fixture
def firm(desk: Desk) -> Firm:
    return Firm(desk)


def old_and_typed(firm: Firm) -> None:
    """Apply and type before the start."""
    firm.copy(firm.pay(MAY))


def old_and_never_typed(firm: Firm) -> None:
    """Apply before the start and never type it: whoever began in July left it so."""
    firm.pay(MAY)


def old_and_reconciled_since(firm: Firm) -> None:
    """Apply and type before the start; the bank reconciliation came in August."""
    payment = firm.pay(MAY)
    firm.copy(payment)
    firm.reconcile(payment, AUGUST)


def deleted_before(firm: Firm) -> None:
    payment = firm.pay(MAY)
    firm.copy(payment)
    firm.delete(payment, MAY)


def only_here(firm: Firm) -> None:
    firm.desk.bill("99")
    firm.desk.case.type_in("99", "123.00", EARLY)


BASELINE = [old_and_typed, old_and_never_typed, old_and_reconciled_since, deleted_before, only_here]


def cash_applied_since(firm: Firm) -> None:
    """Apply cash of 3 June to its invoice in November."""
    firm.pay(NOVEMBER, amount="410.00")


def deleted_since(firm: Firm) -> None:
    payment = firm.pay(MAY)
    firm.copy(payment)
    firm.delete(payment, NOVEMBER)


def replaced_since(firm: Firm) -> None:
    payment = firm.pay(MAY)
    firm.copy(payment)
    firm.delete(payment, NOVEMBER)
    firm.desk.xero.pay("CM-100", "450.00", EARLY)


def locked_and_deleted_since(firm: Firm) -> None:
    payment = firm.pay(MAY)
    firm.desk.case.journal(firm.copy(payment))
    firm.delete(payment, NOVEMBER)


HAPPENED = [
    (cash_applied_since, {"add CM-100"}),
    (deleted_since, {"remove CM-100"}),
    (replaced_since, {"change CM-100"}),
]


@pytest.mark.parametrize("history", BASELINE)
def test_r5_the_baseline_is_not_listed_at_the_first_load_nor_later(firm: Firm, history: Callable[[Firm], None]) -> None:
    history(firm)
    firm.first_load()
    assert firm.proposed() == set()
    firm.desk.clock.pass_days(1)
    firm.desk.poll(is_full=True)
    view = firm.desk.view()
    assert not any((view.review, view.unmatched, view.skipped, view.matched))


@pytest.mark.parametrize(("history", "expected"), HAPPENED)
def test_r5_what_happened_between_start_and_first_load_is_listed_and_looked_at_alone(
    firm: Firm, history: Callable[[Firm], None], expected: set[str]
) -> None:
    history(firm)
    firm.first_load()
    assert firm.proposed() == expected
    assert all(Flag.BEFORE_START in p.proposal.flags for p in firm.desk.proposals())
    assert firm.desk.approve_in_bulk().done == ()


def test_r5_a_locked_copy_whose_original_was_deleted_since_is_listed(firm: Firm) -> None:
    locked_and_deleted_since(firm)
    firm.first_load()
    assert [str(row.placement.reason) for row in firm.desk.view().skipped] == ["JOURNALLED"]


@pytest.mark.parametrize("history", BASELINE)
def test_r5_cash_that_is_applied_after_the_first_load_is_listed(firm: Firm, history: Callable[[Firm], None]) -> None:
    history(firm)
    firm.first_load()
    firm.pay(firm.desk.clock())
    firm.desk.poll()
    (add,) = firm.desk.proposals()
    assert (add.proposal.kind, Flag.BEFORE_START in add.proposal.flags) == (ProposalKind.ADD, True)
    firm.desk.approve_and_apply(add)
    assert firm.desk.paid(add.proposal.invoice_number[3:]) == ["400.00"]


@pytest.mark.parametrize("history", [old_and_typed, old_and_reconciled_since])
def test_r5_an_early_payment_that_is_deleted_after_the_first_load_is_listed(
    firm: Firm, history: Callable[[Firm], None]
) -> None:
    history(firm)
    firm.first_load()
    firm.delete(XeroPaymentId("payment-1"), firm.desk.clock())
    firm.desk.poll()
    assert firm.proposed() == {"remove CM-100"}


def test_r5_an_early_payment_that_is_edited_after_the_first_load_is_listed(firm: Firm) -> None:
    old_and_typed(firm)
    firm.first_load()
    firm.desk.xero.edit(XeroPaymentId("payment-1"), "450.00")
    firm.desk.poll()
    assert firm.proposed() == {"change CM-100"}


def test_r5_what_stood_on_both_sides_at_the_first_load_is_baseline_for_ever(firm: Firm) -> None:
    """It was reconciled since the start, so its time in Xero proves nothing; that it had its equal does."""
    old_and_reconciled_since(firm)
    firm.first_load()
    firm.desk.case.rows.clear()
    firm.desk.clock.pass_days(1)
    firm.desk.poll()
    assert firm.proposed() == set()
    firm.desk.poll(is_full=True)
    assert firm.proposed() == set()


def test_r5_what_was_applied_since_and_matched_later_is_listed_once_its_copy_is_gone(firm: Firm) -> None:
    cash_applied_since(firm)
    firm.first_load()
    key = firm.copy(XeroPaymentId("payment-1"))
    firm.desk.poll()
    assert firm.proposed() == set()
    del firm.desk.case.rows[key]
    firm.desk.poll()
    assert firm.proposed() == {"add CM-100"}


def test_r5_a_reconciliation_after_the_first_load_is_nothing_that_happened(firm: Firm) -> None:
    old_and_never_typed(firm)
    firm.first_load()
    firm.reconcile(XeroPaymentId("payment-1"), firm.desk.clock())
    firm.desk.poll()
    assert firm.proposed() == set()


@pytest.mark.parametrize(
    ("when", "is_since"),
    [
        (datetime(2026, 7, 1, 8, 30, tzinfo=_SYDNEY), True),
        (datetime(2026, 7, 1, 0, 1, tzinfo=_SYDNEY), True),
        (datetime(2026, 6, 30, 23, 59, tzinfo=_SYDNEY), False),
    ],
)
def test_r5_the_start_is_the_firm_s_own_midnight(firm: Firm, when: datetime, is_since: bool) -> None:  # noqa: FBT001 - a column of the table
    """On the first morning in Sydney it is still the day before in UTC, which Xero's times are told in."""
    firm.pay(when.astimezone(UTC))
    firm.first_load()
    assert firm.proposed() == ({"add CM-100"} if is_since else set())


def test_r5_a_store_that_was_restored_knows_its_baseline_and_hides_nothing_that_came_since(
    firm: Firm, memory: MemoryStore
) -> None:
    old_and_reconciled_since(firm)
    old_and_never_typed(firm)
    firm.first_load()
    backup = memory.rows.copy()
    firm.pay(firm.desk.clock())
    firm.delete(XeroPaymentId("payment-1"), firm.desk.clock())
    firm.desk.poll()
    memory.rows = backup
    firm.desk.restart()
    firm.desk.clock.pass_days(1)
    firm.desk.poll()
    assert firm.proposed() == {"remove CM-100", "add CM-102"}


def test_r5_a_store_that_begins_anew_takes_its_baseline_from_the_facts(firm: Firm) -> None:
    for history in BASELINE[:3]:
        history(firm)
    cash_applied_since(firm)
    firm.first_load()
    assert firm.proposed() == {"add CM-103"}
    again = Desk(MemoryStore())
    again.xero, again.case, again.clock, again.settings = (
        firm.desk.xero,
        firm.desk.case,
        firm.desk.clock,
        firm.desk.settings,
    )
    again.poll()
    assert {f"{p.proposal.kind} {p.proposal.invoice_number}" for p in again.proposals()} == {"add CM-103"}


def test_r5_another_start_date_is_judged_by_what_happened_since_that_one(firm: Firm) -> None:
    firm.pay(AUGUST)
    firm.first_load()
    assert firm.proposed() == {"add CM-100"}
    firm.desk.set_policy(start_date=date(2026, 10, 1))
    firm.desk.poll()
    assert firm.proposed() == set()
    firm.desk.set_policy(start_date=START)
    firm.desk.poll()
    assert firm.proposed() == {"add CM-100"}


def test_r5_a_leftover_that_is_not_listed_can_be_explained_so_that_it_flags_no_more(firm: Firm) -> None:
    firm.pay(NOVEMBER, date(2026, 11, 9))
    key = firm.desk.case.type_in("100", "123.00", EARLY)
    firm.first_load()
    (add,) = firm.desk.proposals()
    assert Flag.BESIDE_UNMATCHED in add.proposal.flags
    explain(firm.desk.outside, key, Explained.OTHER, Saying(by=ANN, reason="an old trust receipt"))
    (again,) = firm.desk.proposals()
    assert again.proposal.flags == frozenset()


def test_r5_all_of_it_through_cmxero(firm: Firm) -> None:
    for history in BASELINE:
        history(firm)
    cash_applied_since(firm)
    cmxero = Terminal(firm.desk)
    firm.at(NOW)
    assert cmxero.json("poll")["counts"] == {"matched": 0, "unmatched": 1, "skipped": 0, "proposed": 1, "alerts": 0}
    (row,) = cmxero.json("list", "proposals")
    assert (row["kind"], row["date"], row["flags"]) == ("add", "2026-06-03", ["before_start"])
    assert cmxero.json("approve", "--all", "--kind", "add", "--by", ANN)["applied"] == []
    assert len(cmxero.json("approve", row["id"], "--by", ANN)["applied"]) == 1
    firm.delete(XeroPaymentId("payment-1"), firm.desk.clock())
    cmxero.json("poll")
    assert [(p["kind"], p["flags"]) for p in cmxero.json("list", "proposals")] == [
        ("remove", ["before_start", "never_noted"])
    ]


def test_r5_a_copy_in_a_multi_invoice_payment_whose_original_was_deleted_since_is_listed(firm: Firm) -> None:
    payment = firm.pay(MAY)
    firm.desk.case.edit(firm.copy(payment), is_multi_invoice=True, group="G-1")
    firm.delete(payment, NOVEMBER)
    firm.first_load()
    assert [str(row.placement.reason) for row in firm.desk.view().skipped] == ["MULTI_INVOICE"]


def test_r5_an_old_leftover_that_was_accepted_needs_no_explanation(firm: Firm) -> None:
    firm.pay(NOVEMBER)
    key = firm.copy(XeroPaymentId("payment-1"), date(2026, 6, 9))
    firm.first_load()
    firm.desk.approve_and_apply(firm.desk.proposal(ProposalKind.ACCEPT))
    with pytest.raises(NotAllowedError, match="no payment 1"):
        explain(firm.desk.outside, key, Explained.OTHER, Saying(by=ANN, reason="no"))
