"""Check a list of schedules, imported or entered by hand: each schedule is taken as a whole or not at all (S1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cmxero_desktop.domain.money import total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.scope import DEAD
from cmxero_desktop.domain.sor.importing import BadLine, ListLine, SorImport
from cmxero_desktop.domain.sor.schedules import (
    Instalment,
    InstalmentState,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
)
from cmxero_desktop.domain.wording import day

_TAKEN_OVER = frozenset({ScheduleSource.CLEARING_ACCOUNT, ScheduleSource.MARKED})
"""A schedule known in one of these ways gives way to one whose instalments are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedBy:
    """Who gives a list, how and when, and what the firm knows: schedules, and Xero's invoices by CM number."""

    source: ScheduleSource
    by: str
    at: datetime
    schedules: tuple[SorSchedule, ...]
    invoices: Mapping[str, XeroInvoice | None]
    policy: Policy


def check_list(lines: Iterable[ListLine], given: ListedBy) -> SorImport:
    """Say what a list would do. The same list once more changes nothing."""
    by_schedule: dict[str, list[ListLine]] = {}
    for line in lines:
        by_schedule.setdefault(line.schedule.strip(), []).append(_with_number(line, given.policy))
    accepted, unchanged, refused, bad = [], [], [], list[BadLine]()
    around = _Around(given, _places(by_schedule), schedules_by_number(given.schedules))
    known = {schedule.schedule_id: schedule for schedule in given.schedules}
    for name, some in by_schedule.items():
        wrong = sorted(_wrong(name, some, around), key=lambda b: b.line)
        if wrong:
            refused.append(name)
            bad += wrong
            continue
        schedule = _schedule(name, some, given)
        if (before := known.get(name)) is not None and _content(before) == _content(schedule):
            unchanged.append(name)
        else:
            accepted.append(_continued(schedule, before, around.on))
    return SorImport(accepted=tuple(accepted), unchanged=tuple(unchanged), refused=tuple(refused), bad=tuple(bad))


ByNumber = Mapping[str, Sequence[SorSchedule]]
"""The schedules of each invoice, by its number."""


def schedules_by_number(schedules: Iterable[SorSchedule]) -> ByNumber:
    """Return the schedules of each invoice."""
    found: dict[str, list[SorSchedule]] = {}
    for schedule in schedules:
        for number in dict.fromkeys(schedule.numbers):
            found.setdefault(number, []).append(schedule)
    return found


def taken_over(accepted: SorSchedule, on: ByNumber) -> tuple[SorSchedule, ...]:
    """Return the schedules that a listed one takes the place of: those that were only marked or derived."""
    theirs = {s.schedule_id: s for number in accepted.numbers for s in on.get(number, ())}
    return tuple(
        s for s in theirs.values() if s.is_running and s.source in _TAKEN_OVER and s.schedule_id != accepted.schedule_id
    )


@dataclass(frozen=True, slots=True)
class _Around:
    """What a line is held against: what the firm knows, where else in the list an invoice stands, and its schedules."""

    given: ListedBy
    places: Mapping[str, Sequence[str]]
    on: ByNumber


def _with_number(line: ListLine, policy: Policy) -> ListLine:
    """Write the invoice's number as Xero does: a list may leave the prefix out."""
    number = line.invoice.strip()
    has_prefix = not number or number.casefold().startswith(policy.invoice_prefix.casefold())
    rest = number[len(policy.invoice_prefix) :] if has_prefix else number
    return replace(line, invoice=f"{policy.invoice_prefix}{rest}" if number else "", schedule=line.schedule.strip())


def _places(by_schedule: Mapping[str, Sequence[ListLine]]) -> Mapping[str, tuple[str, ...]]:
    """Return in which schedules of the list each invoice stands."""
    found: dict[str, dict[str, None]] = {}
    for name, lines in by_schedule.items():
        for line in lines:
            found.setdefault(line.invoice, {})[name] = None
    return {number: tuple(names) for number, names in found.items()}


def _wrong(name: str, lines: Sequence[ListLine], around: _Around) -> Iterator[BadLine]:
    seen: dict[tuple[str, object], int] = {}
    for line in lines:
        for why in (*line.problems, *_wrong_cells(line, around.given), *_wrong_invoice(line, around)):
            yield BadLine(line=line.line, schedule=name, why=why)
        if line.due_on is None or not line.invoice:
            continue
        first = seen.setdefault((line.invoice, line.due_on), line.line)
        if first != line.line:
            why = f"The instalment of {day(line.due_on)} on {line.invoice} stands in line {first} already."
            yield BadLine(line=line.line, schedule=name, why=why)
    if wrong_total := _wrong_total(lines):
        yield BadLine(line=0, schedule=name, why=wrong_total)


