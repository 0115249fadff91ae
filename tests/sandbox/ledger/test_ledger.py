"""The books: whatever is done to them, their sums, states and stamps follow from what is live."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, consumes, invariant, multiple, rule

from cmxero_desktop.sandbox.ledger.clock import Clock
from cmxero_desktop.sandbox.ledger.entries import CreditKind, to_cents
from cmxero_desktop.sandbox.ledger.ledger import Ledger
from cmxero_desktop.sandbox.ledger.organisations import BRIGHTSIDE
from cmxero_desktop.sandbox.ledger.state import LedgerRefusalError
from tests.sandbox.sandbox_client import NOW, SmallBooks

DAY = date(2026, 11, 10)
T = TypeVar("T")
AMOUNTS = st.integers(1, 70_000).map(lambda cents: Decimal(cents) / 100)


class BooksMachine(RuleBasedStateMachine):
    """Do anything to some invoices, in any order."""

    invoices: Bundle[str] = Bundle("invoices")
    payments: Bundle[str] = Bundle("payments")
    applied: Bundle[tuple[str, str]] = Bundle("applied")

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger(Clock(NOW), BRIGHTSIDE)
        self.account = self.ledger.add_account("Cheque")
        self.contact = self.ledger.add_contact("Acme Insurance")

    @rule(target=invoices, total=AMOUNTS)
    def bill(self, total: Decimal) -> str:
        return self.ledger.add_invoice(f"CM-{len(self.ledger.invoices)}", self.contact, total, DAY)

    @rule(target=payments, invoice=invoices, amount=AMOUNTS)
    def pay(self, invoice: str, amount: Decimal) -> str | MultipleResults[str]:
        return self._unless_refused(lambda: self.ledger.add_payment(invoice, amount, DAY, self.account))

    @rule(payment=payments)
    def delete(self, payment: str) -> None:
        self._unless_refused(lambda: self.ledger.delete_payment(payment))

    @rule(target=payments, payment=payments, amount=AMOUNTS)
    def edit(self, payment: str, amount: Decimal) -> str | MultipleResults[str]:
        return self._unless_refused(lambda: self.ledger.edit_payment(payment, amount=amount))

    @rule(target=applied, invoice=invoices, amount=AMOUNTS, kind=st.sampled_from(CreditKind))
    def credit(
        self, invoice: str, amount: Decimal, kind: CreditKind
    ) -> tuple[str, str] | MultipleResults[tuple[str, str]]:
        credit = self.ledger.add_credit(kind, self.contact, amount, DAY)
        return self._unless_refused(lambda: (credit, self.ledger.apply_credit(credit, invoice, amount, DAY)))

    @rule(pair=consumes(applied))
    def take_back(self, pair: tuple[str, str]) -> None:
        self.ledger.remove_allocation(*pair)

    @rule(first=invoices, second=invoices, amount=AMOUNTS)
    def batch(self, first: str, second: str, amount: Decimal) -> None:
        self._unless_refused(lambda: self.ledger.add_batch([(first, amount), (second, amount)], DAY))

    @rule(invoice=invoices)
    def void(self, invoice: str) -> None:
        self._unless_refused(lambda: self.ledger.void_invoice(invoice))

    @rule(seconds=st.integers(0, 90))
    def wait(self, seconds: int) -> None:
        self.ledger.clock.advance(timedelta(seconds=seconds))

    @invariant()
    def sums_follow_from_what_is_live(self) -> None:
        for invoice in self.ledger.invoices.values():
            live = sum(each.amount_cents for each in self.ledger.live_payments(invoice.invoice_id))
            applied = sum(
                part.amount_cents
                for credit in self.ledger.credits.values()
                for part in credit.allocations
                if part.invoice_id == invoice.invoice_id
            )
            assert invoice.paid_cents == live
            assert invoice.credited_cents == applied
            assert 0 <= invoice.due_cents <= invoice.total_cents
            if invoice.status != "VOIDED":
                assert invoice.due_cents == invoice.total_cents - live - applied
                assert (invoice.status == "PAID") == (invoice.due_cents == 0)
                assert (invoice.fully_paid_on is not None) == (invoice.status == "PAID")

    @invariant()
    def credits_never_go_below_zero(self) -> None:
        for credit in self.ledger.credits.values():
            assert 0 <= credit.remaining_cents <= credit.total_cents
            assert (credit.status == "PAID") == (credit.remaining_cents == 0)

    @invariant()
    def an_invoice_is_stamped_no_earlier_than_its_payments(self) -> None:
        for payment in self.ledger.payments.values():
            assert self.ledger.invoices[payment.document_id].updated_at >= payment.updated_at

    @staticmethod
    def _unless_refused(change: Callable[[], T]) -> T | MultipleResults[T]:
        try:
            return change()
        except LedgerRefusalError:
            return multiple()


TestBooks = BooksMachine.TestCase
TestBooks.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_a_deletion_is_stamped_and_takes_the_bank_reconciliation_with_it(books: SmallBooks) -> None:
    ledger = books.ledger
    ledger.reconcile(books.first)
    ledger.clock.advance(timedelta(minutes=5))
    ledger.delete_payment(books.first)
    deleted = ledger.payments[books.first]
    assert (deleted.status, deleted.is_reconciled) == ("DELETED", False)
    assert deleted.updated_at == ledger.clock.now() == ledger.invoices[books.invoice].updated_at
    assert ledger.invoices[books.invoice].paid_cents == 46_10


def test_an_edit_is_a_deletion_and_a_new_id(books: SmallBooks) -> None:
    new = books.ledger.edit_payment(books.first, amount="450.00")
    assert new != books.first
    assert books.ledger.payments[books.first].status == "DELETED"
    assert books.ledger.payments[new].amount_cents == 450_00
    assert books.ledger.payments[new].reference == "REM889"
    assert books.ledger.payments[new].updated_at >= books.ledger.payments[books.first].updated_at


def test_an_edit_that_is_refused_changes_nothing(books: SmallBooks) -> None:
    with pytest.raises(LedgerRefusalError):
        books.ledger.edit_payment(books.first, amount="1000.01")
    assert books.ledger.payments[books.first].is_live


def test_a_second_deletion_is_refused(books: SmallBooks) -> None:
    books.ledger.delete_payment(books.first)
    with pytest.raises(LedgerRefusalError):
        books.ledger.delete_payment(books.first)


def test_a_paid_invoice_cannot_be_voided(books: SmallBooks) -> None:
    with pytest.raises(LedgerRefusalError):
        books.ledger.void_invoice(books.invoice)


def test_reconciling_moves_only_the_stamp(books: SmallBooks) -> None:
    before = books.ledger.payments[books.first]
    books.ledger.clock.advance(timedelta(hours=3))
    books.ledger.reconcile(books.first)
    after = books.ledger.payments[books.first]
    assert after.updated_at > before.updated_at
    assert (after.amount_cents, after.paid_on, after.is_reconciled) == (
        before.amount_cents,
        before.paid_on,
        True,
    )


def test_a_renumbered_invoice_keeps_its_payments_stamps(books: SmallBooks) -> None:
    before = books.ledger.payments[books.first]
    books.ledger.clock.advance(timedelta(hours=1))
    books.ledger.renumber_invoice(books.invoice, "CM-10234A")
    assert books.ledger.payments[books.first] == before
    assert books.ledger.invoice_numbered("CM-10234A").updated_at == books.ledger.clock.now()


def test_deleting_a_batch_deletes_its_payments(books: SmallBooks) -> None:
    batch = books.ledger.add_batch([(books.invoice, "100.00")], DAY)
    books.ledger.delete_batch(batch)
    assert books.ledger.batches[batch].status == "DELETED"
    assert not books.ledger.payments[books.ledger.batches[batch].payment_ids[0]].is_live


def test_what_xero_refuses_is_refused_whole(books: SmallBooks) -> None:
    ledger, contact = books.ledger, books.ledger.invoices[books.invoice].contact
    with pytest.raises(LedgerRefusalError):
        ledger.add_batch([(books.invoice, "553.91")], DAY)
    credit = ledger.add_credit(CreditKind.PREPAYMENT, contact, "50.00", DAY)
    with pytest.raises(LedgerRefusalError):
        ledger.apply_credit(credit, books.invoice, "50.01", DAY)
    with pytest.raises(LedgerRefusalError):
        ledger.refund_credit(credit, "50.01", DAY, books.account)
    refund = ledger.refund_credit(credit, "20.00", DAY, books.account)
    with pytest.raises(LedgerRefusalError):
        ledger.void_credit(credit)
    ledger.delete_payment(refund)
    with pytest.raises(LedgerRefusalError):
        ledger.reconcile(refund)
    assert ledger.credits[credit].remaining_cents == 50_00
    assert len(ledger.payments) == 3


def test_money_finer_than_a_cent_is_no_money() -> None:
    assert to_cents("0.10") == 10
    with pytest.raises(ValueError, match="finer than a cent"):
        to_cents("0.105")


def test_a_clock_only_goes_forward() -> None:
    clock = Clock(NOW)
    clock.advance(timedelta(days=1))
    assert clock.now() == NOW + timedelta(days=1)
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(timedelta(seconds=-1))
    clock.run()
    assert clock.now() >= NOW + timedelta(days=1)


def test_a_real_clock_can_be_moved_ahead_and_frozen() -> None:
    clock = Clock()
    before = clock.now()
    clock.advance(timedelta(days=2))
    assert clock.now() - before >= timedelta(days=2)
    clock.freeze()
    assert clock.now() == clock.now()
