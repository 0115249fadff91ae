"""Say how fresh the data is, and what state the tray shows, from the view, the schedule and the clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cmxero_desktop.domain.freshness import DataAge
from cmxero_desktop.services.records.alerts import AlertKind
from cmxero_desktop.services.records.runs import PollOutcome, PollRun
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.failing import is_failing
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import plural, since

# Why the last check brought nothing; what was put off or paused is no failure.
_TROUBLE = {
    PollOutcome.OFFLINE: "no connection to Xero",
    PollOutcome.BROKEN: "Xero does not answer as it should",
    PollOutcome.SIGNED_OUT: "signed out of Xero",
    PollOutcome.AWAY: "Case Manager cannot be reached",
    PollOutcome.OTHER_BOOKS: "the settings lead elsewhere",
    PollOutcome.FAILED: "last try failed",
}


class TrayState(StrEnum):
    """What the tray icon says, each by a shape of its own."""

    UP_TO_DATE = "up to date"
    WAITING = "waiting"
    ATTENTION = "needs attention"
    NOT_CHECKING = "not checking"
    PAUSED = "paused"


class Offer(StrEnum):
    """What the button beside the freshness line does, in the words on it."""

    NOTHING = ""
    CHECK_ANYWAY = "Check &anyway"
    SIGN_IN = "&Sign in…"
    STOP_WAITING = "St&op waiting"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The freshness line, its colour, whether the data is fresh enough to apply, and what could be done about it.

    `note` is what its times are to be read by, where that is not plain.
    """

    text: str
    tone: Tone
    is_fresh: bool
    offer: Offer = Offer.NOTHING
    note: str = ""


def last_run(content: DeskContent) -> PollRun | None:
    """Return the run that ended last."""
    return max(content.view.runs, key=lambda run: run.finished_at, default=None)


def freshness_of(
    content: DeskContent | None,
    schedule: ScheduleView,
    now: datetime,
    *,
    is_checking: bool,
    is_troubled: bool = False,
) -> Freshness:
    """Return the freshness line. What was checked in the future, by a wrong clock, is never fresh.

    Nothing is called up to date while the window `is_troubled`: what could not be read or written may be part of it.
    """
    checked_at = content.view.state.comparison.last_polled_at if content else None
    if content is None or checked_at is None:
        return _never_checked(content, schedule, now, is_checking=is_checking)
    checked = f"Checked {since(checked_at, now)}"
    age = content.situation(now).age
    is_fresh = age is DataAge.FRESH
    if is_checking:
        return Freshness(f"{checked} - checking now…", Tone.MUTED, is_fresh)
    stale = f"Not checked since {since(checked_at, now)}; may be incomplete"
    if age is DataAge.AHEAD:
        stale = "This computer's clock was changed, so nobody knows how fresh this is: check Xero"
    said = checked if is_fresh else stale
    still, paused = _standstill(schedule, now), _xeros_pause(content, now)
    if still or paused:
        return _not_by_itself(said, still, paused, is_fresh=is_fresh)
    run = last_run(content)
    trouble = _TROUBLE.get(run.outcome, "") if run is not None and run.finished_at >= checked_at else ""
    if run is not None and trouble:
        offer = _sign_in_offer(content, run)
        return Freshness(f"{said} - {trouble}{_next(schedule, now)}", Tone.DANGER, is_fresh, offer)
    planned = f"{said}{_next(schedule, now)}"
    if not is_fresh:
        return Freshness(planned, Tone.CAUTION, is_fresh=False)
    word, tone = ("see the warning", Tone.DANGER) if is_troubled else ("up to date", Tone.GOOD)
    return Freshness(f"{planned} - {word}", tone, is_fresh=True)


def unsure_as_of(content: DeskContent | None, freshness: Freshness, now: datetime) -> str:
    """Return of what time all figures are, where they may no longer be true; nothing while they may be relied on."""
    checked_at = content.view.state.comparison.last_polled_at if content else None
    is_sure = freshness.is_fresh and freshness.tone is not Tone.DANGER
    return since(checked_at, now) if checked_at is not None and not is_sure else ""


