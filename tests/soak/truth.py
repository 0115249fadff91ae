"""Compare our store with the sandbox's books, row by row."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from cmxero_desktop.adapters.store.store import SqlStore
from cmxero_desktop.services.records.runs import PollState
from tests.soak.changes import Changes, is_cm

Row: TypeAlias = tuple[object, ...]

# A check asks again for what changed two minutes before its cursor; anything older it must have by then.
_READ_AGAIN = timedelta(minutes=2, seconds=1)


class Truth:
    """What Xero says, and what our store says of the same; the `differences` between them as sentences."""

    def __init__(self, changes: Changes, store: SqlStore) -> None:
        self._changes = changes
        self._ledger = changes.ledger
        self._store = store

    def differences(self) -> list[str]:
        """Return every row that differs, is missing, or is there and should not be."""
        tracked = self._tracked()
        found = [*self._wrongly_tracked(tracked)]
        found += _compare("invoice", self._invoices(tracked), self._stored_invoices())
        return [*found, *_compare("payment", self._payments(tracked), self._stored_payments())]

    def lost(self) -> list[str]:
        """Return the rows that no later check asks for again, and that are not stored as they are."""
        state = self.state()
        tracked = self._tracked() | self._changes.ever_cm - self._changes.renumbered_in
        invoices, payments = self._ledger.invoices, self._ledger.payments
        due = {
            key: row
            for key, row in self._invoices({i for i in invoices if i in tracked and is_cm(invoices[i])}).items()
            if _is_past(invoices[key].updated_at, state.cursors.invoices)
        }
        found = [*_compare("invoice", due, {k: r for k, r in self._stored_invoices().items() if k in due})]
        rows = {
            key: row
            for key, row in self._payments(tracked - self._changes.renumbered_in).items()
            if _is_past(payments[key].updated_at, state.cursors.payments) and self._is_older_than_number(key)
        }
        return [*found, *_compare("payment", rows, {k: r for k, r in self._stored_payments().items() if k in rows})]

    def state(self) -> PollState:
        """Return where polling stands."""
        with self._store.read() as unit:
            return unit.polling.state()

    def is_readable(self) -> bool:
        """Say whether no row is held as unreadable."""
        with self._store.read() as unit:
            return not unit.gaps.unreadable()

    def names_unreadable(self, payment_id: str) -> bool:
        """Say whether this payment is held as unreadable, or some row of which no id could be made out is."""
        with self._store.read() as unit:
            return any(row.xero_payment_id in {None, payment_id} for row in unit.gaps.unreadable())

    def _is_older_than_number(self, payment_id: str) -> bool:
        invoice = self._ledger.invoices[self._ledger.payments[payment_id].document_id]
        return is_cm(invoice)

    def _tracked(self) -> set[str]:
        with self._store.read() as unit:
            return {str(i) for i in unit.facts.tracked()}

    def _wrongly_tracked(self, tracked: set[str]) -> Iterator[str]:
        cm = {i.invoice_id for i in self._ledger.invoices.values() if is_cm(i)}
        yield from (f"invoice {i} is a CM invoice and not tracked" for i in sorted(cm - tracked))
        yield from (f"invoice {i} is tracked and never was a CM invoice" for i in tracked - self._changes.ever_cm)

    def _invoices(self, wanted: set[str]) -> dict[str, Row]:
        found = (self._ledger.invoices[i] for i in wanted)
        return {i.invoice_id: (i.number, i.status, i.total_cents, i.paid_cents, i.credited_cents) for i in found}

    def _stored_invoices(self) -> dict[str, Row]:
        with self._store.read() as unit:
            found = unit.facts.invoices_of_tracked().values()
        return {
            str(i.invoice_id): (i.number, i.status, i.total.minor, i.amount_paid.minor, i.amount_credited.minor)
            for i in found
        }

    def _payments(self, wanted: set[str]) -> dict[str, Row]:
        return {
            p.payment_id: (
                p.document_id,
                p.paid_on,
                p.amount_cents,
                p.status,
                p.reference or "",
                p.is_reconciled,
                p.batch_id or "",
            )
            for invoice_id in wanted
            for p in self._ledger.all_payments(invoice_id)
            if p.is_live or not self._may_be_unknown(invoice_id)
        }

    def _may_be_unknown(self, invoice_id: str) -> bool:
        """Say whether deleted payments of an invoice may be unknown: it became a CM invoice by its new number only.

        Nothing asks for those before the next full comparison: no sum lacks them, and renumbering stamps no payment.
        """
        return invoice_id in self._changes.renumbered_in

    def _stored_payments(self) -> dict[str, Row]:
        with self._store.read() as unit:
            found = [p for payments in unit.facts.payments_of_tracked().values() for p in payments]
        return {
            str(p.payment_id): (
                str(p.invoice_id),
                p.paid_on,
                p.amount.minor,
                p.status.value,
                p.reference,
                p.is_bank_reconciled,
                p.batch_payment_id,
            )
            for p in found
            if p.is_live or not self._may_be_unknown(str(p.invoice_id))
        }


def _is_past(stamp: datetime, cursor: datetime | None) -> bool:
    return cursor is not None and stamp < cursor - _READ_AGAIN


def _compare(what: str, xero: Mapping[str, Row], ours: Mapping[str, Row]) -> Iterator[str]:
    for key in sorted({*xero, *ours}):
        if xero.get(key) != ours.get(key):
            yield f"{what} {key}: Xero has {xero.get(key, 'nothing')}, our store has {ours.get(key, 'nothing')}"
