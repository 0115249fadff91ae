"""Say how a check ended that something ended: as which outcome, and in which words, foreseen or not."""

import logging

from cmxero_desktop.domain.errors import (
    CaseManagerAwayError,
    CheckedElsewhereError,
    DeskError,
    OtherDatabaseError,
    OtherOrganisationError,
    SignInError,
    XeroOfflineError,
    XeroPausedError,
    XeroUnavailableError,
)
from cmxero_desktop.domain.ways import way
from cmxero_desktop.services.records.runs import PollOutcome

_log = logging.getLogger(__name__)

_OUTCOMES: tuple[tuple[type[DeskError], PollOutcome], ...] = (
    (XeroPausedError, PollOutcome.PAUSED),
    (XeroOfflineError, PollOutcome.OFFLINE),
    (XeroUnavailableError, PollOutcome.BROKEN),
    (SignInError, PollOutcome.SIGNED_OUT),
    (CheckedElsewhereError, PollOutcome.ELSEWHERE),
    (CaseManagerAwayError, PollOutcome.AWAY),
    (OtherDatabaseError, PollOutcome.OTHER_BOOKS),
    (OtherOrganisationError, PollOutcome.OTHER_BOOKS),
)


def ended_by(error: Exception) -> tuple[PollOutcome, str]:
    """Return the outcome and the reason for a person; the trace of what nobody foresaw goes to the log.

    The words of an error that is not of our family stay out: they may hold anything.
    """
    if isinstance(error, DeskError):
        _log.info("The check ended early: %s", error)
        return next((outcome for kind, outcome in _OUTCOMES if isinstance(error, kind)), PollOutcome.FAILED), str(error)
    _log.error("The check met something that nobody foresaw", exc_info=error)
    what = f"The check met something that this program does not expect ({type(error).__name__})."
    remedy = f"Check again; if it stays, make the diagnostics file ({way('Health', 'diagnostics')}) for your support."
    return PollOutcome.FAILED, f"{what} Case Manager was not changed. {remedy}"
