"""Keep the sign-in alive in the hours and weeks in which nothing is checked."""

import logging
from dataclasses import replace

from cmxero_desktop.domain.errors import DeskError, SignInError
from cmxero_desktop.services.connecting.sign_in_age import is_own_renewal_due, is_renewal_due
from cmxero_desktop.services.connecting.sign_in_alerts import raise_sign_in_alerts
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.xero import XeroSignIn
from cmxero_desktop.services.records.runs import PollOutcome

_log = logging.getLogger(__name__)


def renew_sign_in(outside: Outside, sign_in: XeroSignIn) -> None:
    """Renew a sign-in that was not used for about a week, and warn where it nears its end. Raises StoreError.

    A desktop that leaves checking to another one has a sign-in of its own, which nothing else keeps alive.
    """
    with outside.store.read() as unit:
        state = unit.polling.state()
    outcome, reason = PollOutcome.PUT_OFF, ""
    if is_renewal_due(state, outside.clock()):
        renewed_at = outside.clock()
        try:
            sign_in.renew()
        except SignInError as error:
            outcome, reason = PollOutcome.SIGNED_OUT, str(error)
        except DeskError as error:
            # No network, or no keyring now: the next time will do, and the warning comes from the date.
            reason = str(error)
        else:
            with outside.store.begin() as unit:
                state = unit.polling.state()
                state = replace(state, sign_in=state.sign_in.renewed(renewed_at))
                unit.polling.save_sign_in(state.sign_in)
                unit.commit()
    elif is_own_renewal_due(state, sign_in.renewed_at, outside.clock()):
        try:
            sign_in.renew()
        except DeskError as error:
            # Whoever checks is signed in, so this is no warning for everybody; it tells when it has to take over.
            _log.info("The sign-in of this desktop could not be renewed: %s", error)
    raise_sign_in_alerts(outside.store, state, outcome, reason, outside.clock())
