"""How an invoice under a schedule stands, in sums that add up: what was paid how, what is owed, what is to come."""

from datetime import date

from cmxero_desktop.domain.money import Money, named_money
from cmxero_desktop.domain.sor.board import SorRow
from cmxero_desktop.domain.sor.schedules import ENDED_EARLY, ScheduleState
from cmxero_desktop.domain.wording import day

_MOST_NAMED = 4
_NOT_KNOWN = "What it comes to is not known: only payments tell of it. Enter the schedule, or import Apxium's list."


def invoice_sums(row: SorRow) -> str:
    """Say what the invoice's total in Xero is made of; nothing where it is not known or not of one currency."""
    whole, due = row.invoice_total, row.due
    if whole is None or due is None or len({whole.currency, due.currency, row.written.currency}) > 1:
        return ""
    if row.is_void:
        return f"{_named(whole, row)} in Xero, where it is void: nothing is owed on it."
    before = row.written_for_others or Money.zero(whole.currency)
    otherwise = whole - due - row.written - before
    parts = [
        f"{_named(row.written, row)} in {_counted(row.written_count)}",
        *([f"{_named(before, row)} in instalments of another schedule"] if before.minor else []),
        *([f"{_named(otherwise, row)} paid or credited otherwise"] if otherwise.minor else []),
        f"{_named(due, row)} still owed",
    ]
    return f"{_named(whole, row)} in Xero: {' + '.join(parts)}."


def schedule_sums(row: SorRow, today: date | None) -> str:
    """Say how much of the schedule was written, and what is to come; how it becomes known where its total is not."""
    whole, written = row.total, row.schedule_written or row.written
    if whole is None or whole.currency != written.currency:
        return _NOT_KNOWN if whole is None else f"{_named(whole, row)} in all."
    left = whole - written
    of_all = f" for {_together(row.schedule.numbers)}" if row.is_shared else _of_all(row)
    if left.minor < 0:
        rest = f" - {_named(-left, row)} too much"
    else:
        what = "was not paid when it ended" if row.schedule.state in ENDED_EARLY else "still to come"
        rest = f" + {_named(left, row)} {what}"
    return f"{_named(whole, row)}{of_all}: {_named(written, row)} written{rest}.{_next(row, today)}"


def _together(numbers: tuple[str, ...]) -> str:
    """Name the invoices that share one total, few of them by their numbers."""
    if numbers[_MOST_NAMED:]:
        return f"its {len(numbers)} invoices together"
    return f"{', '.join(numbers[:-1])} and {numbers[-1]} together"


def _of_all(row: SorRow) -> str:
    """Say what the whole schedule comes to, where this is the part of one of its invoices."""
    whole = row.schedule.total
    if whole is None or whole == row.total or not row.schedule.numbers[1:]:
        return ""
    return f" of the schedule's {_named(whole, row)} over {len(row.schedule.numbers)} invoices"


def _next(row: SorRow, today: date | None) -> str:
    """Name the next instalment, where it is known."""
    if row.schedule.state is not ScheduleState.ACTIVE or today is None:
        return ""
    own = (i for i in row.schedule.instalments if i.invoice_number in {"", row.invoice_number} and i.due_on >= today)
    coming = min(own, key=lambda i: i.due_on, default=None)
    return f" The next is {_named(coming.amount, row)} on {day(coming.due_on)}." if coming is not None else ""


def _counted(number: int) -> str:
    return f"{number} instalment" if number == 1 else f"{number or 'no'} instalments"


def _named(amount: Money, row: SorRow) -> str:
    return named_money(amount, row.home)
