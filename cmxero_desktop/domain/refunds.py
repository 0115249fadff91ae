"""Money that went back in Xero: which refunds there are, and which may have to do with CM invoices (R2).

A refund is paid out of a credit note, an overpayment or a prepayment, never out of an invoice: it is no payment, and
Xero's amount due does not know of it. Case Manager may have entered it on the invoice all the same.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cmxero_desktop.domain.records import SettlementKind, XeroInvoice, XeroPayment

REFUND_KINDS: Mapping[str, SettlementKind] = MappingProxyType(
    {
        "ARCREDITPAYMENT": SettlementKind.CREDIT_NOTE,
        "AROVERPAYMENTPAYMENT": SettlementKind.OVERPAYMENT,
        "ARPREPAYMENTPAYMENT": SettlementKind.PREPAYMENT,
    }
)
"""Xero's words for a refund, and out of what each is paid."""

_WORD = re.compile(r"[^\s,;:()/]+")


def is_refund(payment: XeroPayment) -> bool:
    """Say whether Xero means money that went back to a customer."""
    return payment.payment_type in REFUND_KINDS


def refunds_among(
    refunds: Iterable[XeroPayment], invoices: Iterable[XeroInvoice], payers: Iterable[XeroPayment]
) -> tuple[XeroPayment, ...]:
    """Return the refunds that may have to do with any of the invoices, by document, number or payer."""
    invoices = tuple(invoices)
    documents = {s.document_id.casefold() for i in invoices for s in i.settlements} - {""}
    numbers = {i.number for i in invoices} - {""}
    contacts = {i.contact_name.casefold() for i in invoices}
    for payer in payers:
        contacts |= {payer.contact_name.casefold(), payer.contact_id.casefold()}
    contacts.discard("")
    return tuple(
        refund
        for refund in refunds
        if refund.invoice_id.casefold() in documents
        or not numbers.isdisjoint(words_of(refund))
        or not contacts.isdisjoint({refund.contact_name.casefold(), refund.contact_id.casefold()})
    )


def words_of(refund: XeroPayment) -> set[str]:
    """Return the words of a refund's reference and of its document's number, one of which may be an invoice."""
    return set(_WORD.findall(f"{refund.reference} {refund.invoice_number}"))
