"""Say how fresh the data is, and what state the tray shows, from the view, the schedule and the clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cmxero_desktop.services.records import PollOutcome, PollRun
from cmxero_desktop.ui.content import DeskContent
from cmxero_desktop.ui.formatting import clock_time, plural, since
from cmxero_desktop.ui.look import Tone
from cmxero_desktop.ui.schedule import ScheduleView

_STALE_AFTER_INTERVALS = 2


class TrayState(StrEnum):
    """What the tray icon says, each by a shape of its own."""

    UP_TO_DATE = "up to date"
    WAITING = "waiting"
    ATTENTION = "needs attention"
    NOT_CHECKING = "not checking"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The freshness line, its colour, and whether the data is fresh enough to apply."""

    text: str
    tone: Tone
    is_fresh: bool


def last_run(content: DeskContent) -> PollRun | None:
    """Return the run that ended last."""
    return max(content.view.runs, key=lambda run: run.finished_at, default=None)


def freshness_of(content: DeskContent | None, schedule: ScheduleView, now: datetime, *, is_checking: bool) -> Freshness:
    """Return the freshness line."""
    checked_at = content.view.state.last_polled_at if content else None
    if content is None or checked_at is None:
        text = "Checking Xero for the first time…" if is_checking else "Not checked yet"
        return Freshness(text, Tone.MUTED, is_fresh=False)
    checked = f"Checked {since(checked_at, now)}"
    is_fresh = now - checked_at <= _STALE_AFTER_INTERVALS * timedelta(minutes=content.settings.poll.interval_min)
    if is_checking:
        return Freshness(f"{checked} - checking now…", Tone.MUTED, is_fresh)
    run = last_run(content)
    if run is not None and run.outcome is not PollOutcome.DONE and run.finished_at >= checked_at:
        return Freshness(f"{checked} - last try failed{_next(schedule, now)}", Tone.DANGER, is_fresh)
    if not is_fresh:
        return Freshness(
            f"Not checked since {since(checked_at, now)}, so this may be incomplete", Tone.CAUTION, is_fresh=False
        )
    return Freshness(f"{checked}{_next(schedule, now)} - up to date", Tone.GOOD, is_fresh=True)


def _next(schedule: ScheduleView, now: datetime) -> str:
    if schedule.is_paused:
        until = schedule.paused_until
        return f" - paused until {since(until, now)}" if until else " - paused"
    at = schedule.next_check_at
    return f" - next {clock_time(at)}" if at else ""


def tray_state(content: DeskContent | None, schedule: ScheduleView, now: datetime) -> TrayState:
    """Return the state that needs a person's eye most."""
    if schedule.is_paused:
        return TrayState.PAUSED
    if content is None or content.is_first_run:
        return TrayState.NOT_CHECKING
    if content.view.alerts:
        return TrayState.ATTENTION
    if not freshness_of(content, schedule, now, is_checking=False).is_fresh:
        return TrayState.NOT_CHECKING
    return TrayState.WAITING if content.to_approve else TrayState.UP_TO_DATE


def tray_tooltip(content: DeskContent | None, schedule: ScheduleView, now: datetime) -> str:
    """Return the tooltip: `Up to date - checked 10:42 - 14 to approve`."""
    state = tray_state(content, schedule, now)
    parts = ["Up to date" if state is TrayState.WAITING else state.value.capitalize()]
    if content is not None and content.view.state.last_polled_at is not None:
        parts.append(f"checked {since(content.view.state.last_polled_at, now)}")
        parts.append(f"{len(content.to_approve)} to approve")
        if content.view.alerts:
            parts.append(plural(len(content.view.alerts), "warning"))
    return " - ".join(parts)
