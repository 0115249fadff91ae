"""Facts that an older program stored lack what it did not read yet; they are no change until Xero says so."""

import json
from dataclasses import replace

from sqlalchemy import Table, select, update

from cmxero_desktop.adapters.store import SqlStore, tables
from tests.adapters.store.examples import INVOICE, ONE_PM, tracked, xero_invoice, xero_payment


def age(store: SqlStore, table: Table, *missing: str) -> None:
    """Take fields out of what is stored."""
    with store._engines.writer.begin() as connection:
        (text,) = connection.execute(select(table.c.details)).scalars()
        details = {name: value for name, value in json.loads(text).items() if name not in missing}
        connection.execute(update(table).values(details=json.dumps(details)))


def test_a_payment_of_an_older_program_was_first_seen_when_it_was_stored(sqlite_store: SqlStore) -> None:
    payment = xero_payment()
    with sqlite_store.begin() as unit:
        unit.facts.save_payments([payment])
        unit.commit()
    age(sqlite_store, tables.payments, "contact_id", "account_id", "account_code", "first_updated_at")
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
