"""Payments and invoices of Xero: the newest fact wins, and only a change of content counts."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.records import Account, PaymentStatus, XeroInvoice, XeroPayment
from cmxero_desktop.services.ports.store import Store
from tests.adapters.store.examples import (
    INVOICE,
    NOON,
    ONE_PM,
    tracked,
    unreadable,
    unreadable_invoice,
    xero_invoice,
    xero_payment,
)
from tests.adapters.store.strategies import invoices, payments

P1 = XeroPaymentId("Payment-1")


def save(store: Store, *facts: XeroPayment) -> int:
    with store.begin() as unit:
        changed = unit.facts.save_payments(facts)
        unit.commit()
    return changed


def stored(store: Store, payment_id: XeroPaymentId = P1) -> XeroPayment:
    with store.read() as unit:
        return unit.facts.payments_by_id([payment_id])[payment_id]


def test_a_new_payment_counts_and_comes_back_as_it_was(store: Store) -> None:
    assert save(store, xero_payment()) == 1
    assert stored(store) == xero_payment()


def test_stored_payments_are_counted(store: Store) -> None:
    save(store, xero_payment())
    save(store, xero_payment("Payment-2"))
    with store.read() as unit:
        assert unit.facts.payments_stored() == 2


def test_the_same_payment_again_counts_nothing(store: Store) -> None:
    save(store, xero_payment())
    assert save(store, xero_payment()) == 0


def test_a_phantom_change_counts_nothing_but_the_newest_is_kept(store: Store) -> None:
    save(store, xero_payment())
    newer = xero_payment(updated_at=ONE_PM, is_bank_reconciled=True)
    assert save(store, newer) == 0
    assert stored(store) == replace(newer, first_updated_at=NOON)


def test_when_a_payment_was_first_seen_never_moves(store: Store) -> None:
    """A bank reconciliation and a deletion move `updated_at`; what tells an edit is when it was entered (R16)."""
    save(store, xero_payment(updated_at=ONE_PM))
    assert stored(store).entered_at == ONE_PM
    save(store, xero_payment(updated_at=NOON))
    assert stored(store).entered_at == ONE_PM
    two_pm, three_pm = ONE_PM + timedelta(hours=1), ONE_PM + timedelta(hours=2)
    save(store, replace(xero_payment(updated_at=two_pm), first_updated_at=two_pm))
    save(store, xero_payment(updated_at=three_pm, status=PaymentStatus.DELETED))
    assert (stored(store).entered_at, stored(store).updated_at) == (ONE_PM, three_pm)


def test_of_two_facts_in_one_page_the_older_one_says_when_it_was_first_seen(store: Store) -> None:
    facts = [xero_payment(updated_at=NOON), xero_payment(updated_at=ONE_PM)]
    others = [replace(fact, payment_id=XeroPaymentId("Payment-2")) for fact in reversed(facts)]
    save(store, *facts, *others)
    assert [stored(store, i).entered_at for i in (P1, XeroPaymentId("Payment-2"))] == [NOON, NOON]
    assert stored(store).updated_at == ONE_PM


def test_each_change_of_content_counts(store: Store) -> None:
    save(store, xero_payment())
    for changed in (
        xero_payment(amount="400.01"),
        xero_payment(amount="400.01", reference="other"),
        replace(xero_payment(), account_id="a-1"),
        replace(xero_payment(), account_id="a-1", account_code="090"),
        replace(xero_payment(), account_id="a-1", account_code="090", contact_id="c-1"),
        xero_payment(amount="400.01", reference="other", status=PaymentStatus.DELETED),
        xero_payment(amount="400.01", reference="other", status=PaymentStatus.DELETED, contact_name="New"),
    ):
        assert save(store, changed) == 1
        assert stored(store) == changed


def test_an_older_fact_never_overwrites_a_newer_one(store: Store) -> None:
    newer = xero_payment(amount="450.00", updated_at=ONE_PM)
    save(store, newer)
    assert save(store, xero_payment()) == 0
    assert stored(store) == newer


def test_of_two_facts_in_one_page_the_newer_one_counts_once_in_either_order(store: Store) -> None:
    older, newer = xero_payment(), xero_payment(amount="450.00", updated_at=ONE_PM)
    assert save(store, newer, older) == 1
    assert stored(store) == replace(newer, first_updated_at=NOON)
    assert save(store, older, newer) == 0


def test_more_payments_than_fit_into_one_statement(store: Store) -> None:
    many = [xero_payment(f"p-{n}") for n in range(2500)]
    assert save(store, *many) == 2500
    assert save(store, *many, xero_payment("one more")) == 1
    with store.read() as unit:
        assert len(unit.facts.payments_by_id([p.payment_id for p in many])) == 2500


def test_ids_are_compared_without_regard_to_case(store: Store) -> None:
    save(store, xero_payment("ABC"))
    assert save(store, xero_payment("abc")) == 0
    with store.read() as unit:
        assert set(unit.facts.payments_by_id([XeroPaymentId("aBc"), XeroPaymentId("d")])) == {"aBc"}


def test_a_readable_payment_is_no_longer_unreadable_or_unknown(store: Store) -> None:
    with store.begin() as unit:
        unit.gaps.save_unreadable([unreadable("PAYMENT-1"), unreadable("Payment-2"), unreadable(None)])
        unit.gaps.save_unknown([XeroPaymentId("PAYMENT-1"), XeroPaymentId("Payment-2")])
        unit.facts.save_payments([xero_payment()])
        unit.commit()
    with store.read() as unit:
        assert unit.gaps.unreadable() == (unreadable(None),)
        assert unit.gaps.unknown_ids() == {"payment-2"}


def test_a_row_whose_id_is_unknown_is_gone_and_kept_until_the_id_is_known_again(store: Store) -> None:
    with store.begin() as unit:
        unit.gaps.save_unreadable([unreadable("Payment-1"), unreadable("Payment-2")])
        unit.gaps.save_unknown([XeroPaymentId("PAYMENT-1")])
        assert unit.gaps.unreadable() == (unreadable("Payment-2"),)
        unit.gaps.save_unreadable([unreadable("PAYMENT-1")])
        assert unit.gaps.unknown_ids() == frozenset()
        assert len(unit.gaps.unreadable()) == 2
        unit.commit()


def test_rows_are_forgotten_by_id_whatever_they_are_of(store: Store) -> None:
    with store.begin() as unit:
        unit.gaps.save_unreadable([unreadable("Payment-1"), unreadable_invoice("Invoice-1"), unreadable(None)])
        unit.gaps.forget([])
        unit.gaps.forget(["elsewhere"])
        assert len(unit.gaps.unreadable()) == 3
        unit.gaps.forget(["PAYMENT-1", "invoice-1"])
        assert unit.gaps.unreadable() == (unreadable(None),)
        unit.commit()


def test_an_unreadable_row_stands_beside_the_payment_that_was_known(store: Store) -> None:
    save(store, xero_payment())
    with store.begin() as unit:
        unit.gaps.save_unreadable([unreadable()])
        unit.commit()
    with store.read() as unit:
        assert unit.gaps.unreadable() == (unreadable(),)
    assert stored(store) == xero_payment()


def test_an_older_readable_fact_leaves_the_row_unreadable(store: Store) -> None:
    save(store, xero_payment(updated_at=ONE_PM))
    with store.begin() as unit:
        unit.gaps.save_unreadable([unreadable()])
        unit.facts.save_payments([xero_payment(updated_at=NOON)])
        assert unit.gaps.unreadable() == (unreadable(),)


def test_a_readable_invoice_is_no_longer_unreadable(store: Store) -> None:
    invoice = xero_invoice()
    broken = unreadable_invoice(invoice.invoice_id.upper())
    other = unreadable_invoice("other")
    with store.begin() as unit:
        unit.facts.save_invoices([invoice])
        unit.gaps.save_unreadable([broken, other, unreadable(None)])
        unit.facts.save_invoices([replace(invoice, updated_at=invoice.updated_at - timedelta(days=1))])
        assert set(unit.gaps.unreadable()) == {broken, other, unreadable(None)}
        unit.facts.save_invoices([invoice])
        assert set(unit.gaps.unreadable()) == {other, unreadable(None)}


def test_a_full_reading_forgets_the_rows_without_an_id_of_its_own_kind(store: Store) -> None:
    rows = [unreadable(None, "a"), unreadable(None, "b"), unreadable_invoice(None, "a"), unreadable_invoice(None, "b")]
    with store.begin() as unit:
        unit.gaps.save_unreadable([*rows, unreadable_invoice(), unreadable()])
        unit.gaps.forget_places(["a"], of_invoices=True)
        assert set(unit.gaps.unreadable()) == {*rows[:3], unreadable_invoice(), unreadable()}
        unit.gaps.forget_places(["b"], of_invoices=False)
        assert set(unit.gaps.unreadable()) == {rows[1], rows[2], unreadable_invoice(), unreadable()}


def test_an_unreadable_row_is_kept_once_for_each_id_or_place(store: Store) -> None:
    again = replace(unreadable(), problem="Date is null.")
    with store.begin() as unit:
        unit.gaps.save_unreadable([unreadable(), unreadable(None, "row 4")])
        unit.gaps.save_unreadable([again, unreadable(None, "row 4"), unreadable(None, "row 5")])
        assert unit.gaps.unreadable() == (again, unreadable(None, "row 4"), unreadable(None, "row 5"))


def test_payments_and_invoices_of_tracked_invoices_only(store: Store) -> None:
    other = XeroInvoiceId("invoice-2")
    with store.begin() as unit:
        unit.facts.track([tracked()])
        unit.facts.save_payments(
            [xero_payment("b"), xero_payment("A"), xero_payment("c", invoice_id=other)],
        )
        unit.facts.save_invoices([xero_invoice(), replace(xero_invoice(), invoice_id=other)])
        unit.commit()
    with store.read() as unit:
        assert unit.facts.payments_of_tracked() == {INVOICE: (xero_payment("A"), xero_payment("b"))}
        assert unit.facts.invoices_of_tracked() == {INVOICE: xero_invoice()}


def test_refunds_are_kept_beside_the_payments_of_invoices(store: Store) -> None:
    refund = replace(
        xero_payment("R", invoice_id=XeroInvoiceId("credit-1"), status=PaymentStatus.DELETED),
        payment_type="ARCREDITPAYMENT",
        invoice_type="ACCRECCREDIT",
    )
    # A payment of an invoice that is not tracked, as it was asked for by its id, is none.
    other = xero_payment("x", invoice_id=XeroInvoiceId("invoice-2"))
    with store.begin() as unit:
        unit.facts.track([tracked()])
        unit.facts.save_payments([xero_payment(), refund, other])
        unit.commit()
    with store.read() as unit:
        assert unit.facts.refunds() == (refund,)
        assert unit.facts.payments_of_tracked() == {INVOICE: (xero_payment(),)}


def test_accounts_say_what_the_payments_rows_lack(store: Store) -> None:
    bare = replace(xero_payment(), account_id="ACC-1", account_name="", account_code="")
    told = replace(xero_payment("Payment-2"), account_id="acc-1", account_name="As it was", account_code="1")
    chart = Account(account_id="acc-1", name="Cheque a/c", code="090", account_type="BANK")
    save(store, bare, told)
    with store.begin() as unit:
        version = unit.sharing.version()
        unit.facts.track([tracked()])
        unit.facts.save_accounts([Account(account_id="acc-2"), chart])
        unit.facts.save_accounts([chart])
        unit.commit()
    full = replace(bare, account_name="Cheque a/c", account_code="090", account_type="BANK")
    assert stored(store) == full
    with store.read() as unit:
        assert unit.facts.accounts().keys() == {"acc-1", "acc-2"}
        assert unit.facts.payments_of_tracked() == {INVOICE: (full, replace(told, account_type="BANK"))}
        assert unit.sharing.version() != version
    assert save(store, bare) == 0


def test_accounts_that_are_known_are_no_news(store: Store) -> None:
    chart = [Account(account_id="acc-1", name="Cheque a/c")]
    with store.begin() as unit:
        unit.facts.save_accounts(chart)
        unit.commit()
    with store.begin() as unit:
        before = unit.sharing.version()
        unit.facts.save_accounts(chart)
        assert unit.sharing.version() == before
        unit.facts.save_accounts([replace(chart[0], account_type="BANK")])
        assert unit.sharing.version() != before


def test_a_tracked_invoice_keeps_its_first_number(store: Store) -> None:
    with store.begin() as unit:
        unit.facts.track([tracked("CM-100")])
        unit.facts.track([tracked("CM-999")])
        assert unit.facts.tracked() == {INVOICE: tracked("CM-100")}


def test_invoices_count_by_content_and_the_newest_wins(store: Store) -> None:
    with store.begin() as unit:
        assert unit.facts.save_invoices([xero_invoice()]) == 1
        assert unit.facts.save_invoices([xero_invoice()]) == 0
        assert unit.facts.save_invoices([xero_invoice(updated_at=ONE_PM)]) == 0
        assert unit.facts.save_invoices([xero_invoice(paid="1.00", updated_at=NOON)]) == 0
        assert unit.facts.save_invoices([xero_invoice(paid="2.00", updated_at=ONE_PM)]) == 1
        unit.facts.track([tracked()])
        assert unit.facts.invoices_of_tracked() == {INVOICE: xero_invoice(paid="2.00", updated_at=ONE_PM)}


def test_of_two_facts_about_an_invoice_the_newer_one_is_kept(store: Store) -> None:
    newest = xero_invoice(paid="2.00", updated_at=NOON + timedelta(seconds=1))
    with store.begin() as unit:
        assert unit.facts.save_invoices([newest, xero_invoice()]) == 1
        unit.facts.track([tracked()])
        assert unit.facts.invoices_of_tracked() == {INVOICE: newest}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=50
)
@given(payments())
def test_any_payment_comes_back_as_it_was(store: Store, payment: XeroPayment) -> None:
    with store.begin() as unit:
        unit.facts.save_payments([payment])
        assert unit.facts.payments_by_id([payment.payment_id]) == {payment.payment_id: payment}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=50
)
@given(invoices())
def test_any_invoice_comes_back_as_it_was(store: Store, invoice: XeroInvoice) -> None:
    with store.begin() as unit:
        unit.facts.save_invoices([invoice])
        unit.facts.track([tracked(invoice_id=invoice.invoice_id)])
        assert unit.facts.invoices_of_tracked() == {invoice.invoice_id: invoice}


def test_r35_a_deletion_is_never_replaced_by_an_answer_from_before_it(store: Store) -> None:
    """A desktop that slept holds "authorised"; whoever stores it last, Xero's own time decides."""
    deleted = xero_payment(updated_at=ONE_PM, status=PaymentStatus.DELETED)
    for answered_at in (None, NOON, ONE_PM + timedelta(days=1)):
        save_answer(store, deleted, ONE_PM)
        assert save_answer(store, xero_payment(updated_at=NOON), answered_at) == 0
        assert stored(store).status is PaymentStatus.DELETED
        assert stored(store).updated_at == ONE_PM


