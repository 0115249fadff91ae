"""Tell what of an invoice's comparison another one replaces: Case Manager's side, and where each payment stood."""

from collections.abc import Iterator

from cmxero_desktop.adapters.store.journal import KeptKind, Was
from cmxero_desktop.adapters.store.keys import case_payment_key
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.placements import Placement
from cmxero_desktop.domain.records import CasePayment
from cmxero_desktop.services.records.history import RowPlace
from cmxero_desktop.services.records.results import InvoiceResult

Places = list[list[object]]
"""Each place by the order of its fields, since there are many of them."""


def replaced(number: str, old: InvoiceResult | None, new: InvoiceResult | None) -> Iterator[Was]:
    """Return what to keep of an invoice whose comparison is replaced; None where there was none, or is none any more.

    Of a first comparison one record is kept: that there was nothing before it.
    """
    if old is None:
        yield Was(kind=KeptKind.PLACES, subject=number, home=number, old=None, new=new)
        return
    places = places_of(old)
    if new is None or places_of(new) != places:
        yield Was(kind=KeptKind.PLACES, subject=number, home=number, old=places, new=None)
    before, after = old.snapshot.case_invoice, new.snapshot.case_invoice if new else None
    if before != after:
        yield Was(kind=KeptKind.CASE_INVOICE, subject=number, home=number, old=before, new=after)
    payments, now = _payments(old), _payments(new)
    for key in payments.keys() | now.keys():
        then, present = payments.get(key), now.get(key)
        if then != present:
            subject = case_payment_key(key)
            yield Was(kind=KeptKind.CASE_PAYMENT, subject=subject, home=number, old=then, new=present)


def _payments(result: InvoiceResult | None) -> dict[CasePaymentId, CasePayment]:
    return {p.payment_id: p for p in result.snapshot.case_payments} if result else {}


def places_of(result: InvoiceResult) -> Places:
    """Write down where each payment of an invoice stands."""
    return [_place(placement) for placement in result.correlation.placements]


def _place(placement: Placement) -> list[object]:
    place = RowPlace.of(placement)
    case_id = place.case_id.value if place.case_id else None
    return [place.xero_id, case_id, place.bucket, place.rule, place.reason, place.matched_how]
