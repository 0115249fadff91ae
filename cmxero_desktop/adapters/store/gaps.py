"""Keep what Xero named and nobody can read: rows that make no sense, and ids that it does not know."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.work import Work
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.records import UnreadableRow

_decode_unreadable = decoder(UnreadableRow)
_PLACE, _INVOICE, _INVOICE_PLACE = "place ", "invoice ", "unnamed invoice "


class Gaps(Work):
    """Unreadable rows and unknown ids."""

    def save_unreadable(self, rows: Iterable[UnreadableRow]) -> None:
        """Store Xero rows that could not be read, one for each id or place; what is known of it stays known."""
        rows = tuple(rows)
        records = {_row_key(row): encode(row) for row in rows}
        self._know({row.xero_payment_id.lower() for row in rows if row.xero_payment_id})
        stored = self._select_in(select(tables.unreadable_rows), tables.unreadable_rows.c.row_key, records)
        for known in tuple(stored):
            if records[known.row_key] == known.record:
                del records[known.row_key]
        written = [{"row_key": key, "record": record} for key, record in records.items()]
        self._insert_or_update(tables.unreadable_rows, written, key="row_key")
        if written:
            self._mark_changed()

    def forget_places(self, kept: Collection[str], *, of_invoices: bool) -> None:
        """Forget the unreadable rows of payments, or of invoices, that have no id, except at the places `kept`."""
        row_key, start = tables.unreadable_rows.c.row_key, _INVOICE_PLACE if of_invoices else _PLACE
        known = self._connection.scalars(select(row_key).where(row_key.startswith(start)))
        still = {f"{start}{place}" for place in kept}
        gone = [key for key in known if key not in still]
        self._delete(row_key, gone)
        if gone:
            self._mark_changed()

    def save_unknown(self, ids: Iterable[str]) -> None:
        """Remember ids, of payments and of invoices, that Xero answered 404 for."""
        known = self.unknown_ids()
        keys = {each.lower() for each in ids} - known
        self._insert_missing(tables.unknown_ids, [{"payment_key": key} for key in sorted(keys)])
        if keys:
            self._mark_changed()

    def unreadable(self) -> tuple[UnreadableRow, ...]:
        """Return the rows that are still unreadable; one whose id Xero does not know any more is kept, but gone."""
        table = tables.unreadable_rows.c
        texts = self._connection.scalars(select(table.record).order_by(table.row_key))
        rows, gone = tuple(_decode_unreadable(text) for text in texts), self.unknown_ids()
        return tuple(row for row in rows if (row.xero_payment_id or "").lower() not in gone)

    def forget(self, ids: Collection[str]) -> None:
        """Forget the unreadable rows with these ids, of payments and of invoices, in whatever case."""
        keys = {key for i in ids for key in (_payment_row_key(i.lower()), f"{_INVOICE}{i.lower()}")}
        self._forget(keys)

    def unknown_ids(self) -> frozenset[XeroPaymentId]:
        """Return the ids that Xero answered 404 for, in lower case."""
        keys = self._connection.scalars(select(tables.unknown_ids.c.payment_key))
        return frozenset(XeroPaymentId(key) for key in keys)

    def close_invoices(self, invoice_ids: Collection[XeroInvoiceId]) -> None:
        """Forget that invoices were unreadable or unknown, now that they could be read."""
        self._know({i.lower() for i in invoice_ids})
        self._forget({_invoice_row_key(i) for i in invoice_ids})

    def close(self, keys: set[str]) -> bool:
        """Forget that payments were unreadable or unknown, now that they could be read; say whether any was."""
        is_known_again = self._know(keys)
        return self._forget({_payment_row_key(key) for key in keys}) or is_known_again

    def _know(self, keys: set[str]) -> bool:
        """Forget that ids were unknown; say whether any was."""
        unknown = self._connection.scalars(select(tables.unknown_ids.c.payment_key)) if keys else ()
        found = [key for key in unknown if key in keys]
        self._delete(tables.unknown_ids.c.payment_key, found)
        if found:
            self._mark_changed()
        return bool(found)

    def _forget(self, row_keys: set[str]) -> bool:
        """Forget unreadable rows; say whether there was any."""
        known = self._connection.scalars(select(tables.unreadable_rows.c.row_key)) if row_keys else ()
        gone = [key for key in known if key in row_keys]
        self._delete(tables.unreadable_rows.c.row_key, gone)
        if gone:
            self._mark_changed()
        return bool(gone)


def _payment_row_key(payment_key: str) -> str:
    return f"payment {payment_key}"


def _row_key(row: UnreadableRow) -> str:
    if row.xero_payment_id:
        return _payment_row_key(row.xero_payment_id.lower())
    if row.is_invoice:
        return _invoice_row_key(row.xero_invoice_id) if row.xero_invoice_id else f"{_INVOICE_PLACE}{row.place}"
    return f"{_PLACE}{row.place}"


def _invoice_row_key(invoice_id: XeroInvoiceId) -> str:
    return f"{_INVOICE}{invoice_id.lower()}"
