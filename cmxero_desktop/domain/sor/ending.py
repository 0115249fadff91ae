"""After a schedule ended early: what is outstanding again, and what the firm adjusts in its own books (S9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import Side, XeroInvoice
from cmxero_desktop.domain.sor.alerts import SorAlert, SorAlertState, SorKind
from cmxero_desktop.domain.sor.board import Ending, EndingItem
from cmxero_desktop.domain.sor.parked import parked_on
from cmxero_desktop.domain.sor.schedules import ENDED_EARLY, ScheduledInvoice, SorSchedule
from cmxero_desktop.domain.sor.sighting import Watched, WatchedInvoice, owed_on, written_of

RECOUPED = "recouped"
"""The item that is ticked once Apxium's debit is entered."""


def ending_of(schedule: SorSchedule, watched: Watched, alerts: Iterable[SorAlert], policy: Policy) -> Ending | None:
    """Return the list to work through; None where the schedule did not end early."""
    if schedule.state not in ENDED_EARLY:
        return None
    items = [
        *_outstanding(schedule, watched, policy),
        *_recouped(schedule, watched, policy),
        *(_outside(alert) for alert in alerts if alert.schedule_id == schedule.schedule_id and _stood(alert)),
    ]
    return Ending(schedule=schedule, items=tuple(replace(item, tick=schedule.ticks.get(item.key)) for item in items))


def _outstanding(schedule: SorSchedule, watched: Watched, policy: Policy) -> Iterator[EndingItem]:
    for invoice in schedule.invoices:
        each = watched.get(invoice.number)
        fact = each.snapshot.xero_invoice if each is not None else None
        if each is not None and fact is not None and owed_on(fact).minor > 0:
            parked = [p.amount for p in parked_on([each], policy) if p.amount.currency == fact.due.currency]
            apart = _apart(schedule, invoice, each, fact, policy)
            yield EndingItem(
                key=f"outstanding:{invoice.number}",
                invoice_number=invoice.number,
                words=(
                    f"{invoice.number} is owed to the firm again, by {fact.contact_name or 'the client'}{apart}: "
                    "nothing is entered in Xero or Case Manager for that; ask for it, and tick this once you have "
                    "asked. "
                    f"Its payment comes to Review like any other.{_whose(parked)}"
                ),
                amount=fact.due,
            )


def _whose(parked: Sequence[Money]) -> str:
    """Say that a payment which lowers what is owed may be somebody else's."""
    if not parked:
        return ""
    amount = total(parked, parked[0].currency)
    return (
        f" But {amount} of what is paid here is parked as not allocated: see first in Apxium whose it is; if it is "
        "another's, ask for that much more."
    )


def _apart(
    schedule: SorSchedule, invoice: ScheduledInvoice, watched: WatchedInvoice, fact: XeroInvoice, policy: Policy
) -> str:
    """Say why another sum is owed on an invoice than its instalments left: this one and what is taken back differ."""
    share, due = schedule.share_of(invoice.number), fact.due
    written = [p.amount for p in written_of(invoice, watched, policy)]
    if share is None or not schedule.knows_share_of(invoice.number):
        return ""
    if any(amount.currency != due.currency for amount in (share, *written)):
        return ""
    left = share - total(written, due.currency)
    if left.minor < 0:
        return ""
    if left.minor > due.minor:
        # A schedule may come to more than its invoice.
        why = "paid or credited otherwise" if share.minor <= fact.total.minor else "that the invoice does not owe"
        return f" ({left} of its instalments, less {left - due} {why})"
    return f" ({left} of its instalments, and {due - left} that was in none)" if left.minor < due.minor else ""


def _recouped(schedule: SorSchedule, watched: Watched, policy: Policy) -> Iterator[EndingItem]:
    """Name what Apxium takes back: what it paid out, less the instalments that it got."""
    first = schedule.numbers[0] if schedule.numbers else ""
    written = total(
        (
            p.amount
            for i in schedule.invoices
            if i.number in watched
            for p in written_of(i, watched[i.number], policy)
            if p.amount.currency == policy.currency
        ),
        policy.currency,
    )
    paid_out = schedule.disbursed or schedule.total
    left = None if paid_out is None or paid_out.currency != policy.currency else paid_out - written
    if left is None or left.minor > 0:
        yield EndingItem(
            key=RECOUPED,
            invoice_number=first,
            words=(
                f"Apxium takes back what it paid out and did not get{_taken_back(paid_out, written)}: enter its debit "
                "against the SOR clearing account, whose balance for this schedule is 0.00 afterwards."
            ),
            amount=left,
        )


def _taken_back(paid_out: Money | None, written: Money) -> str:
    if paid_out is None or paid_out.currency != written.currency or not written.minor:
        return ""
    return f" ({paid_out} less {written} that came in instalments)"


def _stood(alert: SorAlert) -> bool:
    """Say whether it was still there when the schedule ended."""
    return alert.state is SorAlertState.CLOSED and alert.removed_on is None


def _outside(alert: SorAlert) -> EndingItem:
    """Say what becomes of what was outside the schedule when it ended."""
    words = {
        SorKind.DISBURSEMENT: "Reverse the firm's own receipt of the disbursement: the invoice was not paid by it.",
        SorKind.INSTALMENT_DELETED: "See with Apxium whether the deleted instalment counts, and enter it again if so.",
        SorKind.VOIDED: "Issue the invoice again, if it is still owed.",
        SorKind.CASE_ADJUSTMENT: "See whether the adjustment in Case Manager is still right.",
    }
    usual = "See that Apxium has synced it: now it may stay, where the invoice has room."
    if alert.evidence.side is Side.CASE_MANAGER and alert.kind is SorKind.CASE_PAYMENT:
        usual = "Link the payment typed in Case Manager to Xero's, or take it out."
    return EndingItem(
        key=f"outside:{alert.key}",
        invoice_number=alert.invoice_number,
        words=f"{alert.invoice_number}, {alert.evidence.name}: {words.get(alert.kind, usual)}",
        amount=alert.amount,
    )
