"""Run the checks of the doctor: what one returns was seen; what it raises becomes a sentence and what to do."""

import logging
from collections.abc import Callable, Mapping

from cmxero_desktop.domain.errors import CaseManagerError, DeskError
from cmxero_desktop.services.records.reports import HealthCheck

_UNFORESEEN = "Make a diagnostics bundle and send it to whoever supports the program."
_log = logging.getLogger(__name__)


def diagnose(checks: Mapping[str, Callable[[], str]]) -> tuple[HealthCheck, ...]:
    """Run each check; what it returns was seen, what it raises is what is wrong and what to do about it."""
    return tuple(_check(name, check) for name, check in checks.items())


def _check(name: str, check: Callable[[], str]) -> HealthCheck:
    try:
        return HealthCheck(name=name, is_good=True, seen=check())
    except CaseManagerError as error:
        return HealthCheck(
            name=name, is_good=False, seen=" ".join((error.message, *error.problems)), remedy=error.remedy
        )
    except DeskError as error:
        return HealthCheck(name=name, is_good=False, seen=error.message, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - one check that fails must not hide the others
        _log.exception("A check of the doctor failed in a way that nobody foresaw")
        seen = f"It could not be looked at ({type(error).__name__})."
        return HealthCheck(name=name, is_good=False, seen=seen, remedy=_UNFORESEEN)
