"""Keep whether the firm's totals agree, as each comparison finds it, and end what was accepted otherwise (R24a)."""

from datetime import datetime

from cmxero_desktop.domain.firm_totals import find_totals
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.correlation.firm_sums import FirmSums
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.records.alerts import TOTALS_KEY, Alert, AlertKind
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.totals import AcceptedTotals, FirmTotals


def keep_totals(unit: UnitOfWork, sums: FirmSums, policy: Policy, now: datetime) -> list[Alert]:
    """Store what is found of the totals, and return the alert of it, unless a person accepted that it is so."""
    finding = find_totals(sums.pairs.values(), policy, agreeing=sums.agreeing)
    before = unit.polling.state().totals
    accepted = before.accepted
    if accepted is not None and (finding is None or not accepted.finding.covers(finding)):
        unit.audit.append([_ended(accepted, str(finding or "Both sides' totals agree."), now)])
        accepted = None
    after = FirmTotals(finding=finding, accepted=accepted)
    if after != before:
        unit.polling.save_totals(after)
    if finding is None or accepted is not None:
        return []
    return [
        Alert(
            key=TOTALS_KEY,
            kind=AlertKind.TOTALS,
            rule=Rule.R24A,
            explanation=str(finding),
            next_step=finding.next_step,
            raised_at=now,
        )
    ]


def _ended(accepted: AcceptedTotals, found: str, now: datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        by="program",
        what=AuditWhat.TOTALS_REOPENED,
        reason=f"{found} {accepted.by} had accepted: {accepted.finding}",
        rule=Rule.R24A,
    )
