"""Foresee the end of a sign-in that nobody uses: Xero forgets it sixty days after it was last renewed."""

from datetime import datetime, timedelta

from cmxero_desktop.domain.freshness import AHEAD_AT_MOST
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.alerts import Alert, AlertKind
from cmxero_desktop.services.records.runs import PollState

_LIFE = timedelta(days=60)
_RENEW_AFTER = timedelta(days=6)
_WARN_AT_DAYS = (2, 7)
_NEXT_STEP = "Sign in to Xero again, or let the program check once: a check renews the sign-in."


def sign_in_ends_at(state: PollState) -> datetime | None:
    """Return when the sign-in ends if it is not used before (aware UTC); None for one that does not age."""
    return state.sign_in.renewed_at + _LIFE if state.sign_in.renewed_at else None


def is_renewal_due(state: PollState, now: datetime) -> bool:
    """Say whether the sign-in should be renewed although nothing is read: about weekly."""
    return state.sign_in.renewed_at is not None and _is_old(state.sign_in.renewed_at, now)


def is_own_renewal_due(state: PollState, own_renewed_at: datetime | None, now: datetime) -> bool:
    """Say the same of the sign-in of this desktop, which may be another than that of the desktop that checks."""
    return state.sign_in.renewed_at is not None and (own_renewed_at is None or _is_old(own_renewed_at, now))


def _is_old(renewed_at: datetime, now: datetime) -> bool:
    """Say whether that was a week ago; what a clock that was ahead noted says nothing of when it was (R35)."""
    return not -AHEAD_AT_MOST <= now - renewed_at < _RENEW_AFTER


def ending_alert(state: PollState, now: datetime) -> Alert | None:
    """Return the warning that the sign-in ends soon: from seven days before, and another from two days before."""
    ends_at = sign_in_ends_at(state)
    if ends_at is None:
        return None
    days = max(0, (ends_at - now).days)
    warned = next((limit for limit in _WARN_AT_DAYS if ends_at - now <= timedelta(days=limit)), None)
    if warned is None:
        return None
    when = "has ended" if ends_at <= now else f"ends in {days} days" if days > 1 else "ends within a day or two"
    return Alert(
        key=f"sign-in-ends-{warned}",
        kind=AlertKind.SIGN_IN,
        rule=Rule.SIGN_IN,
        explanation=f"The sign-in to Xero {when}: it was last used on {day((state.sign_in.renewed_at or now).date())}.",
        next_step=_NEXT_STEP,
        raised_at=now,
    )
