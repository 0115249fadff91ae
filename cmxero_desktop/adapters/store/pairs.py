"""Keep which copies in Case Manager are accounted for, and which are foreign (R29)."""

from collections.abc import Iterable

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.other_writer import ForeignCopy

_known, _foreign = tables.known_copies.c, tables.foreign_copies.c

_decode_foreign = decoder(ForeignCopy)


class Pairs(Work):
    """Known copies, and those that were foreign when they came."""

    def copies(self) -> frozenset[CasePaymentId]:
        """Return the imported case payments of the first poll, those that we wrote, and those that are dealt with."""
        return frozenset(case_payment_of(key) for key in self._connection.scalars(select(_known.case_payment_key)))

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
