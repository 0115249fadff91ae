"""Keep what belongs together because a person said so, and which copies in Case Manager are ours."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId


class Pairs(Work):
    """Chosen links and known copies."""

    def choose(self, xero_payment_id: XeroPaymentId, case_payment_id: CasePaymentId) -> None:
        """Remember that a person said these two are the same money (R23)."""
        row = {"xero_payment_id": xero_payment_id, "case_payment_key": case_payment_key(case_payment_id)}
        self._insert_missing(tables.chosen_links, [row])

    def forget(self, xero_payment_id: XeroPaymentId, case_payment_id: CasePaymentId) -> None:
        """Forget what was said about these two."""
        links = tables.chosen_links
        self._connection.execute(
            delete(links).where(
                links.c.xero_payment_id == xero_payment_id,
                links.c.case_payment_key == case_payment_key(case_payment_id),
            )
        )

    def chosen(self) -> frozenset[tuple[XeroPaymentId, CasePaymentId]]:
        """Return what persons said about near doubles."""
        rows = self._connection.execute(select(tables.chosen_links))
        return frozenset((XeroPaymentId(row.xero_payment_id), case_payment_of(row.case_payment_key)) for row in rows)

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
