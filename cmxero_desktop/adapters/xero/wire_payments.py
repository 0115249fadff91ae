"""The rows of Xero's Payments as facts; refunds, bills and everything else that is no customer payment stays out."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import repeat
from operator import attrgetter
from typing import ClassVar

import msgspec

from cmxero_desktop.adapters.xero import columns
from cmxero_desktop.adapters.xero.values import (
    NOTHING,
    RowError,
    currency_of,
    id_of,
    money_of,
    number_of,
    payment_day_of,
    required,
    shown,
    stamp_of,
)
from cmxero_desktop.adapters.xero.wire import (
    Around,
    Contact,
    group_in,
    invoice_id_in,
    money_in,
    number_in,
    payment_id_in,
    text_in,
)
from cmxero_desktop.domain.identifiers import XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.records import CUSTOMER_PAYMENT, SALES_INVOICE, PaymentStatus, UnreadableRow, XeroPayment

_OTHER_PAYMENTS = frozenset(
    {
        "ACCPAYPAYMENT",
        "ARCREDITPAYMENT",
        "APCREDITPAYMENT",
        "AROVERPAYMENTPAYMENT",
        "ARPREPAYMENTPAYMENT",
        "APOVERPAYMENTPAYMENT",
        "APPREPAYMENTPAYMENT",
    }
)
# A refund carries its credit note, overpayment or prepayment in the field Invoice.
OTHER_DOCUMENTS = frozenset(
    {
        "ACCPAY",
        "ACCRECCREDIT",
        "ACCPAYCREDIT",
        "AROVERPAYMENT",
        "ARPREPAYMENT",
        "APOVERPAYMENT",
        "APPREPAYMENT",
    }
)
# Some of Xero's own examples have it as a text.
_YES = frozenset({"true", '"true"'})
_STATUSES = {status.value: status for status in PaymentStatus}


class _Account(msgspec.Struct, gc=False):
    account_id: str | None = msgspec.field(name="AccountID", default=None)
    code: str | None = msgspec.field(name="Code", default=None)
    name: str | None = msgspec.field(name="Name", default=None)


class _Invoice(msgspec.Struct, gc=False):
    invoice_id: str | None = msgspec.field(name="InvoiceID", default=None)
    number: str | None = msgspec.field(name="InvoiceNumber", default=None)
    type: str | None = msgspec.field(name="Type", default=None)
    currency: str | None = msgspec.field(name="CurrencyCode", default=None)
    contact: Contact | None = msgspec.field(name="Contact", default=None)


class WirePayment(msgspec.Struct, gc=False):
    """One row as Xero sends it. CurrencyRate is left out: it is 0 in lists and 1 by id."""

    payment_id: str | None = msgspec.field(name="PaymentID", default=None)
    paid_on: str | None = msgspec.field(name="Date", default=None)
    amount: msgspec.Raw = msgspec.field(name="Amount", default=NOTHING)
    status: str | None = msgspec.field(name="Status", default=None)
    type: str | None = msgspec.field(name="PaymentType", default=None)
    updated_at: str | None = msgspec.field(name="UpdatedDateUTC", default=None)
    reference: str | None = msgspec.field(name="Reference", default=None)
    batch_id: str | None = msgspec.field(name="BatchPaymentID", default=None)
    # It is only shown, so it must not cost the row.
    is_reconciled: msgspec.Raw = msgspec.field(name="IsReconciled", default=NOTHING)
    account: _Account | None = msgspec.field(name="Account", default=None)
    invoice: _Invoice | None = msgspec.field(name="Invoice", default=None)


class WirePaymentPage(msgspec.Struct, gc=False):
    """The envelope of a page."""

    rows: list[WirePayment] = msgspec.field(name="Payments")
    date_time: msgspec.Raw = msgspec.field(name="DateTimeUTC", default=NOTHING)
    pagination: msgspec.Raw = msgspec.field(name="pagination", default=NOTHING)


_NO_ACCOUNT, _NO_CONTACT = _Account(), Contact()


@dataclass(frozen=True, slots=True)
class Payments:
    """How payments are decoded. With `keeps_all` refunds are told as what they are; that is for questions by id."""

    keeps_all: bool = False
    name: str = "Payments"
    page_type: type[WirePaymentPage] = WirePaymentPage
    row_type: type[WirePayment] = WirePayment
    id_of: ClassVar["attrgetter[str]"] = attrgetter("payment_id")
    # The record's own hash is made by three functions of Python's.
    content_of: ClassVar["attrgetter[object]"] = attrgetter(
        *(each.name for each in fields(XeroPayment) if each.name not in {"amount", "status"}),
        "amount.amount",
        "amount.currency",
        "status.value",
    )

    def keys(self, rows: Sequence[WirePayment]) -> list[str]:
        """Return the payments' ids."""
        return [row.payment_id or "" for row in rows]

    def record(self, row: WirePayment, around: Around) -> XeroPayment | None:
        """Return the payment, or None where it is no customer payment of a sales invoice (R2)."""
        return None if not self.keeps_all and _is_other_row(row) else _payment(row, around)

    def records(self, rows: Sequence[WirePayment], around: Around) -> list[XeroPayment | None]:
        """Return each payment, or None where it is no customer payment of a sales invoice. Raises RowError."""
        if self.keeps_all or not _has_others(rows):
            return list(_payments(rows, around))
        return [self.record(row, around) for row in rows]

    def is_out_of_scope(self, fields: dict[str, msgspec.Raw]) -> bool:
        """Say whether the row is certainly no customer payment."""
        document = text_in(group_in(fields, "Invoice"), "Type")
        return not self.keeps_all and _is_other(text_in(fields, "PaymentType"), document)

    def made_out(self, fields: dict[str, msgspec.Raw], row: UnreadableRow, around: Around) -> UnreadableRow:
        """Add the ids, the number, the amount and the date as far as they can be read."""
        invoice = group_in(fields, "Invoice")
        code = text_in(invoice, "CurrencyCode") or around.currency()
        return replace(
            row,
            xero_payment_id=payment_id_in(fields),
            xero_invoice_id=invoice_id_in(invoice),
            invoice_number=number_in(invoice),
            amount=money_in(fields, "Amount", code),
            paid_on=_day_in(fields, around),
        )


