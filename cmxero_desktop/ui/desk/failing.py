"""Say since when no check of Xero comes about, and why: for the window's band, the bell, the tray and its notices."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.runs import PollOutcome, PollRun
from cmxero_desktop.services.viewing.kept_view import RUNS_SHOWN
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.theme.formatting import since

FAILURES = {
    PollOutcome.OFFLINE: "No connection to Xero.",
    PollOutcome.BROKEN: "Xero does not answer as it should.",
    PollOutcome.SIGNED_OUT: "Signed out of Xero.",
    PollOutcome.AWAY: "Case Manager cannot be reached.",
    PollOutcome.OTHER_BOOKS: "The settings lead elsewhere.",
    PollOutcome.FAILED: "The last check failed.",
}
"""Checks that were wanted and did not come about; one that was put off, paused or made elsewhere is no failure."""

FAILED_RUNS = 2
FAILING_FOR = timedelta(minutes=5)
"""The first retries follow within seconds: a moment without network is no news."""


def failed_in_a_row(content: DeskContent | None) -> list[PollRun]:
    """Return the checks that failed since the last one that worked, newest first."""
    runs = content.view.runs if content is not None else ()
    tried = [run for run in runs if run.outcome is PollOutcome.DONE or run.outcome in FAILURES]
    newest_first = sorted(tried, key=lambda run: run.finished_at, reverse=True)
    return list(takewhile(lambda run: run.outcome is not PollOutcome.DONE, newest_first))


def failing_since(content: DeskContent, failed: Sequence[PollRun]) -> datetime:
    """Return since when checks fail; `failed` are those of `failed_in_a_row`, of which there are some.

    Only the newest runs are known. Where none of them worked it began before them: then it is the last good check.
    """
    begun, good = failed[-1].started_at, content.view.state.comparison.last_polled_at
    runs = content.view.runs
    is_older = len(runs) >= RUNS_SHOWN and all(run.outcome is not PollOutcome.DONE for run in runs)
    return min(begun, good) if is_older and good is not None else begun


def is_failing(content: DeskContent | None, now: datetime) -> bool:
    """Say whether checks fail for so long that a person should know."""
    failed = failed_in_a_row(content)
    return len(failed) >= FAILED_RUNS and now - failed[-1].started_at >= FAILING_FOR


def unchecked(content: DeskContent | None, schedule: ScheduleView, now: datetime) -> str:
    """Return that nothing is checked, since when, why, and what stands in the window meanwhile; nothing if it is.

    An ended sign-in of which a warning stands says all of that itself.
    """
    good = content.view.state.comparison.last_polled_at if content is not None else None
    shown = f" What stands here is from {since(good, now)}." if good else ""
    if schedule.still_since is not None:
        stopped = f"Nothing has been checked since {since(schedule.still_since, now)}: the schedule stopped."
        return f"{stopped}{shown} Check by hand, or quit and start again."
    if content is None or not is_failing(content, now):
        return ""
    failed = failed_in_a_row(content)
    is_signed_out = failed[0].outcome is PollOutcome.SIGNED_OUT
    if is_signed_out and any(alert.kind is AlertKind.SIGN_IN for alert in content.view.alerts):
        return ""
    return (
        f"Checks of Xero have failed since {since(failing_since(content, failed), now)}. {FAILURES[failed[0].outcome]}"
        f"{shown}{_goes_on(failed[0].outcome, schedule, now)}"
    )


def _goes_on(outcome: PollOutcome, schedule: ScheduleView, now: datetime) -> str:
    """Say what happens next: a sign-in is a person's, all else is tried again."""
    if outcome is PollOutcome.SIGNED_OUT:
        return " Sign in again: File, Connection to Xero."
    at = schedule.next_check_at
    return f" It is tried again at {since(at, now)}." if at else " Check again by hand."
