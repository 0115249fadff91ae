"""Word an alert as an event of the audit trail."""

from datetime import datetime

from cmxero_desktop.domain.identifiers import XeroInvoiceId
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat


def renumbering_key(invoice_id: XeroInvoiceId, number: str) -> str:
    """Return the key of the alert that an invoice bears another number by now, which may be empty (R1)."""
    return f"renumbered:{invoice_id}:{number}"


def alert_event(alert: Alert, now: datetime) -> AuditEvent:
    """Return the event that says an alert was raised."""
    return AuditEvent(
        at=now,
        by="program",
        what=AuditWhat.ALERT,
        invoice_number=alert.invoice_number,
        case_payment_id=alert.case_payment_id,
        reason=alert.explanation,
        rule=alert.rule,
    )
