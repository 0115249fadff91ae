"""Tell of invoices whose number only looks like a CM number, since their payments are not compared (R1)."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.near_numbers import NearNumbers
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import DEAD, near_number
from cmxero_desktop.domain.wording_skipped import has_near
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import Alert, AlertKind

_NONE = NearNumbers(frozenset())


def tell_lookalikes(
    unit: UnitOfWork, invoices: Iterable[XeroInvoice], tracked: Collection[XeroInvoiceId], policy: Policy, now: datetime
) -> frozenset[str]:
    """Raise an alert for each of a page, and clear those whose invoice was corrected; return the keys that stand.

    One that is `tracked` is a CM invoice, whatever number it bears by now.
    """
    invoices = tuple(invoices)
    others = [i for i in invoices if i.invoice_id not in tracked and i.status not in DEAD]
    standing = _standing(unit)
    found = [_alert(i, standing.get(_key(i)), policy, now) for i in others if near_number(i.number, policy)]
    numbers = {alert.key: alert.invoice_number for alert in found}
    # One whose number is another one by now is another warning: it is told anew.
    unit.alerts.clear(
        key for i in invoices if (key := _key(i)) in standing and numbers.get(key) != standing[key].invoice_number
    )
    unit.audit.append(alert_event(alert, now) for alert in unit.alerts.raise_new(found))
    return frozenset(numbers)


def forget_lookalikes(unit: UnitOfWork, kept: Collection[str]) -> None:
    """Clear the alerts that a full list gives no reason for any more; `kept` are the keys that it does."""
    unit.alerts.clear(_standing(unit).keys() - set(kept))


def name_near_invoices(unit: UnitOfWork, near: NearNumbers, policy: Policy) -> None:
    """Let each alert say whether Case Manager has an invoice of that number."""
    standing = _standing(unit).values()
    if standing:
        unit.alerts.raise_new(_worded(alert, near, policy) for alert in standing)


def _standing(unit: UnitOfWork) -> dict[str, Alert]:
    return {alert.key: alert for alert in unit.alerts.standing() if alert.kind is AlertKind.LOOKS_LIKE_CM}


def _key(invoice: XeroInvoice) -> str:
    return f"looks-like:{invoice.invoice_id}"


def _alert(invoice: XeroInvoice, standing: Alert | None, policy: Policy, now: datetime) -> Alert:
    """Return the alert about an invoice; one that stands keeps what it says of Case Manager."""
    if standing is not None and standing.invoice_number == invoice.number:
        return replace(standing, amount=invoice.total)
    alert = Alert(
        key=_key(invoice),
        kind=AlertKind.LOOKS_LIKE_CM,
        rule=Rule.R1,
        explanation="",
        next_step="",
        raised_at=now,
        invoice_number=invoice.number,
        amount=invoice.total,
    )
    return _worded(alert, _NONE, policy)


def _worded(alert: Alert, near: NearNumbers, policy: Policy) -> Alert:
    """Word an alert with what Case Manager has of that number."""
    number = near_number(alert.invoice_number, policy)
    there = near.near(number)
    has = f" {has_near(there)}" if there else ""
    return replace(
        alert,
        explanation=(
            f'Invoice "{alert.invoice_number}" looks like a CM invoice.{has} '
            f"Its number does not begin with exactly {policy.invoice_prefix}, so its payments are not compared."
        ),
        next_step=f"If it is one, give it the number {policy.invoice_prefix}{there or number} in Xero.",
    )