def test_r35_what_xero_changed_twice_within_one_tick_is_ordered_by_its_answers(store: Store) -> None:
    save_answer(store, xero_payment(reference="second"), ONE_PM)
    assert save_answer(store, xero_payment(reference="first"), NOON) == 0
    assert stored(store).reference == "second"
    assert save_answer(store, xero_payment(reference="third"), ONE_PM + timedelta(seconds=1)) == 1
    assert save_answer(store, xero_payment(reference="of an unknown time"), None) == 1
    assert stored(store).reference == "of an unknown time"


@pytest.mark.parametrize("answered_at", [NOON, ONE_PM, None])
def test_r35_a_deletion_within_one_tick_is_the_last_word_whoever_stores_it_when(
    store: Store, answered_at: datetime | None
) -> None:
    deleted = xero_payment(status=PaymentStatus.DELETED)
    save_answer(store, xero_payment(), answered_at)
    assert save_answer(store, deleted, ONE_PM) == 1
    assert save_answer(store, xero_payment(), answered_at) == 0
    assert stored(store).status is PaymentStatus.DELETED
    other = xero_payment("Payment-2")
    for facts in ((other, replace(other, status=PaymentStatus.DELETED)),) * 2:
        save(store, *reversed(facts))
        assert stored(store, other.payment_id).status is PaymentStatus.DELETED


