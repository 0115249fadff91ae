"""Put together what is shown of the watch, from its memory and the facts of the last check."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.scope import DEAD
from cmxero_desktop.domain.sor.alerts import SorAlert, SorAlertState
from cmxero_desktop.domain.sor.board import ClearingBalance, Ending, SorBoard, SorRow
from cmxero_desktop.domain.sor.clearing import clearing_check
from cmxero_desktop.domain.sor.ending import ending_of
from cmxero_desktop.domain.sor.knowing import WatchedInvoices, watched_by
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice, SorSchedule
from cmxero_desktop.domain.sor.sighting import (
    MONEY_KINDS,
    Watched,
    WatchedInvoice,
    owed_on,
    written_for_others,
    written_of,
)
from cmxero_desktop.domain.sor.watching import SorMemory

_ORDER = (SorAlertState.OPEN, SorAlertState.PASSED, SorAlertState.CLEARED, SorAlertState.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a board is made of beside the memory."""

    invoices: tuple[WatchedInvoice, ...]
    balance: ClearingBalance | None
    policy: Policy
    today: date


def board_of(memory: SorMemory, shown: Shown) -> SorBoard:
    """Return everything that tab, banner and lists show; nothing where no schedule is known."""
    if not memory.schedules:
        return SorBoard(today=shown.today)
    alerts = tuple(sorted(memory.alerts, key=_urgency))
    by_schedule: dict[str, list[SorAlert]] = {}
    for alert in alerts:
        by_schedule.setdefault(alert.schedule_id, []).append(alert)
    index = WatchedInvoices.of(shown.invoices, memory.schedules)
    rows: list[SorRow] = []
    endings: list[Ending | None] = []
    for schedule in memory.schedules:
        watched, own = watched_by(schedule, index), by_schedule.get(schedule.schedule_id, [])
        rows += _rows(schedule, own, watched, shown.policy)
        endings.append(ending_of(schedule, watched, own, shown.policy))
    return SorBoard(
        today=shown.today,
        rows=tuple(sorted(rows, key=lambda r: (not _has_standing(r), not r.schedule.is_running, r.invoice_number))),
        alerts=alerts,
        clearing=clearing_check(memory.schedules, shown.invoices, shown.balance, shown.policy),
        endings=tuple(ending for ending in endings if ending is not None),
    )


def _urgency(alert: SorAlert) -> tuple[int, date, date, str]:
    """Sort what stands before what ended, the soonest debit first, and the newest end first."""
    standing = _ORDER.index(alert.state)
    ended = date.min + (date.max - alert.ended_on) if alert.ended_on else date.min
    return (standing, alert.debit_on or date.max, ended, alert.key)


def _has_standing(row: SorRow) -> bool:
    return any(alert.is_standing for alert in row.alerts)


def _rows(schedule: SorSchedule, alerts: Iterable[SorAlert], watched: Watched, policy: Policy) -> Iterator[SorRow]:
    by_number: dict[str, list[SorAlert]] = {}
    for alert in alerts:
        by_number.setdefault(alert.invoice_number, []).append(alert)
    for invoice in schedule.invoices:
        own = tuple(by_number.get(invoice.number, ()))
        row = _row(schedule, invoice, watched.get(invoice.number), own, policy)
        if schedule.total is None or schedule.knows_share_of(invoice.number):
            yield row
        else:
            yield replace(row, is_shared=True, schedule_written=_written_of_all(schedule, watched, row, policy))


def _row(
    schedule: SorSchedule,
    invoice: ScheduledInvoice,
    watched: WatchedInvoice | None,
    alerts: tuple[SorAlert, ...],
    policy: Policy,
) -> SorRow:
    snapshot = watched.snapshot if watched else None
    fact = snapshot.xero_invoice if snapshot else None
    case = snapshot.case_invoice if snapshot else None
    currency = fact.total.currency if fact else policy.currency
    written = [
        p.amount for p in (written_of(invoice, watched, policy) if watched else ()) if p.amount.currency == currency
    ]
    for_others = [p.amount for p in (written_for_others(watched) if watched else ()) if p.amount.currency == currency]
    there = [a for a in alerts if a.is_standing and a.removed_on is None]
    outside = [a.amount for a in there if a.kind in MONEY_KINDS and a.amount.currency == currency]
    return SorRow(
        schedule=schedule,
        invoice_number=invoice.number,
        bill_to=(case.bill_to if case else "") or (fact.contact_name if fact else "") or schedule.payer,
        total=schedule.share_of(invoice.number),
        written=total(written, currency),
        written_count=len(written),
        written_for_others=total(for_others, currency),
        outside=total(outside, currency),
        other_changes=sum(a.kind not in MONEY_KINDS for a in there),
        due=owed_on(fact) if fact else None,
        alerts=alerts,
        home=policy.currency,
        invoice_total=fact.total if fact else None,
        is_void=fact is not None and fact.status in DEAD,
    )


def _written_of_all(schedule: SorSchedule, watched: Watched, row: SorRow, policy: Policy) -> Money:
    """Add up the instalments of all invoices of a schedule, as far as they are of one currency."""
    currency = row.written.currency
    every = ((i, watched[i.number]) for i in schedule.invoices if i.number in watched)
    payments = (p.amount for i, each in every for p in written_of(i, each, policy))
    return total((amount for amount in payments if amount.currency == currency), currency)
