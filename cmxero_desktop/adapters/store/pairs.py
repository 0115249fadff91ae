"""Keep which copies in Case Manager are ours (R29)."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.identifiers import CasePaymentId


class Pairs(Work):
    """Known copies."""

    def copies(self) -> frozenset[CasePaymentId]:
        """Return the imported case payments that were there at the first poll or that we wrote (R29)."""
        keys = self._connection.scalars(select(tables.known_copies.c.case_payment_key))
        return frozenset(case_payment_of(key) for key in keys)

    def add_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Add to the known copies."""
        rows = [{"case_payment_key": case_payment_key(payment_id)} for payment_id in payment_ids]
        self._insert_missing(tables.known_copies, rows)

    def forget_copies(self, payment_ids: Iterable[CasePaymentId]) -> None:
        """Forget copies that we removed ourselves."""
        keys = [case_payment_key(payment_id) for payment_id in payment_ids]
        if keys:
            copies = tables.known_copies
            self._connection.execute(delete(copies).where(copies.c.case_payment_key.in_(keys)))
