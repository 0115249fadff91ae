"""Read one Xero organisation behind the port `XeroReader`: whole lists, and single payments and invoices by id."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

import msgspec

from cmxero_desktop.adapters.xero import faults
from cmxero_desktop.adapters.xero.paging import Scan
from cmxero_desktop.adapters.xero.plain_json import decode_document
from cmxero_desktop.adapters.xero.pool import READ_S
from cmxero_desktop.adapters.xero.time_zones import iana_zone
from cmxero_desktop.adapters.xero.transport import AccessTokens, Query, XeroTransport
from cmxero_desktop.adapters.xero.urls import XeroUrls, host_of
from cmxero_desktop.adapters.xero.values import RowError, currency_of, instant_of, is_id, lock_of
from cmxero_desktop.adapters.xero.wire import Around, ClockError, NotAPageError, Page, RowFormat, read_page
from cmxero_desktop.adapters.xero.wire_accounts import read_accounts
from cmxero_desktop.adapters.xero.wire_history import read_history
from cmxero_desktop.adapters.xero.wire_invoices import Invoices
from cmxero_desktop.adapters.xero.wire_payments import Payments
from cmxero_desktop.domain.identifiers import OrganisationId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.policy import Locks
from cmxero_desktop.domain.records import Account, Organisation, Side, UnreadableRow, XeroInvoice, XeroPayment
from cmxero_desktop.domain.xero_history import HistoryLine, HistoryOf
from cmxero_desktop.services.ports.xero import Patience
from cmxero_desktop.services.records.readings import InvoicesPage, PaymentsById, PaymentsPage
from cmxero_desktop.services.records.runs import CallLimits

PAGE_SIZE = 1000
# Longer lists of ids would make addresses that proxies refuse.
_IDS_PER_INVOICE_REQUEST = 40
_IDS_PER_FILTER = 30
_ONE_BY_ONE = 10

_CUSTOMER_PAYMENTS = 'PaymentType=="ACCRECPAYMENT"'
_SALES_INVOICES = 'Type=="ACCREC"'
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

RowT = TypeVar("RowT")
RecordT = TypeVar("RecordT", XeroPayment, XeroInvoice)
IdT = TypeVar("IdT", bound=str)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _OrganisationRow(msgspec.Struct):
    name: str = msgspec.field(name="Name")
    currency: str = msgspec.field(name="BaseCurrency")
    time_zone: str | None = msgspec.field(name="Timezone", default=None)
    period_lock: str | None = msgspec.field(name="PeriodLockDate", default=None)
    year_end_lock: str | None = msgspec.field(name="EndOfYearLockDate", default=None)

    @property
    def locks(self) -> Locks:
        """The last days that are closed in Xero. Raises RowError."""
        return Locks(
            period=lock_of(self.period_lock, "PeriodLockDate"),
            year_end=lock_of(self.year_end_lock, "EndOfYearLockDate"),
        )


class _OrganisationPage(msgspec.Struct):
    rows: list[_OrganisationRow] = msgspec.field(name="Organisations")
    date_time: str | None = msgspec.field(name="DateTimeUTC", default=None)


class XeroApiReader:
    """Implements `XeroReader`. It has no way to write.

    `time_zone_problem` says why the organisation's time zone could not be told, or is empty. `clock_ahead` is how far
    this computer's clock was ahead of Xero's when the organisation was read; None where Xero did not say what time it
    is.
    """

    def __init__(
        self,
        tokens: AccessTokens,
        urls: XeroUrls,
        tenant_id: str,
        *,
        known_name: Callable[[], str] = str,
        patience: Patience | None = None,
        page_size: int = PAGE_SIZE,
        read_s: float = READ_S,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Prepare the reader; nothing is sent yet. `known_name` is how the organisation was called before, if known.

        By `clock` (aware UTC) it is told what Xero cannot mean.
        """
        self._clock = clock
        self.time_zone_problem = ""
        self.clock_ahead: timedelta | None = None
        self._tokens = tokens
        self._transport = XeroTransport(tokens, urls, tenant_id, patience=patience, read_s=read_s)
        self._transport.organisation_name = known_name
        self._host = host_of(urls.accounting)
        self._tenant_id = tenant_id
        self._page_size = page_size
        self._organisation: Organisation | None = None

    @property
    def requests_made(self) -> int:
        """How many requests were sent to Xero's accounting API so far, repeated ones included."""
        return self._transport.requests_made

    @property
    def limits(self) -> CallLimits:
        """How many calls Xero still allows, as its last answer said."""
        return self._transport.limits

    @property
    def sign_in_renewed_at(self) -> datetime | None:
        """When this program last renewed the sign-in (aware UTC); None: not yet, or it does not age."""
        return self._tokens.renewed_at

    def organisation(self) -> Organisation:
        """Read the organisation's name, currency, time zone and lock dates."""
        body = self._transport.get("/Organisation")
        try:
            page = decode_document(body, _OrganisationPage)
            row = page.rows[0]
            locks, currency = row.locks, currency_of(row.currency)
        except (msgspec.DecodeError, IndexError, RowError) as error:
            raise faults.damaged("the request for the organisation", self._host) from error
        self.clock_ahead = _ahead(page.date_time)
        zone, self.time_zone_problem = iana_zone(row.time_zone or "")
        self._transport.organisation_name = lambda: row.name
        self._organisation = Organisation(
            organisation_id=OrganisationId(self._tenant_id),
            name=row.name,
            currency=currency,
            time_zone=zone,
            locks=locks,
        )
        return self._organisation

    def accounts(self) -> tuple[Account, ...]:
        """Read the chart of accounts, archived ones included; empty where a stand-in has no such list."""
        body = self._transport.find_list("/Accounts")
        try:
            return read_accounts(body) if body is not None else ()
        except NotAPageError as error:
            raise faults.damaged("the request for the accounts", self._host) from error

    def changed_payments(self, since: datetime | None) -> Iterator[PaymentsPage]:
        """Read customer payments changed at or after `since`, deleted ones included; None reads all.

        All pages carry the `as_of` of the first. What moves between pages meanwhile is read again.
        """
        for page in self._scan("/Payments", Payments(), (("where", _CUSTOMER_PAYMENTS),), since):
            yield PaymentsPage(payments=page.records, unreadable=page.unreadable, as_of=page.as_of, total=page.total)

    def changed_invoices(self, since: datetime | None) -> Iterator[InvoicesPage]:
        """Read sales invoices changed at or after `since`; None reads all."""
        for page in self._scan("/Invoices", Invoices(), (("where", _SALES_INVOICES),), since):
            yield InvoicesPage(invoices=page.records, unreadable=page.unreadable, as_of=page.as_of)

    def changed_refunds(self, payment_type: str, since: datetime | None) -> Iterator[PaymentsPage]:
        """Read the refunds of one of Xero's types changed at or after `since`, deleted ones included; None reads all.

        One type at a time, because Xero lets no other field of a payment be asked for by OR.
        """
        query = (("where", f'PaymentType=="{payment_type}"'),)
        for page in self._scan("/Payments", Payments(keeps_all=True), query, since):
            refunds = tuple(p for p in page.records if p.payment_type == payment_type)
            yield PaymentsPage(payments=refunds, unreadable=page.unreadable, as_of=page.as_of)

    def payments_of(self, invoice_ids: Collection[XeroInvoiceId]) -> PaymentsPage:
        """Read every customer payment of the invoices, deleted ones included; never filtered by status."""
        guids, others = _by_kind(invoice_ids)
        filters = [_any_of("Invoice.InvoiceID", chunk) for chunk in _chunks(guids, _IDS_PER_FILTER)]
        if others:
            # A stand-in whose ids are no GUIDs cannot be asked this way: all payments are read, and sifted here.
            filters = [_CUSTOMER_PAYMENTS]
        wanted = {each.lower() for each in invoice_ids}
        payments: dict[XeroPaymentId, XeroPayment] = {}
        unreadable: list[UnreadableRow] = []
        clocks: list[datetime | None] = []
        for where in filters:
            for page in self._scan("/Payments", Payments(), (("where", where),), None):
                payments |= {p.payment_id: p for p in page.records if p.invoice_id.lower() in wanted}
                unreadable += [
                    row
                    for row in page.unreadable
                    if row.xero_invoice_id is None or row.xero_invoice_id.lower() in wanted
                ]
                clocks.append(page.as_of)
        return PaymentsPage(payments=tuple(payments.values()), unreadable=tuple(unreadable), as_of=_oldest(clocks))

    def payments_by_id(self, payment_ids: Collection[XeroPaymentId]) -> PaymentsById:
        """Read payments by id, refunds included; only Xero's own 404 makes an id unknown."""
        asked = _distinct(payment_ids)
        guids, _ = _by_kind(asked)
        found: dict[str, XeroPayment] = {}
        unreadable: list[UnreadableRow] = []
        clocks: list[datetime | None] = []
        for chunk in _chunks(guids, _IDS_PER_FILTER) if len(asked) > _ONE_BY_ONE else ():
            wanted = {each.lower() for each in chunk}
            for page in self._scan(
                "/Payments", Payments(keeps_all=True), (("where", _any_of("PaymentID", chunk)),), None
            ):
                found |= {p.payment_id.lower(): p for p in page.records if p.payment_id.lower() in wanted}
                clocks.append(page.as_of)
        unknown = set()
        for payment_id in asked:
            if payment_id.lower() in found:
                continue
            answer = self._payment(payment_id, clocks)
            if answer is None:
                unknown.add(payment_id)
            elif isinstance(answer, UnreadableRow):
                unreadable.append(answer)
            else:
                found[payment_id.lower()] = answer
        return PaymentsById(
            payments=tuple(found.values()),
            unknown=frozenset(unknown),
            unreadable=tuple(unreadable),
            as_of=_oldest(clocks),
        )

    def invoices_by_id(self, invoice_ids: Collection[XeroInvoiceId]) -> InvoicesPage:
        """Read sales invoices by id; only Xero's own 404 makes an id unknown."""
        asked = _distinct(invoice_ids)
        guids, singly = _by_kind(asked)
        unknown: set[XeroInvoiceId] = set()
        invoices: dict[XeroInvoiceId, XeroInvoice] = {}
        unreadable: list[UnreadableRow] = []
        clocks: list[datetime | None] = []
        for chunk in _chunks(guids, _IDS_PER_INVOICE_REQUEST):
            missing = {each.lower() for each in chunk}
            for page in self._scan("/Invoices", Invoices(), (("IDs", ",".join(chunk)),), None):
                _take_invoices(page, missing, invoices, unreadable)
                clocks.append(page.as_of)
                if not missing:
                    break
            singly += [each for each in chunk if each.lower() in missing]
        for invoice_id in singly:
            single = self._one("/Invoices", invoice_id, Invoices())
            if single is not None:
                clocks.append(single.as_of)
                _take_invoices(single, {invoice_id.lower()}, invoices, unreadable)
            elif is_id(invoice_id):
                unknown.add(invoice_id)
        return InvoicesPage(
            invoices=tuple(invoices.values()),
            unreadable=tuple(unreadable),
            unknown=frozenset(unknown),
            as_of=_oldest(clocks),
        )

    def history(self, of: HistoryOf) -> tuple[HistoryLine, ...] | None:
        """Read the History and Notes of one record; None where Xero has none of it to show, or writes it otherwise."""
        if not is_id(of.record_id):
            return None
        body = self._transport.find_list(f"/{of.kind.value}/{of.record_id}/History")
        try:
            return None if body is None else read_history(body)
        except NotAPageError:
            return None

    def _payment(self, payment_id: XeroPaymentId, clocks: list[datetime | None]) -> XeroPayment | UnreadableRow | None:
        """Ask for one payment, and note when it was answered; None where Xero does not know it."""
        if not is_id(payment_id):
            return _no_answer(payment_id, "This id is not one that Xero can be asked for.")
        page: Page[XeroPayment] | None = self._one("/Payments", payment_id, Payments(keeps_all=True))
        if page is None:
            return None
        clocks.append(page.as_of)
        for record in page.records:
            if record.payment_id.lower() == payment_id.lower():
                return record
        unreadable = page.unreadable[0] if page.unreadable else None
        problem = unreadable.problem if unreadable else "Xero answered, but without this payment."
        row = _no_answer(payment_id, problem)
        return unreadable if unreadable and unreadable.xero_payment_id else row

    def _one(self, path: str, row_id: str, rows: RowFormat[RowT, RecordT]) -> Page[RecordT] | None:
        if not is_id(row_id):
            return None
        body = self._transport.find(f"{path}/{row_id}")
        return None if body is None else self._decoded(body, rows, f"{rows.name} {row_id}")

    def _scan(
        self, path: str, rows: RowFormat[RowT, RecordT], query: Query, since: datetime | None
    ) -> Iterator[Page[RecordT]]:
        def fetch(number: int, is_ordered: bool) -> Page[RecordT]:  # noqa: FBT001 - the scan's own callback
            order: Query = (("order", "UpdatedDateUTC ASC"),) if is_ordered else ()
            paging: Query = (("page", str(number)), ("pageSize", str(self._page_size)))
            body = self._transport.get(path, (*query, *order, *paging), since)
            return self._decoded(body, rows, f"{rows.name} page {number}")

        return Scan(rows.name.lower(), fetch, rows.id_of, rows.content_of).pages()

    def _decoded(self, body: bytes, rows: RowFormat[RowT, RecordT], place: str) -> Page[RecordT]:
        try:
            page = read_page(body, rows, Around(currency=self._currency, now=self._clock()), place)
        except ClockError as error:
            raise faults.other_time(f"the request for {place}", error.said, self._clock()) from error
        except NotAPageError as error:
            raise faults.damaged(f"the request for {place}", self._host) from error
        return page

    def _currency(self) -> str:
        return (self._organisation or self.organisation()).currency


