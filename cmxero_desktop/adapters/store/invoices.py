"""Keep what Xero said about sales invoices, and which of them are tracked by their CM number."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.encoding import decoder, encode
from cmxero_desktop.adapters.store.gaps import Gaps
from cmxero_desktop.adapters.store.journal import KeptKind, KeptWork, Was
from cmxero_desktop.adapters.store.work import Row, StoredRow, is_answered_before
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Settlement, XeroInvoice
from cmxero_desktop.services.records.results import TrackedInvoice
from cmxero_desktop.services.records.touched import by_xero_ids

_invoices = tables.invoices.c


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    """What of an invoice is never looked up in our store."""

    invoice_type: str
    contact_name: str
    reference: str
    settlements: tuple[Settlement, ...]
    due_minor: int | None = None


_decode_details = decoder(_Details)
_NAMES = tuple(column.key for column in tables.invoices.c)


class InvoiceFacts(KeptWork):
    """Invoices and the list of those that are tracked."""

    def save_invoices(self, invoices: Iterable[XeroInvoice], answered_at: datetime | None = None) -> int:
        """Store invoices, newest fact wins; return how many are new or changed, `updated_at` left aside.

        The newest is the one that Xero changed last, then the one of Xero's later answer (R35). What could
        be read is no longer unreadable.
        """
        newest: dict[str, Row] = {}
        for invoice in invoices:
            row = _row(invoice, answered_at)
            if not _is_older(row, newest.get(row["invoice_id"])):
                newest[row["invoice_id"]] = row
        columns = [column for column in _invoices if column is not _invoices.born]
        rows = self._select_in(select(*columns), _invoices.invoice_id, newest)
        stored = {row.invoice_id: row._asdict() for row in rows}
        current = [row for key, row in newest.items() if not _is_older(row, stored.get(key))]
        written = [row for row in current if _differs(row, stored.get(row["invoice_id"]))]
        shown = [row for row in written if _content(row) != _content(stored.get(row["invoice_id"], {}))]
        Gaps(self._connection).close_invoices([row["invoice_id"] for row in current])
        if written:
            born = self._journal.moment if shown else 0
            texts = [{**row, "born": born} for row in written]
            self._insert_or_update(tables.invoices, texts, key="invoice_id", kept="born")
            known = ((stored[row["invoice_id"]], row) for row in shown if row["invoice_id"] in stored)
            self._journal.keep(was for old, new in known for was in _replaced(old, new))
            self._mark_changed(by_xero_ids({row["invoice_id"] for row in written}))
        return len(shown)

    def track(self, invoices: Iterable[TrackedInvoice]) -> None:
        """Track invoices; one that is tracked already keeps its first number."""
        rows = {
            i.xero_invoice_id: {
                "xero_invoice_id": i.xero_invoice_id,
                "number": i.number,
                "first_seen_at": i.first_seen_at,
            }
            for i in invoices
        }
        key = tables.tracked_invoices.c.xero_invoice_id
        for known in self._select_in(select(key), key, tuple(rows)):
            del rows[known.xero_invoice_id]
        self._insert_missing(tables.tracked_invoices, list(rows.values()))
        if rows:
            self._mark_changed(by_xero_ids(rows.keys()))

    def tracked_among(self, invoice_ids: Collection[XeroInvoiceId]) -> frozenset[XeroInvoiceId]:
        """Return which of these are tracked."""
        key = tables.tracked_invoices.c.xero_invoice_id
        return frozenset(XeroInvoiceId(row.xero_invoice_id) for row in self._select_in(select(key), key, invoice_ids))

    def tracked(self, among: Collection[XeroInvoiceId] | None = None) -> Mapping[XeroInvoiceId, TrackedInvoice]:
        """Return tracked invoices; None returns all."""
        statement, key = select(tables.tracked_invoices), tables.tracked_invoices.c.xero_invoice_id
        rows = self._connection.execute(statement) if among is None else self._select_in(statement, key, set(among))
        tracked = (
            TrackedInvoice(
                xero_invoice_id=XeroInvoiceId(row.xero_invoice_id),
                number=row.number,
                first_seen_at=row.first_seen_at,
            )
            for row in rows
        )
        return {invoice.xero_invoice_id: invoice for invoice in tracked}

    def invoices_of_tracked(
        self, among: Collection[XeroInvoiceId] | None = None
    ) -> Mapping[XeroInvoiceId, XeroInvoice]:
        """Return the facts about tracked invoices; None returns those of all."""
        tracked = select(tables.tracked_invoices.c.xero_invoice_id)
        statement = select(tables.invoices).where(_invoices.invoice_id.in_(tracked))
        rows = (
            self._connection.execute(statement)
            if among is None
            else self._select_in(statement, _invoices.invoice_id, set(among))
        )
        return {invoice.invoice_id: invoice for invoice in map(invoice_of, rows)}


def _replaced(old: Row, new: Row) -> Iterator[Was]:
    """Return what to keep of an invoice, and under a number that it bears no more, that it did."""
    invoice_id = old["invoice_id"]
    yield Was(kind=KeptKind.XERO_INVOICE, subject=invoice_id, home=invoice_id, old=_invoice(old), new=_invoice(new))
    if old["number"] != new["number"]:
        yield Was(kind=KeptKind.NUMBER, subject=invoice_id, home=old["number"], old=None, new=None)


def invoice_of(row: StoredRow) -> XeroInvoice:
    """Return the invoice as Xero told of it."""
    return _invoice(dict(zip(_NAMES, row, strict=True)))


def _invoice(row: Row) -> XeroInvoice:
    details, currency = _decode_details(row["details"]), row["currency"]
    return XeroInvoice(
        invoice_id=XeroInvoiceId(row["invoice_id"]),
        number=row["number"],
        status=row["status"],
        total=Money.from_minor(row["total_minor"], currency),
        amount_paid=Money.from_minor(row["paid_minor"], currency),
        amount_credited=Money.from_minor(row["credited_minor"], currency),
        updated_at=row["updated_at"],
        invoice_type=details.invoice_type,
        contact_name=details.contact_name,
        reference=details.reference,
        settlements=details.settlements,
        amount_due=None if details.due_minor is None else Money.from_minor(details.due_minor, currency),
    )


def _row(invoice: XeroInvoice, answered_at: datetime | None) -> Row:
    details = _Details(
        invoice_type=invoice.invoice_type,
        contact_name=invoice.contact_name,
        reference=invoice.reference,
        settlements=invoice.settlements,
        due_minor=None if invoice.amount_due is None else invoice.amount_due.minor,
    )
    return {
        "invoice_id": invoice.invoice_id,
        "answered_at": answered_at,
        "number": invoice.number,
        "status": invoice.status,
        "currency": invoice.total.currency,
        "total_minor": invoice.total.minor,
        "paid_minor": invoice.amount_paid.minor,
        "credited_minor": invoice.amount_credited.minor,
        "updated_at": invoice.updated_at,
        "details": encode(details),
    }


def _differs(row: Row, stored: Row | None) -> bool:
    """Say whether a row is to be written; that Xero said the same again later is no reason."""
    return stored is None or row["updated_at"] != stored["updated_at"] or _content(row) != _content(stored)


def _content(row: Row) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in {"updated_at", "answered_at"}}


def _is_older(row: Row, other: Row | None) -> bool:
    if other is None:
        return False
    if row["updated_at"] != other["updated_at"]:
        return bool(row["updated_at"] < other["updated_at"])
    return is_answered_before(row, other)
