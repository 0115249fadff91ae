"""Spend Xero's calls of a day sparingly, so that a person's own Check Xero always finds some left."""

from datetime import date, datetime, timedelta, tzinfo

from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.ports.store import Store
from cmxero_desktop.services.records.runs import CallLimits, Pause, Trigger

IDLE_COST = 2
"""What a check costs at least: one request for payments and one for invoices, for neither tells of the other."""

_KEPT_SHARE = 10
# Xero does not say when its day begins: it is asked once in a while, and its answer says what is left.
_ASK_AGAIN_AFTER = timedelta(hours=1)


def calls_left(limits: CallLimits, calls_a_day: int, requests_today: int) -> int:
    """Return how many calls are left of Xero's day: as it said last, else by our own count."""
    return limits.day if limits.day is not None else max(0, calls_a_day - requests_today)


def calls_kept(calls_a_day: int) -> int:
    """Return how many calls of a day are kept for persons."""
    return calls_a_day // _KEPT_SHARE


def may_spend(cost: int, limits: CallLimits, calls_a_day: int, requests_today: int) -> bool:
    """Say whether `cost` calls leave enough for persons."""
    return calls_left(limits, calls_a_day, requests_today) - cost >= calls_kept(calls_a_day)


def is_told_lately(limits: CallLimits, now: datetime) -> bool:
    """Say whether Xero told its limits so lately that they hold: when its day begins it does not say."""
    return limits.seen_at is not None and timedelta() <= now - limits.seen_at < _ASK_AGAIN_AFTER


def pause_words(pause: Pause, now: datetime, zone: tzinfo) -> str:
    """Say until when Xero asked for a pause, in a person's own time zone, and why."""
    local = pause.until.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    until = f"{local:%H:%M}" if is_today else f"{day(local.date())} {local:%H:%M}"
    return f"Xero asked for a pause until {until}, because {pause.because}."


def reason_to_put_off(
    trigger: Trigger, limits: CallLimits, calls_a_day: int, requests_today: int, now: datetime
) -> str:
    """Return why a check is put off, or nothing where it may be made; a person's always may."""
    if trigger is Trigger.PERSON or may_spend(IDLE_COST, limits, calls_a_day, requests_today):
        return ""
    if not is_told_lately(limits, now):
        return ""
    left = calls_left(limits, calls_a_day, requests_today)
    return (
        f"Only {left:,} of the {calls_a_day:,} calls that Xero allows a day are left, and they are kept for "
        "Check Xero. The schedule asks Xero once an hour until it allows more."
    )


def count_requests(store: Store, on: date, made: int) -> None:
    """Add to the requests of a day. Raises StoreError."""
    if made:
        with store.begin() as unit:
            unit.polling.count_requests(on, made)
            unit.commit()
