"""The SOR watch of the story: three invoices of the firm's own lists, watched by the real watch from day to day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time

from cmxero_desktop.domain.correlation.judging import judge
from cmxero_desktop.domain.records import InvoiceSnapshot, XeroPayment
from cmxero_desktop.domain.sor.alerts import HistoryLine, SorAlert, XeroHistory
from cmxero_desktop.domain.sor.board import ClearingBalance, SorBoard
from cmxero_desktop.domain.sor.boarding import Shown, board_of
from cmxero_desktop.domain.sor.knowing import Now
from cmxero_desktop.domain.sor.schedules import (
    FirmType,
    Instalment,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from cmxero_desktop.domain.sor.sighting import WatchedInvoice, watched_of
from cmxero_desktop.domain.sor.watching import SorMemory, watch
from tests.ui.views import NOW, POLICY, TODAY, C, X, aud, day, snapshot

ENDED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TICKED_AT = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
_SEEN_AT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
_ENTERED_AT = datetime(2026, 11, 23, 8, 55, tzinfo=UTC)
_BEFORE = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
_PAID_PAST = "s3"


def sor_facts() -> tuple[InvoiceSnapshot, ...]:
    """Return the invoices under schedules: one with a payment past it, and two whose schedule was cancelled."""
    return (
        _at_apxium(
            snapshot(
                "CM-22002",
                "Acme Insurance",
                "4601 Quinn, A",
                "1500.00",
                [
                    X(name="s1", amount="100.00", on=day(20, 10), reference="SOR 1/15"),
                    X(name=_PAID_PAST, amount="1200.00", on=day(21), reference="Client paid direct"),
                ],
                [C(number=521, amount="100.00", on=day(20, 10), xero="s1", reference="SOR 1/15")],
            ),
            {"s1": "Apxium SOR Clearing"},
        ),
        _at_apxium(
            snapshot(
                "CM-22003",
                "Acme Insurance",
                "4602 Reid, B",
                "300.00",
                [
                    X(name="s4", amount="100.00", on=day(1, 10), reference="SOR-7 1/3"),
                    X(name="s5", amount="15.00", on=day(20), reference="APX 4471"),
                ],
                [
                    C(number=522, amount="100.00", on=day(1, 10), xero="s4", reference="SOR-7 1/3"),
                    C(number=523, amount="15.00", on=day(20), xero="s5", reference="APX 4471"),
                ],
            ),
            {"s4": "Apxium SOR Clearing", "s5": "APXUnalloc"},
        ),
        snapshot("CM-22004", "Acme Insurance", "4602 Reid, B", "40.00"),
    )


SOR_7 = SorSchedule(
    schedule_id="SOR-7",
    source=ScheduleSource.LIST,
    known_at=NOW.replace(day=16),
    invoices=(ScheduledInvoice(number="CM-22003"), ScheduledInvoice(number="CM-22004")),
    state=ScheduleState.CANCELLED,
    instalments=tuple(
        Instalment(due_on=date(2026, month, 1), amount=aud(amount), invoice_number=number)
        for month, number, amount in (
            (10, "CM-22003", "100.00"),
            (11, "CM-22003", "100.00"),
            (12, "CM-22003", "100.00"),
            (12, "CM-22004", "40.00"),
        )
    ),
    total=aud("340.00"),
    disbursed=aud("340.00"),
    ended_at=ENDED_AT,
    ended_by="Ann",
    ticks={"recouped": Tick(by="Ann", at=TICKED_AT)},
)
"""Cancelled, and Apxium's debit is entered; what is owed again has still to be asked for."""


def story_board() -> SorBoard:
    """Watch before the payment past the schedule was there, on the day on which it was, and today."""
    before = tuple(replace(f, xero_payments=tuple(_without(f))) for f in sor_facts())
    memory = SorMemory(schedules=(SOR_7,))
    for facts, at in ((before, _BEFORE), (sor_facts(), _SEEN_AT), (sor_facts(), NOW)):
        memory = watch(memory, _watched(facts), POLICY, FirmType.XERO, _now(at)).memory
    memory = replace(memory, alerts=tuple(_told(alert) for alert in memory.alerts))
    balance = ClearingBalance(amount=aud("1400.00"), on=day(24), by="Ann")
    return board_of(memory, Shown(invoices=_watched(sor_facts()), balance=balance, policy=POLICY, today=TODAY))


def _at_apxium(facts: InvoiceSnapshot, accounts: dict[str, str]) -> InvoiceSnapshot:
    payments = (
        replace(p, account_name=accounts.get(p.payment_id, p.account_name), updated_at=_entered(p))
        for p in facts.xero_payments
    )
    return replace(facts, xero_payments=tuple(payments))


def _entered(payment: XeroPayment) -> datetime:
    """Return when it was entered: on its day by Apxium, or when Xero's history says that a person did."""
    is_by_hand = payment.payment_id == _PAID_PAST
    return _ENTERED_AT if is_by_hand else datetime.combine(payment.paid_on, time(6), UTC)


def _without(facts: InvoiceSnapshot) -> Iterator[XeroPayment]:
    return (payment for payment in facts.xero_payments if payment.payment_id != _PAID_PAST)


def _watched(facts: tuple[InvoiceSnapshot, ...]) -> tuple[WatchedInvoice, ...]:
    found = judge(facts, POLICY, TODAY).correlations
    return tuple(watched_of(each, found[each.number], POLICY) for each in facts)


def _now(at: datetime) -> Now:
    return Now(at=at, today=at.date(), day_of=lambda instant: instant.date())


def _told(alert: SorAlert) -> SorAlert:
    """Let Xero's history say who entered it."""
    line = HistoryLine(at=_ENTERED_AT, who="R. Patel", what="Created")
    return replace(alert, history=XeroHistory(is_answered=True, line=line))
