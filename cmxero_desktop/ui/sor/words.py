"""The short words of the SOR watch for tables, bands and tray, each with its tone."""

from collections.abc import Sequence
from datetime import date

from cmxero_desktop.domain.sor.alerts import DAYS_TO_DEBIT, DebitDateIs, SorAlert, SorAlertState
from cmxero_desktop.domain.sor.board import SorBoard, SorRow
from cmxero_desktop.domain.sor.notices import SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.schedules import RUNNING, ScheduleSource, ScheduleState
from cmxero_desktop.domain.sor.words import KIND_WORDS, STATE_WORDS
from cmxero_desktop.ui.desk.notices import SOR, Notice
from cmxero_desktop.ui.theme.badge import Badge
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import day, plural, short_day, sums, weekday
from cmxero_desktop.ui.theme.icons import Shape

_OPEN = "Apxium may debit the firm. Open to see the amount."
_NO_DEBIT = "Apxium does not sync it. Open to see what to do."
SCHEDULE_WORDS = {
    ScheduleState.ACTIVE: "active",
    ScheduleState.FAILED: "instalment failed",
    ScheduleState.DEFAULTED: "defaulted",
    ScheduleState.CANCELLED: "cancelled",
    ScheduleState.COMPLETED: "completed",
    ScheduleState.CLOSED: "closed",
}
SOURCE_WORDS = {
    ScheduleSource.CLEARING_ACCOUNT: "paid to the clearing account",
    ScheduleSource.MARKED: "marked by hand",
    ScheduleSource.ENTERED: "entered by hand",
    ScheduleSource.LIST: "in an imported list",
}
_SCHEDULE_TONE = {
    ScheduleState.ACTIVE: Tone.CALM,
    ScheduleState.FAILED: Tone.CAUTION,
    ScheduleState.DEFAULTED: Tone.DANGER,
    ScheduleState.CANCELLED: Tone.CAUTION,
    ScheduleState.COMPLETED: Tone.GOOD,
    ScheduleState.CLOSED: Tone.MUTED,
}
_ALERT_TONE = {
    SorAlertState.OPEN: Tone.CAUTION,
    SorAlertState.PASSED: Tone.DANGER,
    SorAlertState.CLEARED: Tone.GOOD,
    SorAlertState.CLOSED: Tone.MUTED,
}


def status_words(row: SorRow) -> str:
    """Say where a row stands: its alert where one stands, else its schedule."""
    leading = row.leading
    if leading is not None and leading.is_standing:
        is_open = leading.state is SorAlertState.OPEN
        return f"look at it: {lowered(KIND_WORDS[leading.kind])}" if is_open else STATE_WORDS[leading.state]
    return SCHEDULE_WORDS[row.schedule.state]


def lowered(words: str) -> str:
    """Return words for the middle of a sentence, names in them as they are."""
    return f"{words[:1].lower()}{words[1:]}"


def status_badges(row: SorRow) -> tuple[Badge, ...]:
    """Return the state of the alert that stands, and of the schedule where it is over or in trouble."""
    badges = []
    leading, schedule = row.leading, row.schedule
    if leading is not None and leading.is_standing:
        word = "look at it" if leading.state is SorAlertState.OPEN else STATE_WORDS[leading.state]
        badges.append(Badge(word, _ALERT_TONE[leading.state], Shape.TRIANGLE))
    if not badges or schedule.state is not ScheduleState.ACTIVE:
        badges.append(Badge(SCHEDULE_WORDS[schedule.state], _SCHEDULE_TONE[schedule.state]))
    return tuple(badges)


def day_words(alert: SorAlert | None, today: date | None) -> str:
    """Write `3 of 7`, or nothing where nothing is counted."""
    if alert is None or not alert.is_standing:
        return ""
    number = alert.day_on(today or alert.first_seen_on)
    return f"{number} of {DAYS_TO_DEBIT}" if number else ""


