"""Decode one page of Xero's answer row by row, so that a row that cannot be read never costs the others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from cmxero_desktop.adapters.xero.plain_json import decode, decode_document, elements, members, repaired, storable
from cmxero_desktop.adapters.xero.values import LONGEST_NUMBER, NOTHING, RowError, in_words, instant_of, is_id, money_of
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side, UnreadableRow

# So few rows are read one by one when one of them cannot be read with the others.
_FEW = 8
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


_stamp: "attrgetter[datetime]" = attrgetter("updated_at")


class NotAPageError(Exception):
    """The answer is no page of the wanted rows at all."""


class ClockError(Exception):
    """Xero's clock cannot be believed, or ours; `said` is what Xero's says (aware UTC)."""

    def __init__(self, said: datetime) -> None:
        super().__init__(said)
        self.said = said


class Contact(msgspec.Struct, gc=False):
    """Whoever was invoiced. As with all rows, nothing in it can lead back to it: no collector need look at it."""

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

    @property
    def id_of(self) -> Callable[[RecordT], str]:
        """Return what returns the id of a record."""

    @property
    def content_of(self) -> Callable[[RecordT], object]:
        """Return what returns all that is said of a record, to tell whether it has changed."""

    def keys(self, rows: Sequence[RowT]) -> list[str]:
        """Return each row's own id, or nothing."""

    def record(self, row: RowT, around: Around) -> RecordT | None:
        """Return the fact, or None where it is out of scope; RowError where it cannot be read."""

    def records(self, rows: Sequence[RowT], around: Around) -> Sequence[RecordT | None]:
        """Return what `record` says of each row, in order; RowError where that cannot be said of one of them."""

    def is_out_of_scope(self, fields: dict[str, msgspec.Raw]) -> bool:
        """Say whether a row that cannot be read is of no interest anyway."""

    def made_out(self, fields: dict[str, msgspec.Raw], row: UnreadableRow, around: Around) -> UnreadableRow:
        """Add what can still be made out of a row."""


def read_page(body: bytes, rows: RowFormat[RowT, RecordT], around: Around, place: str) -> Page[RecordT]:
    """Decode a page; `place` is for sentences: "Payments page 2".

    Raises NotAPageError where it is none, and ClockError where it says another time than can be.
    """
    text = storable(body)
    try:
        head, decoded = _decoded(text, rows, around, place)
    except msgspec.DecodeError:
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
        as_of=_as_of(head.date_time, max(map(_stamp, decoded.records), default=None), around),
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


def _decoded(
    body: bytes, rows: RowFormat[RowT, RecordT], around: Around, place: str
) -> tuple[_Head, _Decoded[RecordT]]:
    """Decode a page whose JSON is what it should be, which is nearly every page; a row may be doubtful all the same."""
    page: Any = decode(body, rows.page_type)
    found: list[RowT] = page.rows
    head, decoded = _Head(page.date_time, page.pagination), _Decoded[RecordT]()
    try:
        decoded.records = [record for record in rows.records(found, around) if record is not None]
        decoded.keys = rows.keys(found)
    except RowError:
        raws = decode(decode(body, dict[str, msgspec.Raw])[rows.name], list[msgspec.Raw])
        read = _read(found, rows, around)
        for number, (raw, row, record) in enumerate(zip(raws, found, read, strict=True), 1):
            if isinstance(record, RowError):
                unreadable = UnreadableRow(side=Side.XERO, place=f"{place}, row {number}", problem=str(record))
                _set_aside(decoded, raw, rows, around, unreadable)
            else:
                decoded.take(rows.keys([row])[0], record)
    return head, decoded


def _read(found: Sequence[RowT], rows: RowFormat[RowT, RecordT], around: Around) -> Iterator[RecordT | RowError | None]:
    """Yield each row's fact, or why it cannot be read: the rows beside that one are read together all the same."""
    try:
        yield from rows.records(found, around)
    except RowError:
        if len(found) > _FEW:
            middle = len(found) // 2
            yield from _read(found[:middle], rows, around)
            yield from _read(found[middle:], rows, around)
            return
        for row in found:
            try:
                yield rows.record(row, around)
            except RowError as error:
                yield error


def _row_by_row(
    body: bytes, rows: RowFormat[RowT, RecordT], around: Around, place: str
) -> tuple[_Head, _Decoded[RecordT]]:
    """Decode a page in which something is wrong, so that only its own row suffers for it."""
    decoded: _Decoded[RecordT] = _Decoded()
    envelope = _envelope(body)
    for number, raw in enumerate(elements(bytes(envelope.get(rows.name, NOTHING))), 1):
        try:
            row = decode_document(bytes(raw), rows.row_type)
            decoded.take(rows.keys([row])[0], rows.record(row, around))
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


def _as_of(raw: msgspec.Raw, newest: datetime | None, around: Around) -> datetime | None:
    """Return Xero's clock, unless it stands before a change that the same page reports. Raises ClockError."""
    try:
        now = instant_of(decode(raw, str), "DateTimeUTC")
    except (msgspec.DecodeError, RowError):
        return None
    if abs(now - around.now) > CLOCKS_DIFFER_AT_MOST:
        raise ClockError(now)
    return now if newest is None or newest <= now else None