def _ahead(xero_says: str | None) -> timedelta | None:
    """Compare this computer's clock with Xero's answer of just now."""
    try:
        return _utc_now() - instant_of(xero_says, "DateTimeUTC")
    except RowError:
        return None


def _no_answer(payment_id: XeroPaymentId, problem: str) -> UnreadableRow:
    return UnreadableRow(side=Side.XERO, place=f"Payments {payment_id}", problem=problem, xero_payment_id=payment_id)


def _take_invoices(
    page: Page[XeroInvoice],
    missing: set[str],
    invoices: dict[XeroInvoiceId, XeroInvoice],
    unreadable: list[UnreadableRow],
) -> None:
    """Take the wanted rows of a page, since a stand-in may answer with all of its invoices."""
    for invoice in page.records:
        if invoice.invoice_id.lower() in missing:
            invoices[invoice.invoice_id] = invoice
            missing.discard(invoice.invoice_id.lower())
    for row in page.unreadable:
        if row.xero_invoice_id is None or row.xero_invoice_id.lower() in missing:
            unreadable.append(row)
            missing.discard((row.xero_invoice_id or "").lower())


def _distinct(ids: Iterable[IdT]) -> list[IdT]:
    return list({each.lower(): each for each in ids}.values())


def _by_kind(ids: Iterable[IdT]) -> tuple[list[IdT], list[IdT]]:
    """Tell GUIDs, which Xero can filter by, from anything else."""
    distinct = _distinct(ids)
    return [i for i in distinct if _GUID.fullmatch(i)], [i for i in distinct if not _GUID.fullmatch(i)]


def _any_of(field: str, guids: Iterable[str]) -> str:
    return " OR ".join(f'{field}==guid("{guid}")' for guid in guids)


def _chunks(ids: Iterable[IdT], size: int) -> Iterator[list[IdT]]:
    rest = iter(ids)
    while chunk := list(islice(rest, size)):
        yield chunk


def _oldest(clocks: Iterable[datetime | None]) -> datetime | None:
    return min((clock for clock in clocks if clock is not None), default=None)