def _wrong_cells(line: ListLine, given: ListedBy) -> Iterator[str]:
    if not line.schedule:
        yield "The schedule has no name."
    if not line.invoice:
        yield "There is no invoice number."
    if line.due_on is None and not line.problems:
        yield "There is no due date."
    if line.amount is None and not line.problems:
        yield "There is no amount."
    if line.amount is not None and line.amount.minor <= 0:
        yield f"The amount {line.amount} is not above zero."
    money = (m for m in (line.amount, line.total, line.disbursed) if m is not None)
    if any(m.currency != given.policy.currency for m in money):
        yield f"The amount is not in {given.policy.currency}."
    if line.state is InstalmentState.FAILED and line.retry_on is None:
        yield "A failed instalment needs the date on which Apxium tries again."


def _wrong_invoice(line: ListLine, around: _Around) -> Iterator[str]:
    number, given = line.invoice, around.given
    if not number:
        return
    if number not in given.invoices:
        yield f"Xero has no invoice {number}."
        return
    fact = given.invoices[number]
    if fact is not None and fact.status in DEAD:
        yield f"Invoice {number} is {fact.status.lower()} in Xero."
    if fact is not None and fact.total.currency != given.policy.currency:
        yield f"Invoice {number} is in {fact.total.currency}."
    others = [name for name in around.places[number] if name != line.schedule]
    others += [
        s.schedule_id
        for s in around.on.get(number, ())
        if s.is_running and s.source not in _TAKEN_OVER and s.schedule_id not in {line.schedule, *others}
    ]
    if others:
        yield f"Invoice {number} is on schedule {others[0]} as well."


def _wrong_total(lines: Sequence[ListLine]) -> str:
    stated = {line.total for line in lines if line.total is not None}
    amounts = [line.amount for line in lines if line.amount is not None]
    if len(stated) > 1:
        return "The lines of the schedule state different totals."
    if len({m.currency for m in (*stated, *amounts)}) > 1 or len(amounts) < len(lines):
        # Each line says so by itself.
        return ""
    for one in stated:
        added = total(amounts, one.currency)
        if added != one:
            return f"The instalments add up to {added}, and the total is stated as {one}."
    return ""


def _schedule(name: str, lines: Sequence[ListLine], given: ListedBy) -> SorSchedule:
    instalments = tuple(_instalments(lines))
    failed = [i.retry_on for i in instalments if i.state is InstalmentState.FAILED and i.retry_on is not None]
    disbursed = next((line.disbursed for line in lines if line.disbursed is not None), None)
    return SorSchedule(
        schedule_id=name,
        source=given.source,
        known_at=given.at,
        invoices=tuple(ScheduledInvoice(number=n) for n in dict.fromkeys(line.invoice for line in lines)),
        state=ScheduleState.FAILED if failed else ScheduleState.ACTIVE,
        retry_on=min(failed, default=None),
        instalments=instalments,
        total=total((i.amount for i in instalments), given.policy.currency),
        started_on=min(i.due_on for i in instalments),
        disbursed=disbursed,
        payer=next((line.payer for line in lines if line.payer), ""),
        said_by=given.by,
    )


def _instalments(lines: Sequence[ListLine]) -> Iterable[Instalment]:
    found = (
        Instalment(
            due_on=line.due_on,
            amount=line.amount,
            invoice_number=line.invoice,
            state=line.state,
            retry_on=line.retry_on,
        )
        for line in lines
        if line.due_on is not None and line.amount is not None
    )
    return sorted(found, key=lambda i: (i.due_on, i.invoice_number))


def _content(schedule: SorSchedule) -> object:
    """Return what a list says: the same list says the same, whoever gives it and whatever the watch has seen since."""
    return (schedule.numbers, schedule.instalments, schedule.total, schedule.disbursed, schedule.payer)


def _continued(schedule: SorSchedule, before: SorSchedule | None, on: ByNumber) -> SorSchedule:
    """Let a listed schedule go on with what is known of its invoices, and of itself."""
    others = taken_over(schedule, on)
    known = {i.number: i for s in (*others, *([before] if before else [])) for i in s.invoices}
    schedule = replace(schedule, invoices=tuple(known.get(i.number, i) for i in schedule.invoices))
    if before is None:
        return schedule
    is_ended = not before.is_running
    return replace(
        schedule,
        known_at=before.known_at,
        ticks=before.ticks,
        state=before.state if is_ended else schedule.state,
        ended_at=before.ended_at,
        ended_by=before.ended_by,
        reason=before.reason,
        look_again_at=before.look_again_at,
    )
