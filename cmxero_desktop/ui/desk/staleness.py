"""Say why what is shown is too old to apply by, as far as that is known, and what to do: for a band and the bell."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cmxero_desktop.domain.freshness import DataAge, data_age
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.audit import AuditWhat
from cmxero_desktop.services.records.runs import PollOutcome
from cmxero_desktop.services.timetable.planning import is_working
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.failing import FAILURES
from cmxero_desktop.ui.desk.freshness import last_run
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.theme.formatting import since

_UNKNOWN = "no check was made, and it is not known why: this computer may have slept, or the program did not run"


@dataclass(frozen=True, slots=True)
class TooOld:
    """Since when nothing was checked, and why; `is_wanted` where a person or Xero wants it so, and it goes on later."""

    text: str
    is_wanted: bool
    since: datetime


def too_old(content: DeskContent | None, schedule: ScheduleView, now: datetime) -> TooOld | None:
    """Return why the last reading is too old, or None while it is not, or was never made.

    An ended sign-in of which a warning stands says it itself, and so does a schedule that a fault has stopped.
    """
    good = content.view.state.comparison.last_polled_at if content is not None else None
    if content is None or good is None or schedule.still_since is not None:
        return None
    if data_age(good, now, timedelta(minutes=content.settings.poll.interval_min)) is not DataAge.OLD:
        return None
    run, warned = last_run(content), any(alert.kind is AlertKind.SIGN_IN for alert in content.view.alerts)
    if run is not None and run.outcome is PollOutcome.SIGNED_OUT and warned:
        return None
    wanted = _wanted(content, schedule, now)
    why = wanted or _met(content, good, now)
    closed = "What stands here may be incomplete, and Apply is closed until the next good check."
    return TooOld(f"Not checked since {since(good, now)}: {why}. {closed}{_next(schedule, now)}", bool(wanted), good)


def _wanted(content: DeskContent, schedule: ScheduleView, now: datetime) -> str:
    """Return what keeps checks from being made on purpose."""
    pause, poll = content.view.state.allowance.pause, content.settings.poll
    if schedule.is_paused:
        until = schedule.paused_until
        return f"checking is paused{f' until {since(until, now)}' if until else ''} (Resume is under Pause, F9)"
    if pause is not None and pause.is_on(now):
        return f"Xero wants to be left alone until {since(pause.until, now)}, because {pause.because}"
    if not is_working(now, poll, now.astimezone().tzinfo or UTC):
        return "this is outside the hours and days in which Xero is checked (Settings, Checking)"
    return ""


def _met(content: DeskContent, good: datetime, now: datetime) -> str:
    """Return what checks met since the last good one, or what History says of those that were not made."""
    run = last_run(content)
    if run is not None and run.finished_at > good and run.outcome is not PollOutcome.DONE:
        reason = (run.reason or FAILURES.get(run.outcome, "no check came about")).rstrip(".")
        return f"the last try, at {since(run.finished_at, now)}, did not come about: {reason}"
    entries = (entry.event for entry in content.view.history if entry.event.what is AuditWhat.SKIPPED_RUN)
    newest = max((event for event in entries if event.at > good), key=lambda event: event.at, default=None)
    return newest.reason.rstrip(".") if newest is not None else _UNKNOWN


def _next(schedule: ScheduleView, now: datetime) -> str:
    at = schedule.next_check_at
    return f" The next is due {since(at, now)}." if at is not None and at > now else " Check now (F5)."
