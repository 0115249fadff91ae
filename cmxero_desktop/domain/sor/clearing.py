"""Check the SOR clearing account: disbursed less instalments written is what each schedule leaves there (S6)."""

from collections.abc import Iterable, Iterator, Sequence

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import is_customer_payment
from cmxero_desktop.domain.sor.board import ClearingBalance, ClearingCheck, ClearingLine, ParkedPayment
from cmxero_desktop.domain.sor.knowing import watched_by
from cmxero_desktop.domain.sor.schedules import ScheduleState, SorSchedule
from cmxero_desktop.domain.sor.sighting import WatchedInvoice, written_of

_OVER = frozenset({ScheduleState.COMPLETED})


def clearing_check(
    schedules: Sequence[SorSchedule],
    invoices: Sequence[WatchedInvoice],
    balance: ClearingBalance | None,
    policy: Policy,
) -> ClearingCheck:
    """Compare what each schedule should have left with the balance that a person read in Xero."""
    lines = tuple(_line(schedule, invoices, policy) for schedule in schedules)
    expected = total((e for line in lines if (e := line.expected) is not None), policy.currency)
    is_complete = all(line.disbursed is not None for line in lines)
    difference = None
    if balance is not None and is_complete and balance.amount.currency == policy.currency:
        difference = balance.amount - expected
    findings = [line.finding for line in lines if line.finding]
    if difference is not None and difference.minor:
        findings.append(
            f"The clearing account holds {balance.amount if balance else ''}, and the schedules leave {expected}: "
            f"{difference} is not explained by any of them."
        )
    return ClearingCheck(
        lines=lines,
        expected=expected,
        is_complete=is_complete,
        balance=balance,
        difference=difference,
        findings=tuple(findings),
        parked=tuple(_parked(invoices, policy)),
    )


def _line(schedule: SorSchedule, invoices: Sequence[WatchedInvoice], policy: Policy) -> ClearingLine:
    watched = watched_by(schedule, invoices)
    written = total(
        (
            p.amount
            for i in schedule.invoices
            if i.number in watched
            for p in written_of(i, watched[i.number].snapshot, policy)
            if p.amount.currency == policy.currency
        ),
        policy.currency,
    )
    disbursed = schedule.disbursed
    if disbursed is not None and disbursed.currency != policy.currency:
        disbursed = None
    return ClearingLine(
        schedule_id=schedule.schedule_id,
        written=written,
        disbursed=disbursed,
        finding=_finding(schedule, disbursed, written),
    )


def _finding(schedule: SorSchedule, disbursed: Money | None, written: Money) -> str:
    name = schedule.schedule_id
    if disbursed is None:
        return f"What Apxium paid out for schedule {name} is not known: enter it."
    left = disbursed - written
    if left.minor < 0:
        return f"Schedule {name}: {written} was written as instalments, {-left} more than was paid out."
    if left.minor and schedule.state in _OVER:
        return f"Schedule {name} is completed, and {left} of it is left on the clearing account."
    return ""


def _parked(invoices: Iterable[WatchedInvoice], policy: Policy) -> Iterator[ParkedPayment]:
    """Find what was paid from or to the account for what Apxium could not allocate."""
    for watched in invoices:
        for payment in watched.snapshot.xero_payments:
            if payment.is_live and is_customer_payment(payment) and _is_parked(payment, policy):
                yield ParkedPayment(
                    invoice_number=watched.snapshot.number,
                    record_id=payment.payment_id,
                    paid_on=payment.paid_on,
                    amount=payment.amount,
                    reference=payment.reference,
                )


def _is_parked(payment: XeroPayment, policy: Policy) -> bool:
    text = policy.sor_unallocated_text.strip().casefold()
    return bool(text) and (text in payment.account_name.casefold() or text == payment.account_code.casefold())