def _is_other(payment_type: str | None, document: str | None) -> bool:
    return payment_type in _OTHER_PAYMENTS or (payment_type == CUSTOMER_PAYMENT and document in OTHER_DOCUMENTS)


def _has_others(rows: Sequence[WirePayment]) -> bool:
    documents = {row.invoice.type for row in rows if row.invoice is not None}
    return not (OTHER_DOCUMENTS.isdisjoint(documents) and _OTHER_PAYMENTS.isdisjoint({row.type for row in rows}))


def _is_other_row(row: WirePayment) -> bool:
    invoice = row.invoice
    return _is_other(row.type, invoice.type if invoice else None)


def _payments(rows: Sequence[WirePayment], around: Around) -> list[XeroPayment]:
    """Return what `_payment` returns of each row. Raises RowError where it would of one of them."""
    count = len(rows)
    invoices = [row.invoice for row in rows if row.invoice is not None]
    if len(invoices) < count:
        raise RowError("Invoice is missing.")
    accounts = [row.account or _NO_ACCOUNT for row in rows]
    contacts = [invoice.contact or _NO_CONTACT for invoice in invoices]
    currencies = columns.looked_up(
        [invoice.currency for invoice in invoices], lambda code: currency_of(code or around.currency())
    )
    return columns.made(
        XeroPayment,
        {
            "payment_id": columns.ids([row.payment_id for row in rows]),
            "invoice_id": columns.ids([invoice.invoice_id for invoice in invoices]),
            "invoice_number": columns.numbers([invoice.number for invoice in invoices], "Invoice.InvoiceNumber"),
            "paid_on": columns.days([row.paid_on for row in rows], "Date", around.now),
            "amount": columns.amounts([row.amount for row in rows], currencies),
            "updated_at": columns.stamps([row.updated_at for row in rows], around.latest),
            "status": columns.looked_up([row.status for row in rows], _status),
            "reference": [row.reference or "" for row in rows],
            "payment_type": columns.looked_up([row.type for row in rows], _payment_type),
            "invoice_type": columns.looked_up([invoice.type for invoice in invoices], _invoice_type),
            "contact_name": [contact.name or "" for contact in contacts],
            "account_name": [account.name or "" for account in accounts],
            "batch_payment_id": [row.batch_id or "" for row in rows],
            "is_bank_reconciled": [said in _YES for said in columns.texts([row.is_reconciled for row in rows])],
            "contact_id": [contact.contact_id or "" for contact in contacts],
            "account_id": [account.account_id or "" for account in accounts],
            "account_code": [account.code or "" for account in accounts],
            "account_type": repeat("", count),
            "first_updated_at": repeat(None, count),
        },
        count,
    )


def _payment(row: WirePayment, around: Around) -> XeroPayment:
    invoice = row.invoice
    if invoice is None:
        raise RowError("Invoice is missing.")
    account, contact = row.account or _NO_ACCOUNT, invoice.contact or _NO_CONTACT
    code = currency_of(invoice.currency or around.currency())
    return XeroPayment(
        payment_id=XeroPaymentId(id_of(row.payment_id, "PaymentID")),
        invoice_id=XeroInvoiceId(id_of(invoice.invoice_id, "Invoice.InvoiceID")),
        invoice_number=number_of(invoice.number, "Invoice.InvoiceNumber"),
        paid_on=payment_day_of(row.paid_on, "Date", around.now),
        amount=money_of(row.amount, code, "Amount"),
        updated_at=stamp_of(row.updated_at, "UpdatedDateUTC", around.latest),
        status=_status(row.status),
        reference=row.reference or "",
        payment_type=_payment_type(row.type),
        invoice_type=_invoice_type(invoice.type),
        contact_name=contact.name or "",
        contact_id=contact.contact_id or "",
        account_name=account.name or "",
        account_id=account.account_id or "",
        account_code=account.code or "",
        batch_payment_id=row.batch_id or "",
        is_bank_reconciled=bytes(row.is_reconciled).decode("utf-8", "replace") in _YES,
    )


def _status(text: str | None) -> PaymentStatus:
    status = _STATUSES.get(required(text, "Status"))
    if status is None:
        raise RowError(f"Status is {shown(text)}, which is not known.")
    return status


def _payment_type(text: str | None) -> str:
    if required(text, "PaymentType") != CUSTOMER_PAYMENT and text not in _OTHER_PAYMENTS:
        raise RowError(f"PaymentType is {shown(text)}, which is not known.")
    return text or ""


def _invoice_type(text: str | None) -> str:
    # A customer payment pays a sales invoice by definition, so an answer that leaves the type out says enough.
    kind = text or SALES_INVOICE
    if kind != SALES_INVOICE and kind not in OTHER_DOCUMENTS:
        raise RowError(f"Invoice.Type is {shown(text)}, which is not known.")
    return kind


def _day_in(fields: dict[str, msgspec.Raw], around: Around) -> date | None:
    try:
        return payment_day_of(text_in(fields, "Date"), "Date", around.now)
    except RowError:
        return None
