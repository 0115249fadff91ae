"""Keep that a person accepts how the firm's totals differ: additions go in bulk again, until that changes (R24a)."""

from dataclasses import replace

from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.proposals import OPEN_STATES
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.ways import way
from cmxero_desktop.services.correlation.correlating import correlate_again
from cmxero_desktop.services.correlation.moment import current_moment
from cmxero_desktop.services.correlation.situations import demand, ensure_approves, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.records.alerts import TOTALS_KEY
from cmxero_desktop.services.records.audit import AuditEvent, AuditWhat
from cmxero_desktop.services.records.totals import AcceptedTotals


def accept_totals(outside: Outside, *, by: str, reason: str, shown: str) -> str:
    """Accept what the last comparison found of the totals, judge the firm again, and return it as a sentence.

    `shown` is the code of what somebody saw. Raises NotAllowedError where there is nothing to accept, where something
    else was found since, or no reason is given.
    """
    with outside.store.begin() as unit:
        situation = situation_of(unit, outside.settings_file.load(), outside.clock())
        demand(Action.EXPLAIN, by, situation, reason=reason)
        # Additions go in bulk by it.
        ensure_approves(situation.office, by)
        totals, now = unit.polling.state().totals, outside.clock()
        if totals.finding is None:
            message = "The totals of both sides agree, as far as they were compared: there is nothing to accept."
            raise NotAllowedError(message, "Check Xero first, if they should differ.")
        if totals.accepted is not None:
            message = f"{totals.accepted.by} accepted it already."
            raise NotAllowedError(message, "It is asked again when it changes.")
        finding = totals.finding
        if shown.strip().upper() != finding.code:
            message = f"The totals differ otherwise than was shown: {finding}"
            raise NotAllowedError(message, f"Look at it again ({way('the band above the pages', 'list alerts')}).")
        accepted = AcceptedTotals(finding=finding, by=by, at=now, reason=reason)
        unit.polling.save_totals(replace(totals, accepted=accepted))
        unit.alerts.clear([TOTALS_KEY])
        event = AuditEvent(at=now, by=by, what=AuditWhat.TOTALS_ACCEPTED, reason=reason, rule=Rule.R24A)
        unit.audit.append([replace(event, evidence={"found": str(finding)})])
        waiting = {stored.proposal.invoice_number for stored in unit.proposals.in_states(OPEN_STATES)}
        unit.commit()
    correlate_again(outside, current_moment(outside), waiting)
    return f"Accepted: {finding}"
