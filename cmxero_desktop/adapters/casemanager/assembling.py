"""Puts invoices and payments, each decoded on its own, together into the sides of invoices."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmxero_desktop.adapters.casemanager.decoding import ForeignValueError, key_of
from cmxero_desktop.adapters.casemanager.rows import Key
from cmxero_desktop.domain.records import CaseInvoice, CasePayment, UnreadableRow
from cmxero_desktop.services.records.readings import CaseInvoiceSide


@dataclass(slots=True)
class Found:
    """What was found under one number: normally one invoice."""

    invoices: list[CaseInvoice] = field(default_factory=list)
    unreadable: list[UnreadableRow] = field(default_factory=list)


@dataclass(slots=True)
class Paid:
    """The payments of one invoice."""

    payments: list[CasePayment] = field(default_factory=list)
    unreadable: list[UnreadableRow] = field(default_factory=list)


def keys_of(found: Mapping[str, Found]) -> dict[Key, str]:
    """Return the number of each invoice by its key."""
    return {invoice.invoice_id.value: number for number, side in found.items() for invoice in side.invoices}


def key_or_none(value: object) -> Key | None:
    """Return a stored key, None where it is none."""
    if type(value) is int:
        return value
    try:
        return key_of(value)
    except ForeignValueError:
        return None


def joined(found: Mapping[str, Found], paid: dict[Key | None, Paid]) -> dict[str, CaseInvoiceSide]:
    """Give each number its payments, and take these out of `paid`."""
    sides = {}
    for number, side in found.items():
        own = Paid(unreadable=side.unreadable)
        for invoice in side.invoices:
            some = paid.pop(invoice.invoice_id.value, Paid())
            own.payments += some.payments
            own.unreadable += some.unreadable
        sides[number] = side_of(side.invoices[0], own)
    return sides


def side_of(invoice: CaseInvoice, paid: Paid) -> CaseInvoiceSide:
    """Make one side, its payments in the order of their keys."""
    payments = sorted(paid.payments, key=lambda p: p.payment_id.order)
    return CaseInvoiceSide(invoice=invoice, payments=tuple(payments), unreadable=tuple(paid.unreadable))