def _never_checked(
    content: DeskContent | None, schedule: ScheduleView, now: datetime, *, is_checking: bool
) -> Freshness:
    if is_checking:
        return Freshness("Checking Xero for the first time…", Tone.MUTED, is_fresh=False)
    still, paused = _standstill(schedule, now), _xeros_pause(content, now) if content else ""
    if still or paused:
        return _not_by_itself("Not checked yet", still, paused, is_fresh=False)
    run = last_run(content) if content else None
    trouble = _TROUBLE.get(run.outcome, "") if run is not None else ""
    offer = _sign_in_offer(content, run) if content and run else Offer.NOTHING
    tone = Tone.DANGER if trouble else Tone.MUTED
    return Freshness(f"Not checked yet{' - ' * bool(trouble)}{trouble}", tone, is_fresh=False, offer=offer)


def _not_by_itself(said: str, still: str, paused: str, *, is_fresh: bool) -> Freshness:
    """Say that nothing is checked by itself now: a fault of ours, which comes first, or a pause of Xero's."""
    if still:
        return Freshness(f"{said} - {still}", Tone.DANGER, is_fresh)
    return Freshness(f"{said} - {paused}", Tone.CAUTION, is_fresh, Offer.CHECK_ANYWAY)


def _sign_in_offer(content: DeskContent, run: PollRun) -> Offer:
    """Offer to sign in where no warning does so already."""
    is_warned = any(alert.kind is AlertKind.SIGN_IN for alert in content.view.alerts)
    return Offer.SIGN_IN if run.outcome is PollOutcome.SIGNED_OUT and not is_warned else Offer.NOTHING


def _xeros_pause(content: DeskContent, now: datetime) -> str:
    """Return until when Xero wants to be left alone, and why."""
    pause = content.view.state.allowance.pause
    if pause is None or not pause.is_on(now):
        return ""
    return f"paused until {since(pause.until, now)}, because {pause.because}"


def _standstill(schedule: ScheduleView, now: datetime) -> str:
    """Return since when nothing is checked because of a fault of ours, and what a person can do."""
    since_when = schedule.still_since
    if since_when is None:
        return ""
    return f"the schedule stopped at {since(since_when, now)}: check by hand, or quit and start again"


def _next(schedule: ScheduleView, now: datetime) -> str:
    if schedule.is_paused:
        until = schedule.paused_until
        return f" - paused until {since(until, now)}" if until else " - paused"
    at = schedule.next_check_at
    return f" - next {since(at, now)}" if at else ""


def tray_state(
    content: DeskContent | None, schedule: ScheduleView, now: datetime, *, is_troubled: bool = False
) -> TrayState:
    """Return the state that needs a person's eye most."""
    if schedule.still_since is not None or schedule.is_paused:
        return TrayState.NOT_CHECKING if schedule.still_since is not None else TrayState.PAUSED
    if content is None or content.is_first_run:
        return TrayState.NOT_CHECKING
    is_pausing = bool(_xeros_pause(content, now))
    is_fresh = freshness_of(content, schedule, now, is_checking=False).is_fresh
    if not (content.view.alerts or is_pausing) and (is_failing(content, now) or not is_fresh):
        return TrayState.NOT_CHECKING
    if content.view.alerts or (is_troubled and not is_pausing):
        return TrayState.ATTENTION
    if is_pausing:
        return TrayState.PAUSED
    return TrayState.WAITING if content.to_approve else TrayState.UP_TO_DATE


def tray_tooltip(
    content: DeskContent | None, schedule: ScheduleView, now: datetime, *, is_troubled: bool = False
) -> str:
    """Return the tooltip: `Up to date - checked 10:42 - 14 to approve`."""
    state = tray_state(content, schedule, now, is_troubled=is_troubled)
    parts = ["Up to date" if state is TrayState.WAITING else state.value.capitalize()]
    if content is not None and content.view.state.comparison.last_polled_at is not None:
        parts.append(f"checked {since(content.view.state.comparison.last_polled_at, now)}")
        parts.append(f"{len(content.to_approve)} to approve")
        if content.view.alerts:
            parts.append(plural(len(content.view.alerts), "warning"))
    return " - ".join(parts)
