"""When what of the story happened, on each side, and which check of the desk was the first to see it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, PaymentStatus, XeroPayment
from cmxero_desktop.services.correlation.snapshots import deleted_days
from tests.ui.views import NOW, TODAY

BEGUN = NOW - timedelta(days=9)
"""The organisation was chosen, and everything was compared for the first time."""
CHECKED = NOW - timedelta(minutes=3)
"""The last check; there is one every ten minutes, day and night."""
COMPARED_AT = time(2)
LINKED_AT = datetime(2026, 11, 23, 9, 36, tzinfo=UTC)
"""On the first day of approving, everything that was typed and is equal was linked at once."""
WRITTEN_AT = datetime(2026, 11, 24, 9, 45, tzinfo=UTC)
"""The one addition was written."""
ADDED = 510
"""The payment that it made in Case Manager."""
PARKED_AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
"""Apxium entered a payment that it could not allocate."""
PAST_SCHEDULE = "s3"
PAST_SCHEDULE_AT = datetime(2026, 11, 23, 8, 55, tzinfo=UTC)
CLEARING, PARKING = "Apxium SOR Clearing", "APXUnalloc"

INTERVAL = timedelta(minutes=10)
_ENTERED, _TYPED, _BY_APXIUM = time(15, 20), time(16, 40), time(6)
_BILLED = BEGUN - timedelta(days=150)
_FRIDAY = 4


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


# What came later than its own date says, or ahead of it.
_LATE_IN_XERO: Mapping[str, datetime] = MappingProxyType(
    {
        "f2": _on(19, 11, 5),
        "g1": _on(18, 14, 30),
        "e2": _on(24, 14, 6),
        "i1": _on(24, 15, 20),
        "s5": PARKED_AT,
        PAST_SCHEDULE: PAST_SCHEDULE_AT,
    }
)
_LATE_IN_CASE_MANAGER: Mapping[int | str, datetime] = MappingProxyType({502: _on(24, 16, 40), ADDED: WRITTEN_AT})
_DELETED: Mapping[str, datetime] = MappingProxyType({"d1": _on(25, 7, 45), "e1": _on(24, 14, 5), "h1": _on(19, 11, 20)})
_MARKED_FROM_THE_START = frozenset({507})
"""Its Notes name a payment, though no link is proposed of what is journalled."""


def seen_by(at: datetime) -> datetime:
    """Return the first check that saw what happened at an instant."""
    return BEGUN if at <= BEGUN else at + (CHECKED - at) % INTERVAL


def checks_of_today() -> tuple[datetime, ...]:
    """Return every check since midnight."""
    first = seen_by(datetime.combine(TODAY, time(), UTC))
    return tuple(first + number * INTERVAL for number in range((CHECKED - first) // INTERVAL + 1))


LAST_WHOLE = seen_by(datetime.combine(TODAY, COMPARED_AT, UTC))
"""The check of this night that compared everything."""


def entered_at(payment: XeroPayment) -> datetime:
    """Return when a payment was entered in Xero: by Apxium in the morning, else by the office on a weekday."""
    if payment.payment_id in _LATE_IN_XERO:
        return _LATE_IN_XERO[payment.payment_id]
    if payment.account_name in {CLEARING, PARKING}:
        return datetime.combine(payment.paid_on, _BY_APXIUM, UTC)
    return datetime.combine(_weekday(payment.paid_on), _ENTERED, UTC)


def typed_at(payment: CasePayment) -> datetime:
    """Return when a payment began to stand in Case Manager: in the afternoon, where nothing else is known of it."""
    late = _LATE_IN_CASE_MANAGER.get(payment.payment_id.value)
    return late or datetime.combine(_weekday(payment.paid_on), _TYPED, UTC)


def stood_since(payment: CasePayment) -> datetime:
    """Return since when the desk knew a payment of Case Manager as it stands now; a link adds to its Notes."""
    at = typed_at(payment)
    has_new_notes = payment.notes and payment.payment_id.value not in {ADDED, *_MARKED_FROM_THE_START}
    return LINKED_AT if has_new_notes else WRITTEN_AT if at == WRITTEN_AT else seen_by(at)


def instants_of(facts: InvoiceSnapshot) -> Iterator[datetime]:
    """Yield when something happened to an invoice's payments, on either side."""
    for payment in facts.xero_payments:
        yield entered_at(payment)
        if payment.payment_id in _DELETED:
            yield _DELETED[payment.payment_id]
    yield from map(typed_at, facts.case_payments)


def as_it_stood(facts: InvoiceSnapshot, at: datetime) -> InvoiceSnapshot:
    """Return an invoice with what both sides had of it at an instant."""
    payments = tuple(_as_it_stood(each, at) for each in facts.xero_payments if entered_at(each) <= at)
    invoice = facts.xero_invoice
    assert invoice is not None
    paid = total((each.amount for each in payments if each.is_live), "AUD")
    changed_at = max((each.updated_at for each in payments), default=_BILLED)
    return replace(
        facts,
        as_of=at,
        xero_invoice=replace(invoice, amount_paid=paid, updated_at=changed_at),
        xero_payments=payments,
        deleted_on=deleted_days(payments, "UTC"),
        case_payments=tuple(_with_notes(each, at) for each in facts.case_payments if typed_at(each) <= at),
    )


def _as_it_stood(payment: XeroPayment, at: datetime) -> XeroPayment:
    entered, deleted = entered_at(payment), _DELETED.get(payment.payment_id)
    if deleted is None or deleted > at:
        return replace(payment, status=PaymentStatus.AUTHORISED, updated_at=entered)
    return replace(payment, updated_at=deleted, first_updated_at=entered)


def _with_notes(payment: CasePayment, at: datetime) -> CasePayment:
    has_mark = at >= LINKED_AT or payment.payment_id.value in _MARKED_FROM_THE_START
    return payment if has_mark else replace(payment, notes="")


def _weekday(on: date) -> date:
    """Return a day, or the Monday after it: nobody types at a weekend."""
    return on + timedelta(days=max(0, 7 - on.weekday()) if on.weekday() > _FRIDAY else 0)
