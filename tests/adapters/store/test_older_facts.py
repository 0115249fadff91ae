"""Facts that an older program stored lack what it did not read yet; they are no change until Xero says so."""

import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Table, select, update

from cmxero_desktop.adapters.store import SqlStore, tables
from cmxero_desktop.domain.identifiers import XeroPaymentId
from cmxero_desktop.domain.records import XeroPayment
from tests.adapters.store.examples import INVOICE, NOON, ONE_PM, tracked, xero_invoice, xero_payment


def age(store: SqlStore, table: Table, *missing: str) -> None:
    """Take fields out of what is stored."""
    with store._engines.writer.begin() as connection:
        (text,) = connection.execute(select(table.c.details)).scalars()
        details = {name: value for name, value in json.loads(text).items() if name not in missing}
        connection.execute(update(table).values(details=json.dumps(details)))


def write_as_before(store: SqlStore, payment: XeroPayment, **more: str | None) -> None:
    """Write the payment as the program did when it named each detail."""
    names = ("invoice_number", "reference", "payment_type", "invoice_type", "contact_name", "account_name")
    details = {name: getattr(payment, name) for name in (*names, "batch_payment_id")} | more
    values = {"payment_id": payment.payment_id, "details": json.dumps(details)}
    with store._engines.writer.begin() as connection:
        connection.execute(update(tables.payments).values(values))


def test_a_payment_of_an_older_program_is_read_as_it_is(sqlite_store: SqlStore) -> None:
    payment = replace(xero_payment("Aa-1"), first_updated_at=NOON - timedelta(days=1))
    with sqlite_store.begin() as unit:
        unit.facts.save_payments([payment])
        unit.commit()
    write_as_before(sqlite_store, payment, first_updated_at=(NOON - timedelta(days=1)).isoformat())
    with sqlite_store.begin() as unit:
        assert unit.facts.payments_by_id([payment.payment_id]) == {payment.payment_id: payment}
        assert unit.facts.save_payments([payment]) == 0
        assert unit.facts.save_payments([replace(payment, reference="another")]) == 1


def test_an_id_keeps_its_capitals(sqlite_store: SqlStore) -> None:
    payments = [xero_payment(each) for each in ("Aa-1", "bb-2")]
    with sqlite_store.begin() as unit:
        unit.facts.save_payments(payments)
        found = unit.facts.payments_by_id([XeroPaymentId("AA-1"), XeroPaymentId("BB-2")])
    assert [payment.payment_id for payment in found.values()] == ["Aa-1", "bb-2"]


def test_a_payment_of_an_older_program_was_first_seen_when_it_was_stored(sqlite_store: SqlStore) -> None:
    payment = xero_payment()
    with sqlite_store.begin() as unit:
        unit.facts.save_payments([payment])
        unit.commit()
    write_as_before(sqlite_store, payment)
    with sqlite_store.begin() as unit:
        assert unit.facts.payments_by_id([payment.payment_id]) == {payment.payment_id: payment}
        assert unit.facts.save_payments([payment]) == 0
        later = replace(payment, updated_at=ONE_PM)
        assert unit.facts.save_payments([later]) == 0
        assert unit.facts.payments_by_id([payment.payment_id])[payment.payment_id].entered_at == payment.updated_at
        assert unit.facts.save_payments([replace(later, account_code="090")]) == 1


def test_an_invoice_of_an_older_program_does_not_say_what_is_due(sqlite_store: SqlStore) -> None:
    invoice = replace(xero_invoice(), amount_due=xero_invoice().total)
    with sqlite_store.begin() as unit:
        unit.facts.save_invoices([invoice])
        unit.facts.track([tracked()])
        unit.commit()
    age(sqlite_store, tables.invoices, "due_minor")
    with sqlite_store.begin() as unit:
        assert unit.facts.invoices_of_tracked() == {INVOICE: xero_invoice()}
        assert unit.facts.save_invoices([invoice]) == 1