def debit_words(alert: SorAlert | None) -> str:
    """Write the debit date, and whether it is only estimated."""
    if alert is None or alert.debit_on is None or not alert.is_standing:
        return ""
    return f"{day(alert.debit_on)}{'' if alert.debit_date_is is DebitDateIs.ENTERED else ' (est.)'}"


def tray_notice(notices: Sequence[SorNotice], board: SorBoard) -> Notice:
    """Say it in two short lines without a name or an amount, since anybody may see them."""
    if len(notices) > 1:
        return Notice(f"{len(notices)} notices of the SOR watch", _OPEN, SOR)
    alert = next((alert for alert in board.alerts if alert.key == notices[0].alert_key), None)
    if notices[0].kind is SorNoticeKind.NOT_RETRIED:
        return Notice("SOR schedule: no instalment after the second try", _OPEN, SOR)
    if alert is None:
        return Notice("SOR watch: looked again after a cancellation", "Open to see what is left to do.", SOR)
    if not alert.is_standing:
        return Notice(f"SOR invoice: {STATE_WORDS[alert.state]}", "Nothing is left to do about it.", SOR)
    if alert.state is SorAlertState.PASSED:
        return Notice("SOR invoice: the debit date has passed", _OPEN, SOR)
    what = KIND_WORDS[alert.kind]
    counted = day_words(alert, board.today)
    text = _OPEN if alert.debit_on is not None else _NO_DEBIT
    return Notice(f"SOR invoice: {what[:1].lower()}{what[1:]}{f', day {counted}' if counted else ''}", text, SOR)


def banner_text(board: SorBoard) -> str:
    """Say what stands in one line, the next debit first; nothing where nothing does."""
    standing = board.standing
    if not standing:
        return ""
    invoices = {alert.invoice_number for alert in standing}
    first = standing[0]
    at_risk = sums(alert.at_risk for alert in standing)
    who = f"SOR invoice {first.invoice_number}" if len(invoices) == 1 else plural(len(invoices), "SOR invoice")
    have = "has" if len(invoices) == 1 else "have"
    parts = [f"{who} {have} {plural(len(standing), 'change')} outside the schedule, {at_risk} at risk"]
    return " - ".join([*parts, *_soonest(standing, board.today)]) + "."


def _soonest(standing: Sequence[SorAlert], today: date | None) -> list[str]:
    """Say what is due first: the day, the last safe day, or that it has passed."""
    passed = [alert for alert in standing if alert.state is SorAlertState.PASSED]
    dated = [alert for alert in standing if alert.state is SorAlertState.OPEN and alert.debit_on is not None]
    have = "has" if len(passed) == 1 else "have"
    found = [f"{plural(len(passed), 'debit date')} {have} passed"] if passed else []
    if dated:
        next_one = min(dated, key=lambda alert: alert.debit_on or date.max)
        safe = next_one.last_safe_day
        if words := day_words(next_one, today):
            found.append(f"day {words}")
        if safe is not None:
            found.append(f"last safe day {weekday(safe)} {short_day(safe)}")
    return found


def summary_text(board: SorBoard) -> str:
    """Say in one line what the watch holds."""
    running = {row.schedule.schedule_id for row in board.rows if row.schedule.state in RUNNING}
    ended = {row.schedule.schedule_id for row in board.rows} - running
    left = sum(item.tick is None for ending in board.endings for item in ending.items)
    parts = [f"{plural(len(running), 'schedule')} running" + (f", {len(ended)} ended" if ended else "")]
    of_ended = sum(row.schedule.schedule_id in ended for row in board.rows)
    if of_ended > len(ended):
        parts[0] += f" ({of_ended} invoices)"
    if board.standing:
        parts.append(f"{plural(len(board.standing), 'alert')} to look at")
    if left:
        names = [ending.schedule.schedule_id for ending in board.endings if any(i.tick is None for i in ending.items)]
        of = f"schedule {names[0]}" if len(names) == 1 else f"{len(names)} schedules"
        parts.append(f"{plural(left, 'step')} left to do since {of} ended")
    return " - ".join(parts)
