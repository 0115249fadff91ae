"""Word an alert as an event of the audit trail."""

from datetime import datetime

from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat


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