def test_r35_a_deletion_that_xero_does_not_repeat_was_a_fault_of_one_answer(store: Store) -> None:
    """Two rows that ran into each other on the way: the id of one, the status of the other."""
    save_answer(store, xero_payment(), NOON)
    assert save_answer(store, xero_payment(status=PaymentStatus.DELETED), ONE_PM) == 1
    assert save_answer(store, xero_payment(), ONE_PM + timedelta(minutes=1)) == 1
    assert stored(store).is_live
    # The faulty answer, stored late by a desktop that slept.
    assert save_answer(store, xero_payment(status=PaymentStatus.DELETED), ONE_PM) == 0
    assert stored(store).is_live


def test_r35_invoices_are_ordered_alike(store: Store) -> None:
    def save_invoice(paid: str, updated_at: datetime, answered_at: datetime | None) -> int:
        with store.begin() as unit:
            unit.facts.track([tracked()])
            changed = unit.facts.save_invoices([xero_invoice(paid, updated_at=updated_at)], answered_at)
            unit.commit()
        return changed

    assert save_invoice("400.00", ONE_PM, ONE_PM) == 1
    assert save_invoice("500.00", NOON, ONE_PM + timedelta(days=1)) == 0
    assert save_invoice("500.00", ONE_PM, NOON) == 0
    assert save_invoice("400.00", ONE_PM, ONE_PM + timedelta(hours=1)) == 0
    with store.read() as unit:
        assert unit.facts.invoices_of_tracked()[INVOICE].amount_paid == xero_invoice("400.00").amount_paid
    assert save_invoice("500.00", ONE_PM, ONE_PM + timedelta(hours=2)) == 1


def save_answer(store: Store, fact: XeroPayment, answered_at: datetime | None) -> int:
    with store.begin() as unit:
        changed = unit.facts.save_payments([fact], answered_at)
        unit.commit()
    return changed


def test_the_accounts_that_tracked_payments_went_to_are_told_once_each(store: Store) -> None:
    paid = [replace(xero_payment(f"P{n}"), account_id=account) for n, account in enumerate(["ONE", "one", "", "Two"])]
    elsewhere = replace(xero_payment("P9", invoice_id=XeroInvoiceId("untracked")), account_id="three")
    with store.begin() as unit:
        unit.facts.track([tracked(INVOICE)])
        unit.facts.save_payments([*paid, elsewhere])
        unit.commit()
    with store.read() as unit:
        assert unit.facts.accounts_paid_to() == {"one", "two"}
