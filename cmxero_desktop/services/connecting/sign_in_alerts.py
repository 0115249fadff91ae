"""Raise and clear what stands about the sign-in to Xero."""

from datetime import datetime

from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.services.connecting.sign_in_age import ending_alert
from cmxero_desktop.services.correlation.alert_events import alert_event
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollOutcome, PollState

_SIGNED_OUT = "signed-out"


def raise_sign_in_alerts(store: Store, state: PollState, outcome: PollOutcome, reason: str, now: datetime) -> None:
    """Warn that the sign-in has ended or will end; a check that worked clears both."""
    with store.begin() as unit:
        standing = {alert.key for alert in unit.alerts.standing() if alert.kind is AlertKind.SIGN_IN}
        ending = ending_alert(state, now)
        wanted = [ending] if ending is not None else []
        if outcome is PollOutcome.SIGNED_OUT:
            wanted.append(_signed_out(reason, now))
        elif outcome is not PollOutcome.DONE and _SIGNED_OUT in standing:
            # A check that did not get as far as the sign-in says nothing about it.
            standing.remove(_SIGNED_OUT)
        unit.alerts.clear(standing - {alert.key for alert in wanted})
        new = unit.alerts.raise_new(wanted)
        unit.audit.append(alert_event(alert, now) for alert in new)
        unit.commit()


def _signed_out(reason: str, now: datetime) -> Alert:
    return Alert(
        key=_SIGNED_OUT,
        kind=AlertKind.SIGN_IN,
        rule=Rule.SIGN_IN,
        explanation=reason,
        # The reason says already what to do.
        next_step="Until then Xero is not checked.",
        raised_at=now,
    )
