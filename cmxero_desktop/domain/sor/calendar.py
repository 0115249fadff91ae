"""What goes into a calendar: the debit date of an alert, as a day with reminders before it (S4)."""

from dataclasses import dataclass
from datetime import date

from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert
from cmxero_desktop.domain.sor.words import explained_to_anybody, safe_day_words, to_do_words
from cmxero_desktop.domain.wording import day

REMIND_DAYS_BEFORE = (1, 3)
"""On the last safe day, and two days before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day in a calendar; the same `uid` is the same event, whose day may have changed."""

    uid: str
    on: date
    title: str
    text: str
    remind_days_before: tuple[int, ...] = REMIND_DAYS_BEFORE


def debit_day(alert: SorAlert) -> CalendarDay | None:
    """Return the day on which Apxium debits, None where no date is known. No name of a person stands in it."""
    if alert.debit_on is None or alert.last_safe_day is None:
        return None
    is_entered = alert.debit_date_is is DebitDateIs.ENTERED
    said = "as Apxium's mail says" if is_entered else "estimated: seven days after it was first seen"
    text = (
        f"Invoice {alert.invoice_number}: {alert.risk_words} at risk. {explained_to_anybody(alert)}\n\n"
        f"Debit date: {day(alert.debit_on)}, {said}. Last safe day: {safe_day_words(alert.last_safe_day)}.\n\n"
        f"{to_do_words(alert)}"
    )
    estimate = "" if is_entered else " (estimated)"
    return CalendarDay(
        uid=f"{alert.key}@sor.cm-xero-desk",
        on=alert.debit_on,
        title=f"Apxium debit{estimate}: {alert.invoice_number}, {alert.risk_words}",
        text=text,
    )
