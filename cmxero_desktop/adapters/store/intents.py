"""Keep what is about to be written to Case Manager, so that a crash leaves a trace."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.errors import NotAllowedError, StoreError
from cmxero_desktop.domain.ways import VERIFY
from cmxero_desktop.services.records.intents import Intent, IntentState

_intents = tables.intents.c

_decode_intent = decoder(Intent)
_NOT_ENDED = (IntentState.OPEN.value, IntentState.PLANNED.value)


class Intents(Work):
    """Intents, oldest first."""

    def open(self, intents: Iterable[Intent]) -> None:
        """Store intents before anything is written."""
        rows = [{"intent_id": i.intent_id, "state": i.state.value, "record": encode(i)} for i in intents]
        self._insert(tables.intents, rows)

    def claim(self, intents: Iterable[Intent]) -> None:
        """Store that planned intents begin, as they are by now; raise NotAllowedError where one is planned no more."""
        for intent in intents:
            statement = (
                tables.intents.update()
                .where(_intents.intent_id == intent.intent_id, _intents.state == IntentState.PLANNED.value)
                .values(state=IntentState.OPEN.value, record=encode(intent))
            )
            if self._connection.execute(statement).rowcount != 1:
                message = f"What was planned for invoice {intent.invoice_number} was given up by another desktop."
                raise NotAllowedError(message, "Nothing was written. Look at it again.")

    def close(self, intents: Iterable[Intent]) -> None:
        """Store how intents ended; raises StoreError for one that was never opened."""
        for intent in intents:
            statement = (
                tables.intents.update()
                .where(_intents.intent_id == intent.intent_id)
                .values(state=intent.state.value, record=encode(intent))
            )
            if self._connection.execute(statement).rowcount != 1:
                message = f"The store does not know the write {intent.intent_id} of {intent.invoice_number}."
                raise StoreError(
                    message,
                    f"Verify the log ({VERIFY}), and compare the invoice with Xero.",
                )

    def still_open(self) -> tuple[Intent, ...]:
        """Return the intents that have not ended, planned ones too, oldest first."""
        statement = select(_intents.record).where(_intents.state.in_(_NOT_ENDED)).order_by(_intents.position)
        return tuple(_decode_intent(record) for record in self._connection.scalars(statement))

    def by_id(self, intent_ids: Collection[str]) -> Mapping[str, Intent]:
        """Return the intents with these ids, oldest first."""
        rows = self._select_in(select(_intents.position, _intents.record), _intents.intent_id, set(intent_ids))
        oldest_first = sorted(rows, key=lambda row: int(row.position))
        return {intent.intent_id: intent for intent in (_decode_intent(row.record) for row in oldest_first)}

    def every(self) -> Iterable[Intent]:
        """Return all intents, oldest first, one after the other: there may be very many."""
        return map(_decode_intent, self._connection.scalars(select(_intents.record).order_by(_intents.position)))
