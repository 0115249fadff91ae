"""Keep which copies in Case Manager are accounted for, and which are foreign (R29)."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.copying import CopyTime
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.other_writer import ForeignCopy

_known, _foreign, _times = tables.known_copies.c, tables.foreign_copies.c, tables.copy_times.c

_decode_foreign = decoder(ForeignCopy)
_decode_time = decoder(CopyTime)


class Pairs(Work):
    """Known copies, and those that were foreign when they came."""

    def copies(self) -> frozenset[CasePaymentId]:
        """Return the imported case payments of the first poll, those that we wrote, and those that are dealt with."""
        return frozenset(case_payment_of(key) for key in self._connection.scalars(select(_known.case_payment_key)))

    def copies_among(self, payment_ids: Collection[CasePaymentId]) -> frozenset[CasePaymentId]:
        """Return which of these case payments are known copies."""
        keys = {case_payment_key(payment_id): payment_id for payment_id in payment_ids}
        found = self._select_in(select(_known.case_payment_key), _known.case_payment_key, keys)
        return frozenset(keys[row.case_payment_key] for row in found)

    def add_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Add to the known copies; that a foreign one was foreign when it came stays on record."""
        rows = [{"case_payment_key": case_payment_key(payment_id)} for payment_id in payment_ids]
        self._insert_missing(tables.known_copies, rows)

    def forget_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget copies that we removed ourselves."""
        self._delete(_known.case_payment_key, [case_payment_key(payment_id) for payment_id in payment_ids])

    def foreign(self) -> tuple[ForeignCopy, ...]:
        """Return the imported case payments that nothing accounted for when they came, by key."""
        copies = map(_decode_foreign, self._connection.scalars(select(_foreign.record)))
        return tuple(sorted(copies, key=lambda copy: copy.case_id))

    def add_foreign(self, copies: Iterable[ForeignCopy]) -> None:
        """Record foreign copies; one that is recorded already keeps its first record."""
        rows = [{"case_payment_key": case_payment_key(copy.case_id), "record": encode(copy)} for copy in copies]
        self._insert_missing(tables.foreign_copies, rows)

    def forget_foreign(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget that copies were foreign: they are gone, or a person dealt with whoever wrote them."""
        self._delete(_foreign.case_payment_key, [case_payment_key(payment_id) for payment_id in payment_ids])

    def copy_times(self) -> Mapping[XeroPaymentId, CopyTime]:
        """Return what is known of when others copied Xero's payments, by their ids in lower case."""
        rows = self._connection.execute(select(_times.payment_key, _times.record))
        return {XeroPaymentId(row.payment_key): _decode_time(row.record) for row in rows}

    def save_copy_times(self, times: Iterable[CopyTime]) -> None:
        """Store what is known now of some payments."""
        rows = [{"payment_key": time.xero_id.lower(), "record": encode(time)} for time in times]
        self._insert_or_update(tables.copy_times, rows, key="payment_key")

    def forget_copy_times(self, payment_ids: Iterable[XeroPaymentId]) -> None:
        """Forget what was known of some payments (ids in lower case)."""
        self._delete(_times.payment_key, list(payment_ids))
