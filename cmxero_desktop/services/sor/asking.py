"""Ask Xero once who did what an alert speaks of: a few calls a check, and no check fails for it (S3)."""

import logging
from collections.abc import Callable
from functools import partial

from cmxero_desktop.domain.errors import SignInError, XeroPausedError, XeroUnavailableError
from cmxero_desktop.domain.sor.alerts import SorAlert
from cmxero_desktop.domain.sor.history import history_to_ask, with_answer, without_answer
from cmxero_desktop.services.ports.outside import Outside

_MOST_CALLS = 5

_log = logging.getLogger(__name__)


def ask_who(outside: Outside, may_spend: Callable[[int], bool]) -> None:
    """Ask about alerts that Xero was not asked about, the oldest first; `may_spend` says whether calls are left.

    Where Xero gives no answer the rest waits for the next check.
    """
    with outside.store.read() as unit:
        schedules = unit.sor.schedules()
        wanted = [(alert, of) for alert in unit.sor.alerts() if (of := history_to_ask(alert, schedules)) is not None]
    for alert, of in wanted[:_MOST_CALLS]:
        if not may_spend(1):
            return
        try:
            lines = outside.xero.history(of)
        except XeroPausedError:
            return
        except (SignInError, XeroUnavailableError) as error:
            _log.info("Xero's history of a record could not be read: %s", type(error).__name__)
            _keep(outside, alert, without_answer)
            return
        _keep(outside, alert, partial(with_answer, lines=lines))


def _keep(outside: Outside, asked: SorAlert, change: Callable[[SorAlert], SorAlert]) -> None:
    """Store what was said of an alert as it is by now, unless it speaks of something else meanwhile."""
    with outside.store.begin() as unit:
        now = next((a for a in unit.sor.alerts() if a.key == asked.key), None)
        if now is not None and now.sighting == asked.sighting:
            unit.sor.save_alerts([change(now)])
            unit.commit()
