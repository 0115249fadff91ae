"""A board of the SOR watch for pages and the command line: one invoice with an alert, one ended early, one quiet."""

from dataclasses import replace
from datetime import UTC, date, datetime

from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.records import Side
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState, SorEvidence, SorKind, XeroHistory
from cmxero_desktop.domain.sor.board import (
    ClearingBalance,
    ClearingCheck,
    ClearingLine,
    Ending,
    EndingItem,
    ParkedPayment,
    SorBoard,
    SorRow,
)
from cmxero_desktop.domain.sor.schedules import (
    Instalment,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from cmxero_desktop.domain.xero_history import HistoryLine

SEEN_AT = datetime(2026, 11, 22, 1, tzinfo=UTC)


def aud(amount: str) -> Money:
    return Money.of(amount, "AUD")


OUTSIDE = SorAlert(
    key="CM-22002:payment:p9#1",
    sighting="payment:p9",
    family="payment:p9",
    schedule_id="CM-22002",
    invoice_number="CM-22002",
    kind=SorKind.OTHER_PAYMENT,
    rule=Rule.S3,
    amount=aud("1200.00"),
    at_risk=aud("1200.00"),
    first_seen_at=SEEN_AT,
    first_seen_on=date(2026, 11, 22),
    evidence=SorEvidence(
        side=Side.XERO,
        name="payment of 1,200.00",
        record_id="p9",
        on=date(2026, 11, 21),
        reference="Client paid direct",
    ),
    explanation="Another payment, outside the SOR schedule of CM-22002: payment of 1,200.00 dated 21 Nov 2026.",
    consequence=(
        "Apxium takes 1,200.00 back from the firm unless it is removed before the debit date, and it may cancel the "
        "schedule."
    ),
    next_step=(
        "Take it off the invoice in Xero, and either refund it to the client, or keep it as the client's credit and "
        "allocate that when the schedule ends: one of the two is enough."
    ),
    debit_on=date(2026, 11, 29),
    debit_date_is=DebitDateIs.ESTIMATED,
    history=XeroHistory(is_answered=True, line=HistoryLine(at=SEEN_AT, who="R. Patel", what="Created")),
)
TYPED = replace(
    OUTSIDE,
    key="SOR-7:case-payment:12#1",
    schedule_id="SOR-7",
    invoice_number="CM-22003",
    kind=SorKind.CASE_PAYMENT,
    evidence=SorEvidence(side=Side.CASE_MANAGER, name="payment of 90.00", record_id="12"),
    amount=aud("90.00"),
    at_risk=aud("90.00"),
    state=SorAlertState.CLOSED,
    ended_on=date(2026, 11, 23),
    closed_by="Ann",
    closed_why="The schedule is cancelled.",
    debit_on=None,
    debit_date_is=None,
    history=XeroHistory(),
)
DERIVED = SorSchedule(
    schedule_id="CM-22002",
    source=ScheduleSource.CLEARING_ACCOUNT,
    known_at=SEEN_AT,
    invoices=(ScheduledInvoice(number="CM-22002"),),
    started_on=date(2026, 9, 20),
)
ENDED = SorSchedule(
    schedule_id="SOR-7",
    source=ScheduleSource.LIST,
    known_at=SEEN_AT,
    invoices=(ScheduledInvoice(number="CM-22003"), ScheduledInvoice(number="CM-22004")),
    state=ScheduleState.CANCELLED,
    instalments=(Instalment(due_on=date(2026, 10, 1), amount=aud("300.00")),),
    total=aud("300.00"),
    disbursed=aud("300.00"),
    ended_at=SEEN_AT,
    ended_by="Ann",
    ticks={"recouped": Tick(by="Ann", at=SEEN_AT)},
)


def sor_board() -> SorBoard:
    """Return the board."""
    quiet = SorRow(
        schedule=ENDED,
        invoice_number="CM-22003",
        bill_to="Acme",
        total=aud("300.00"),
        written=aud("100.00"),
        written_count=1,
        outside=aud("0.00"),
        other_changes=0,
        due=aud("200.00"),
        alerts=(TYPED,),
        invoice_total=aud("300.00"),
        schedule_written=aud("100.00"),
        is_shared=True,
    )
    row = replace(
        quiet,
        schedule=DERIVED,
        invoice_number="CM-22002",
        total=None,
        outside=aud("1200.00"),
        alerts=(OUTSIDE,),
        invoice_total=aud("1500.00"),
        schedule_written=None,
        is_shared=False,
    )
    items = (
        EndingItem(key="outstanding:CM-22003", invoice_number="CM-22003", words="Owed again.", amount=aud("200.00")),
        EndingItem(key="recouped", invoice_number="CM-22003", words="Enter its debit.", tick=ENDED.ticks["recouped"]),
    )
    return SorBoard(
        today=date(2026, 11, 24),
        rows=(
            row,
            quiet,
            replace(
                quiet,
                invoice_number="CM-22004",
                alerts=(),
                written=aud("0.00"),
                written_count=0,
                due=aud("40.00"),
                invoice_total=aud("40.00"),
            ),
        ),
        alerts=(OUTSIDE, TYPED),
        clearing=ClearingCheck(
            lines=(
                ClearingLine(
                    schedule_id="CM-22002",
                    written=aud("100.00"),
                    finding="What Apxium paid out for schedule CM-22002 is not known: enter it.",
                ),
                ClearingLine(schedule_id="SOR-7", written=aud("100.00"), disbursed=aud("300.00")),
            ),
            expected=aud("200.00"),
            is_complete=False,
            balance=ClearingBalance(amount=aud("210.00"), on=date(2026, 11, 23), by="Ann"),
            findings=("What Apxium paid out for schedule CM-22002 is not known: enter it.",),
            parked=(
                ParkedPayment(
                    invoice_number="CM-22002", record_id="p8", paid_on=date(2026, 11, 20), amount=aud("15.00")
                ),
            ),
        ),
        endings=(Ending(schedule=ENDED, items=items),),
    )
