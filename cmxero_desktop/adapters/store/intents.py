"""Keep what is about to be written to Case Manager, so that a crash leaves a trace, and known copies."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.services.records.intents import Intent, IntentState

_intents = tables.intents.c

_decode_intent = decoder(Intent)


class Intents(Work):
    """Intents and known copies."""

    def open_intents(self, intents: Iterable[Intent]) -> None:
        """Store intents before anything is written."""
        rows = [{"intent_id": i.intent_id, "state": i.state.value, "record": encode(i)} for i in intents]
        self._insert(tables.intents, rows)

    def close_intents(self, intents: Iterable[Intent]) -> None:
        """Store how intents ended; raises StoreError for one that was never opened."""
        for intent in intents:
            statement = (
                tables.intents.update()
                .where(_intents.intent_id == intent.intent_id)
                .values(state=intent.state.value, record=encode(intent))
            )
            if self._connection.execute(statement).rowcount != 1:
                message = f"The store does not know the write {intent.intent_id} of {intent.invoice_number}."
                raise StoreError(message, "Run `cmxero verify`, and compare the invoice with Xero.")

    def intents(self, *, only_open: bool) -> tuple[Intent, ...]:
        """Return intents, oldest first."""
        statement = select(_intents.record).order_by(_intents.position)
        if only_open:
            statement = statement.where(_intents.state == IntentState.OPEN.value)
        return tuple(_decode_intent(record) for record in self._connection.scalars(statement))

    def known_copies(self) -> frozenset[CasePaymentId]:
        """Return the imported case payments that were there at the first poll or that we wrote (R29)."""
        keys = self._connection.scalars(select(tables.known_copies.c.case_payment_key))
        return frozenset(case_payment_of(key) for key in keys)

    def add_known_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Add to the known copies."""
        rows = [{"case_payment_key": case_payment_key(payment_id)} for payment_id in payment_ids]
        self._insert_missing(tables.known_copies, rows)

    def forget_known_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget copies that we removed ourselves."""
        keys = [case_payment_key(payment_id) for payment_id in payment_ids]
        if keys:
            copies = tables.known_copies
            self._connection.execute(delete(copies).where(copies.c.case_payment_key.in_(keys)))
