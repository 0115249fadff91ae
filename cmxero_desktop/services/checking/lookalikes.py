"""Tell of invoices whose number only looks like a CM number, since their payments are not compared (R1)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import XeroInvoice
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.scope import near_number
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.correlation.snapshots import DEAD
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import Alert, AlertKind


def tell_lookalikes(
    unit: UnitOfWork, invoices: Iterable[XeroInvoice], tracked: Collection[XeroInvoiceId], policy: Policy, now: datetime
) -> frozenset[str]:
    """Raise an alert for each of a page, and clear those whose invoice was corrected; return the keys that stand.

    One that is `tracked` is a CM invoice, whatever number it bears by now.
    """
    invoices = tuple(invoices)
    others = [i for i in invoices if i.invoice_id not in tracked and i.status not in DEAD]
    found = [_alert(i, policy, now) for i in others if near_number(i.number, policy)]
    keys = frozenset(alert.key for alert in found)
    unit.alerts.clear(_standing(unit) & {_key(i) for i in invoices} - keys)
    unit.audit.append(alert_event(alert, now) for alert in unit.alerts.raise_new(found))
    return keys


def forget_lookalikes(unit: UnitOfWork, kept: Collection[str]) -> None:
    """Clear the alerts that a full list gives no reason for any more; `kept` are the keys that it does."""
    unit.alerts.clear(_standing(unit) - set(kept))


def _standing(unit: UnitOfWork) -> set[str]:
    return {alert.key for alert in unit.alerts.standing() if alert.kind is AlertKind.LOOKS_LIKE_CM}


def _key(invoice: XeroInvoice) -> str:
    return f"looks-like:{invoice.invoice_id}"


def _alert(invoice: XeroInvoice, policy: Policy, now: datetime) -> Alert:
    near = near_number(invoice.number, policy)
    return Alert(
        key=_key(invoice),
        kind=AlertKind.LOOKS_LIKE_CM,
        rule=Rule.R1,
        explanation=(
            f'Invoice "{invoice.number}" looks like a CM invoice, perhaps number {near} of Case Manager. '
            f"Its number does not begin with exactly {policy.invoice_prefix}, so its payments are not compared."
        ),
        next_step=f"If it is one, give it the number {policy.invoice_prefix}{near} in Xero.",
        raised_at=now,
        invoice_number=invoice.number,
        amount=invoice.total,
    )
