"""Decode one page of Xero's answer row by row, so that a row that cannot be read never costs the others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import msgspec

from cmxero_desktop.adapters.xero.plain_json import decode, decode_document, elements, members, repaired, storable
from cmxero_desktop.adapters.xero.values import LONGEST_NUMBER, NOTHING, RowError, in_words, instant_of, is_id, money_of
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side, UnreadableRow

CLOCKS_DIFFER_AT_MOST = timedelta(days=1)
"""What Xero's clock says is believed where it is no further from ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a page is read by: the organisation's currency, for rows that name none, and the time here (aware UTC)."""

    currency: Callable[[], str]
    now: datetime

    @property
    def latest(self) -> datetime:
        """After which nothing can have changed yet, whichever clock is right."""
        return self.now + CLOCKS_DIFFER_AT_MOST


RowT = TypeVar("RowT")
RecordT_co = TypeVar("RecordT_co", covariant=True)
RecordT = TypeVar("RecordT")


class NotAPageError(Exception):
    """The answer is no page of the wanted rows at all."""


class ClockError(Exception):
    """Xero's clock cannot be believed, or ours; `said` is what Xero's says (aware UTC)."""

    def __init__(self, said: datetime) -> None:
        super().__init__(said)
        self.said = said


class Contact(msgspec.Struct):
    """Whoever was invoiced."""

    contact_id: str | None = msgspec.field(name="ContactID", default=None)
    name: str | None = msgspec.field(name="Name", default=None)


class Pagination(msgspec.Struct):
    """What Xero says about the pages; only there when a page was asked for."""

    page_count: int | None = msgspec.field(name="pageCount", default=None)
    item_count: int | None = msgspec.field(name="itemCount", default=None)


class _Head(msgspec.Struct):
    date_time: msgspec.Raw = msgspec.field(name="DateTimeUTC", default=NOTHING)
    pagination: msgspec.Raw = msgspec.field(name="pagination", default=NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[RecordT_co]):
    """One decoded page. `keys` name every row of it, also those out of scope, to tell a repeated page."""

    records: tuple[RecordT_co, ...]
    unreadable: tuple[UnreadableRow, ...]
    keys: tuple[str, ...]
    pages: int | None
    total: int | None
    as_of: datetime | None


class RowFormat(Protocol[RowT, RecordT]):
    """How the rows of one resource are decoded."""

    @property
    def name(self) -> str:
        """Return the name of the list in the envelope."""

    @property
    def page_type(self) -> type[msgspec.Struct]:
        """Return the type of an envelope with decoded `rows`."""

    @property
    def row_type(self) -> type[RowT]:
        """Return the type of one row."""

    def key(self, row: RowT) -> str:
        """Return the row's own id, or nothing."""

    def record(self, row: RowT, around: Around) -> RecordT | None:
        """Return the fact, or None where it is out of scope; RowError where it cannot be read."""

    def is_out_of_scope(self, fields: dict[str, msgspec.Raw]) -> bool:
        """Say whether a row that cannot be read is of no interest anyway."""

    def made_out(self, fields: dict[str, msgspec.Raw], row: UnreadableRow, around: Around) -> UnreadableRow:
        """Add what can still be made out of a row."""

    def updated_at(self, record: RecordT) -> datetime:
        """Return the stamp of a record."""


def read_page(body: bytes, rows: RowFormat[RowT, RecordT], around: Around, place: str) -> Page[RecordT]:
    """Decode a page; `place` is for sentences: "Payments page 2".

    Raises NotAPageError where it is none, and ClockError where it says another time than can be.
    """
    text = storable(body)
    try:
        head, decoded = decode(text, _Head), _whole(text, rows, around)
    except (msgspec.DecodeError, RowError):
        try:
            head, decoded = _row_by_row(text, rows, around, place)
        except msgspec.DecodeError as error:
            raise NotAPageError from error
    pagination = _pagination(head.pagination, len(decoded.keys))
    return Page(
        records=tuple(decoded.records),
        unreadable=tuple(decoded.unreadable),
        keys=tuple(decoded.keys),
        pages=pagination.page_count,
        total=pagination.item_count,
        as_of=_as_of(head.date_time, [rows.updated_at(record) for record in decoded.records], around),
    )


def text_in(fields: dict[str, msgspec.Raw], name: str) -> str:
    """Return a text out of a row that cannot be read, or nothing."""
    try:
        return decode(fields.get(name, NOTHING), str)
    except msgspec.DecodeError:
        return ""


def group_in(fields: dict[str, msgspec.Raw], name: str) -> dict[str, msgspec.Raw]:
    """Return a group of values out of a row that cannot be read, or an empty one."""
    return _fields_of(fields.get(name, NOTHING))


