"""The rows of Xero's Invoices as facts: sales invoices with what was paid, and what settled them without a payment."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from operator import attrgetter
from typing import ClassVar

import msgspec

from cmxero_desktop.adapters.xero.values import (
    NOTHING,
    RowError,
    currency_of,
    id_of,
    money_of,
    number_of,
    required,
    shown,
    stamp_of,
)
from cmxero_desktop.adapters.xero.wire import Around, Contact, invoice_id_in, number_in, text_in
from cmxero_desktop.adapters.xero.wire_payments import OTHER_DOCUMENTS
from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import SALES_INVOICE, Settlement, SettlementKind, UnreadableRow, XeroInvoice

_STATUSES = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"})


class _Credit(msgspec.Struct, gc=False):
    credit_note_id: str | None = msgspec.field(name="CreditNoteID", default=None)
    overpayment_id: str | None = msgspec.field(name="OverpaymentID", default=None)
    prepayment_id: str | None = msgspec.field(name="PrepaymentID", default=None)
    number: str | None = msgspec.field(name="CreditNoteNumber", default=None)
    applied: msgspec.Raw = msgspec.field(name="AppliedAmount", default=NOTHING)

    def settled(self, kind: SettlementKind, amount: Money) -> Settlement:
        """Return what it settled."""
        own = self.credit_note_id or self.overpayment_id or self.prepayment_id
        return Settlement(kind=kind, number=self.number or "", amount=amount, document_id=own or "")


class WireInvoice(msgspec.Struct, gc=False):
    """One row as Xero sends it. Its Payments are left out: by id they can carry the ids of batches instead."""

    invoice_id: str | None = msgspec.field(name="InvoiceID", default=None)
    number: str | None = msgspec.field(name="InvoiceNumber", default=None)
    type: str | None = msgspec.field(name="Type", default=None)
    status: str | None = msgspec.field(name="Status", default=None)
    currency: str | None = msgspec.field(name="CurrencyCode", default=None)
    total: msgspec.Raw = msgspec.field(name="Total", default=NOTHING)
    paid: msgspec.Raw = msgspec.field(name="AmountPaid", default=NOTHING)
    credited: msgspec.Raw = msgspec.field(name="AmountCredited", default=NOTHING)
    due: msgspec.Raw = msgspec.field(name="AmountDue", default=NOTHING)
    updated_at: str | None = msgspec.field(name="UpdatedDateUTC", default=None)
    reference: str | None = msgspec.field(name="Reference", default=None)
    contact: Contact | None = msgspec.field(name="Contact", default=None)
    credit_notes: list[_Credit] | None = msgspec.field(name="CreditNotes", default=None)
    overpayments: list[_Credit] | None = msgspec.field(name="Overpayments", default=None)
    prepayments: list[_Credit] | None = msgspec.field(name="Prepayments", default=None)


class WireInvoicePage(msgspec.Struct, gc=False):
    """The envelope of a page."""

    rows: list[WireInvoice] = msgspec.field(name="Invoices")
    date_time: msgspec.Raw = msgspec.field(name="DateTimeUTC", default=NOTHING)
    pagination: msgspec.Raw = msgspec.field(name="pagination", default=NOTHING)


@dataclass(frozen=True, slots=True)
class Invoices:
    """How invoices are decoded."""

    name: str = "Invoices"
    page_type: type[WireInvoicePage] = WireInvoicePage
    row_type: type[WireInvoice] = WireInvoice
    id_of: ClassVar["attrgetter[str]"] = attrgetter("invoice_id")
    content_of: ClassVar["attrgetter[object]"] = attrgetter(*(each.name for each in fields(XeroInvoice)))

    def keys(self, rows: Sequence[WireInvoice]) -> list[str]:
        """Return the invoices' ids."""
        return [row.invoice_id or "" for row in rows]

    def record(self, row: WireInvoice, around: Around) -> XeroInvoice | None:
        """Return the sales invoice, or None for a bill (R1)."""
        if row.type in OTHER_DOCUMENTS:
            return None
        if required(row.type, "Type") != SALES_INVOICE:
            raise RowError(f"Type is {shown(row.type)}, which is not known.")
        code = currency_of(row.currency or around.currency())
        credited = _money_or_zero(row.credited, code, "AmountCredited")
        return XeroInvoice(
            invoice_id=XeroInvoiceId(id_of(row.invoice_id, "InvoiceID")),
            number=number_of(row.number, "InvoiceNumber"),
            status=_status(row.status),
            total=money_of(row.total, code, "Total"),
            amount_paid=money_of(row.paid, code, "AmountPaid"),
            amount_credited=credited,
            updated_at=stamp_of(row.updated_at, "UpdatedDateUTC", around.latest),
            contact_name=(row.contact.name or "") if row.contact else "",
            reference=row.reference or "",
            settlements=_settlements(row, code, credited),
            amount_due=_due(row, code),
        )

    def records(self, rows: Sequence[WireInvoice], around: Around) -> list[XeroInvoice | None]:
        """Return each sales invoice, or None for a bill. Raises RowError."""
        return [self.record(row, around) for row in rows]

    def is_out_of_scope(self, fields: dict[str, msgspec.Raw]) -> bool:
        """Say whether the row is certainly no sales invoice."""
        return text_in(fields, "Type") in OTHER_DOCUMENTS

    def made_out(self, fields: dict[str, msgspec.Raw], row: UnreadableRow, _around: Around) -> UnreadableRow:
        """Add the id and the number as far as they can be read; its figures are no payment's."""
        return replace(
            row,
            xero_invoice_id=invoice_id_in(fields),
            invoice_number=number_in(fields),
            is_invoice=True,
        )


def _status(text: str | None) -> str:
    if required(text, "Status") not in _STATUSES:
        raise RowError(f"Status is {shown(text)}, which is not known.")
    return text or ""


def _money_or_zero(raw: msgspec.Raw, currency: str, field: str) -> Money:
    return Money.zero(currency) if bytes(raw) == b"null" else money_of(raw, currency, field)


def _due(row: WireInvoice, currency: str) -> Money | None:
    """Return Xero's own figure; where it is no money it must not cost the row, since it follows from the others."""
    try:
        return money_of(row.due, currency, "AmountDue")
    except RowError:
        return None


def _settlements(row: WireInvoice, currency: str, credited: Money) -> tuple[Settlement, ...]:
    """Return the credits applied to the invoice.

    They carry no date: Xero gives another one by id than in a list. One that does not say its amount is
    what the others leave of AmountCredited.
    """
    stubs = [
        *((SettlementKind.CREDIT_NOTE, stub) for stub in row.credit_notes or ()),
        *((SettlementKind.OVERPAYMENT, stub) for stub in row.overpayments or ()),
        *((SettlementKind.PREPAYMENT, stub) for stub in row.prepayments or ()),
    ]
    told = [
        stub.settled(kind, money_of(stub.applied, currency, "AppliedAmount"))
        for kind, stub in stubs
        if bytes(stub.applied) != b"null"
    ]
    rest = sum((each.amount for each in told), Money.zero(currency))
    untold = [stub.settled(kind, credited - rest) for kind, stub in stubs if bytes(stub.applied) == b"null"]
    if len(untold) > 1:
        raise RowError("AppliedAmount is missing in several credits.")
    return tuple(each for each in chain(told, untold) if each.amount.minor)
