"""Write checks that were not made into History, so that none is left out in silence."""

from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.runs import MissedChecks


def note_missed(outside: Outside, missed: MissedChecks) -> None:
    """Append one entry for checks that were due and not made. Raises StoreError."""
    checks = "1 check was" if missed.count == 1 else f"{missed.count} checks were"
    evidence = {
        "checks": str(missed.count),
        "first_due": missed.first_at.isoformat(),
        "last_due": missed.last_at.isoformat(),
    }
    with outside.store.begin() as unit:
        unit.audit.append(
            [
                AuditEvent(
                    at=outside.clock(),
                    by="program",
                    what=AuditWhat.SKIPPED_RUN,
                    reason=f"{checks} not made: {missed.why}",
                    evidence=evidence,
                )
            ]
        )
        unit.commit()
