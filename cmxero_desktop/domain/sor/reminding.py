"""Say what is due to be said, from alerts and the day alone: each alert once a day until it ends (S4)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from cmxero_desktop.domain.sor.alerts import DAYS_TO_DEBIT, SorAlert, SorAlertState
from cmxero_desktop.domain.sor.notices import SorNotice, SorNoticeKind
from cmxero_desktop.domain.sor.words import (
    KIND_WORDS,
    STATE_WORDS,
    done_words,
    due_words,
    explained_to_anybody,
    history_words_for_anybody,
    risk_words,
    safe_day_words,
    to_do_words,
    when_words,
)

# What happened is news for a week; a reminder is for its own day.
_NEWS = timedelta(days=7)


def reminders(alerts: Iterable[SorAlert], today: date) -> tuple[SorNotice, ...]:
    """Return the reminders of a day: for what stands, from the day after it was found on."""
    return tuple(
        notice_of(alert, SorNoticeKind.REMINDER, today)
        for alert in alerts
        if alert.is_standing and alert.first_seen_on < today and alert.passed_on != today
    )


def is_worth_saying(notice: SorNotice, standing: frozenset[str], today: date, open_on: date | None = None) -> bool:
    """Say whether what was posted, perhaps while nobody could say it, is still to be said.

    What waited for the office to open is no older for that: `open_on` is the last day on which it was, None today.
    """
    if notice.kind is SorNoticeKind.REMINDER:
        return notice.on == today and notice.alert_key in standing
    if notice.kind is SorNoticeKind.FOUND and notice.alert_key not in standing:
        return False
    return notice.on > min(today, open_on or today) - _NEWS


def cannot_wait(notice: SorNotice, alert: SorAlert | None, today: date, opens_on: date) -> bool:
    """Say whether a notice comes too late once the office opens: removing it is in time today, and not by then (S4).

    What is found is said at once then, and on the last safe day it is said again.
    """
    last = alert.last_safe_day if alert is not None and alert.state is SorAlertState.OPEN else None
    if last is None or not today <= last < opens_on:
        return False
    return notice.kind is SorNoticeKind.FOUND or (notice.kind is SorNoticeKind.REMINDER and last == today)


def as_of_now(notice: SorNotice, alert: SorAlert | None, today: date) -> SorNotice:
    """Return what was found in the words of now: it may be said days later, when more is known of it."""
    if notice.kind is not SorNoticeKind.FOUND or alert is None:
        return notice
    now = notice_of(alert, SorNoticeKind.FOUND, today)
    return replace(notice, title=now.title, text=now.text)


def notice_of(alert: SorAlert, kind: SorNoticeKind, today: date) -> SorNotice:
    """Make a notice of an alert: its key says that it is said once, or once a day."""
    name = today.isoformat() if kind is SorNoticeKind.REMINDER else kind.value
    if kind is SorNoticeKind.PASSED and alert.debit_on is not None:
        # A later date may be entered, and pass too.
        name = f"{name}:{alert.debit_on.isoformat()}"
    return SorNotice(
        key=f"{alert.key}:{name}",
        kind=kind,
        schedule_id=alert.schedule_id,
        invoice_number=alert.invoice_number,
        alert_key=alert.key,
        on=today,
        title=_title(alert, today),
        text=_text(alert, today),
    )


def _title(alert: SorAlert, today: date) -> str:
    what = KIND_WORDS[alert.kind]
    said = f"SOR invoice {alert.invoice_number}: {what[:1].lower()}{what[1:]}"
    number, last = alert.day_on(today), alert.last_safe_day
    if alert.state is not SorAlertState.OPEN:
        return f"{said}: {STATE_WORDS[alert.state]}"
    if number is None or last is None:
        return said
    return f"{said}, day {number} of {DAYS_TO_DEBIT}, last safe day {safe_day_words(last)}"


def _text(alert: SorAlert, today: date) -> str:
    """Write a paragraph for each question that a reader has, and name no person."""
    parts = [explained_to_anybody(alert)]
    if alert.state is SorAlertState.OPEN and (told := history_words_for_anybody(alert)):
        parts = [f"{parts[0]} {told}"]
    if alert.state is SorAlertState.CLEARED:
        parts.append("It is gone in time: nothing is left to do.")
    elif alert.state is SorAlertState.PASSED:
        parts += [f"By when: {due_words(alert, today)}", *_to_do(alert)]
    else:
        is_late = alert.debit_on is not None and today >= alert.debit_on
        parts += [f"By when: {when_words(alert)}", f"At risk: {risk_words(alert)}", *_to_do(alert)]
        parts.append("Xero was not checked since; check it now." if is_late else "")
    return "\n\n".join(part for part in parts if part)


def _to_do(alert: SorAlert) -> tuple[str, str]:
    return f"What to do: {to_do_words(alert)}", f"Done when: {_lowered(done_words(alert))}"


def _lowered(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"
