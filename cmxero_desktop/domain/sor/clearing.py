"""Check the SOR clearing account: disbursed less instalments written is what each schedule leaves there (S6)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.sor.board import ClearingBalance, ClearingCheck, ClearingLine
from cmxero_desktop.domain.sor.ending import RECOUPED
from cmxero_desktop.domain.sor.knowing import WatchedInvoices, watched_by
from cmxero_desktop.domain.sor.parked import parked_on
from cmxero_desktop.domain.sor.schedules import ENDED_EARLY, ScheduleState, SorSchedule
from cmxero_desktop.domain.sor.sighting import WatchedInvoice, written_of
from cmxero_desktop.domain.wording import day

_OVER = frozenset({ScheduleState.COMPLETED, ScheduleState.CLOSED})


def clearing_check(
    schedules: Sequence[SorSchedule],
    invoices: Sequence[WatchedInvoice],
    balance: ClearingBalance | None,
    policy: Policy,
) -> ClearingCheck:
    """Compare what each schedule should have left with the balance that a person read in Xero, as of that day."""
    index = WatchedInvoices.of(invoices, schedules)
    lines = tuple(_line(schedule, index, policy) for schedule in schedules)
    expected = _left(lines, policy)
    is_complete = all(line.expected is not None for line in lines)
    then = difference = None
    if balance is not None and is_complete and balance.amount.currency == policy.currency:
        then = _left((_line(schedule, index, policy, balance.on) for schedule in schedules), policy)
        difference = balance.amount - then
    findings = [line.finding for line in lines if line.finding]
    if balance is not None and difference is not None and difference.minor:
        findings.append(
            f"The clearing account held {balance.amount} on {day(balance.on)}, and the schedules left {then} by then: "
            f"{difference} is not explained by any of them."
        )
    elif balance is not None and not is_complete and balance.amount.currency == policy.currency:
        by_then = [_line(schedule, index, policy, balance.on) for schedule in schedules]
        findings += _would_explain(by_then, balance, policy)
    return ClearingCheck(
        lines=lines,
        expected=expected,
        is_complete=is_complete,
        balance=balance,
        expected_then=then,
        difference=difference,
        findings=tuple(findings),
        parked=tuple(parked_on(invoices, policy)),
    )


def _would_explain(by_then: Sequence[ClearingLine], balance: ClearingBalance, policy: Policy) -> Iterator[str]:
    """Say, where what was paid out is unknown of one schedule alone, which sum would leave nothing unexplained."""
    unknown = [line for line in by_then if line.expected is None]
    if len(unknown) != 1:
        return
    paid_out = balance.amount - _left(by_then, policy) + unknown[0].written
    if paid_out.minor > 0:
        yield (
            f"If Apxium paid out {paid_out} for schedule {unknown[0].schedule_id}, the {balance.amount} of "
            f"{day(balance.on)} is just what should be there; if another sum, the rest is missing or too much."
        )


def _left(lines: Iterable[ClearingLine], policy: Policy) -> Money:
    return total((e for line in lines if (e := line.expected) is not None), policy.currency)


def _line(schedule: SorSchedule, invoices: WatchedInvoices, policy: Policy, by: date = date.max) -> ClearingLine:
    """Say how a schedule stands, or stood on a day: what is dated or was ticked later had not happened."""
    watched = watched_by(schedule, invoices)
    written = total(
        (
            p.amount
            for i in schedule.invoices
            if i.number in watched
            for p in written_of(i, watched[i.number], policy)
            if p.amount.currency == policy.currency and p.paid_on <= by
        ),
        policy.currency,
    )
    disbursed = schedule.disbursed
    if disbursed is not None and disbursed.currency != policy.currency:
        disbursed = None
    tick = schedule.ticks.get(RECOUPED) if schedule.state in ENDED_EARLY else None
    is_settled = tick is not None and tick.day <= by
    if disbursed is None and schedule.state in _OVER:
        # Nobody will enter it for what is long over: what came in is what had been paid out.
        is_settled = True
    return ClearingLine(
        schedule_id=schedule.schedule_id,
        written=written,
        disbursed=disbursed,
        is_settled=is_settled,
        finding="" if is_settled else _finding(schedule, disbursed, written),
    )


def _finding(schedule: SorSchedule, disbursed: Money | None, written: Money) -> str:
    name = schedule.schedule_id
    if disbursed is None:
        return f"What Apxium paid out for schedule {name} is not known: enter it."
    left = disbursed - written
    if left.minor < 0:
        return f"Schedule {name}: {written} was written as instalments, {-left} more than was paid out."
    if left.minor and schedule.state is ScheduleState.COMPLETED:
        return f"Schedule {name} is completed, and {left} of it is left on the clearing account."
    return ""