def number_in(fields: dict[str, msgspec.Raw]) -> str:
    """Return the invoice's number out of a row that cannot be read, or nothing."""
    return text_in(fields, "InvoiceNumber")[:LONGEST_NUMBER]


def money_in(fields: dict[str, msgspec.Raw], name: str, currency: str) -> Money | None:
    """Return an amount out of a row that cannot be read, also where it was written as a text."""
    raw = fields.get(name, NOTHING)
    as_text = text_in(fields, name)
    try:
        return money_of(msgspec.Raw(as_text.encode()) if as_text else raw, currency, name)
    except RowError:
        return None


def payment_id_in(fields: dict[str, msgspec.Raw]) -> XeroPaymentId | None:
    """Return the payment's id out of a row that cannot be read."""
    text = text_in(fields, "PaymentID")
    return XeroPaymentId(text) if is_id(text) else None


def invoice_id_in(fields: dict[str, msgspec.Raw]) -> XeroInvoiceId | None:
    """Return the invoice's id out of a row that cannot be read."""
    text = text_in(fields, "InvoiceID")
    return XeroInvoiceId(text) if is_id(text) else None


class _Decoded(Generic[RecordT]):
    def __init__(self) -> None:
        self.records: list[RecordT] = []
        self.unreadable: list[UnreadableRow] = []
        self.keys: list[str] = []

    def take(self, key: str, record: RecordT | None) -> None:
        self.keys.append(key)
        if record is not None:
            self.records.append(record)


def _whole(body: bytes, rows: RowFormat[RowT, RecordT], around: Around) -> _Decoded[RecordT]:
    """Decode a page that has nothing wrong with it, which is nearly every page."""
    decoded: _Decoded[RecordT] = _Decoded()
    page = decode(body, rows.page_type)
    for row in page.rows:  # type: ignore[attr-defined] # every page type has rows
        decoded.take(rows.key(row), rows.record(row, around))
    return decoded


def _row_by_row(
    body: bytes, rows: RowFormat[RowT, RecordT], around: Around, place: str
) -> tuple[_Head, _Decoded[RecordT]]:
    """Decode a page in which something is wrong, so that only its own row suffers for it."""
    decoded: _Decoded[RecordT] = _Decoded()
    envelope = _envelope(body)
    for number, raw in enumerate(elements(bytes(envelope.get(rows.name, NOTHING))), 1):
        try:
            row = decode_document(bytes(raw), rows.row_type)
            decoded.take(rows.key(row), rows.record(row, around))
        except (msgspec.DecodeError, RowError) as error:
            problem = str(error) if isinstance(error, RowError) else in_words(error)
            unreadable = UnreadableRow(side=Side.XERO, place=f"{place}, row {number}", problem=problem)
            _set_aside(decoded, raw, rows, around, unreadable)
    return _Head(envelope.get("DateTimeUTC", NOTHING), envelope.get("pagination", NOTHING)), decoded


def _envelope(body: bytes) -> dict[str, msgspec.Raw]:
    """Take the page apart; where that is only possible after its texts were repaired, repair them."""
    try:
        return decode(body, dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return members(repaired(body))


def _set_aside(
    decoded: _Decoded[RecordT],
    raw: msgspec.Raw,
    rows: RowFormat[RowT, RecordT],
    around: Around,
    unreadable: UnreadableRow,
) -> None:
    fields = _fields_of(raw)
    # Without an id the text itself names the row.
    key = bytes(raw).decode("utf-8", "replace")
    if rows.is_out_of_scope(fields):
        decoded.take(key, None)
        return
    decoded.keys.append(key)
    decoded.unreadable.append(rows.made_out(fields, unreadable, around))


def _fields_of(raw: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Return the fields of a row, or of a group in it, as far as it can be taken apart."""
    try:
        return decode(raw, dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        pass
    try:
        return members(repaired(bytes(raw)))
    except msgspec.DecodeError:
        return {}


def _pagination(raw: msgspec.Raw, rows: int) -> Pagination:
    """Return what is said of the pages, unless the page itself contradicts it: then nobody said where the list ends."""
    try:
        told = decode(raw, Pagination)
    except msgspec.DecodeError:
        return Pagination()
    has_room = told.item_count is None or told.item_count >= rows
    return told if has_room and (told.page_count is None or told.page_count >= bool(rows)) else Pagination()


def _as_of(raw: msgspec.Raw, stamps: list[datetime], around: Around) -> datetime | None:
    """Return Xero's clock, unless it stands before a change that the same page reports. Raises ClockError."""
    try:
        now = instant_of(decode(raw, str), "DateTimeUTC")
    except (msgspec.DecodeError, RowError):
        return None
    if abs(now - around.now) > CLOCKS_DIFFER_AT_MOST:
        raise ClockError(now)
    return now if all(stamp <= now for stamp in stamps) else None
