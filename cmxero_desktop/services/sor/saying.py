"""Keep what persons say of SOR schedules: a mark, an end, a debit date, a failed instalment, a tick (S1, S4, S9)."""

from dataclasses import replace
from datetime import date, timedelta

from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.scope import DEAD
from cmxero_desktop.domain.sor.alerts import DebitDateIs, SorAlert, SorAlertState
from cmxero_desktop.domain.sor.board import ClearingBalance
from cmxero_desktop.domain.sor.ending import RECOUPED
from cmxero_desktop.domain.sor.knowing import PROGRAM, Now
from cmxero_desktop.domain.sor.schedules import (
    ENDED_EARLY,
    RUNNING,
    ScheduledInvoice,
    ScheduleSource,
    ScheduleState,
    SorSchedule,
    Tick,
)
from cmxero_desktop.domain.sor.watching import dated, stands_again
from cmxero_desktop.domain.sor.words import safe_day_words
from cmxero_desktop.domain.ways import way
from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.correlation.moment import Moment
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.snapshots import read_known
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.sor.finding import (
    SorSaying,
    cm_number,
    ended_of,
    keep_schedule,
    running_of,
    say,
    schedule_of,
)
from cmxero_desktop.services.sor.watching import balance_event, schedule_event

SYNCED_AFTER = timedelta(hours=2)
"""By then Apxium has synced after a cancellation (S6)."""


def mark_schedule(outside: Outside, invoice: str, said: SorSaying) -> str:
    """Say that an invoice is under an SOR schedule of which nothing else is known yet."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        number = cm_number(invoice, moment.policy)
        side = read_known(unit, moment.policy.invoice_prefix, moment.today).sides.get(number)
        if side is None:
            raise NotAllowedError(f"Xero has no invoice {number}.", "Check Xero, or look at the number.")
        if side.invoice is not None and side.invoice.status in DEAD:
            message = f"Invoice {number} is {side.invoice.status.lower()} in Xero."
            raise NotAllowedError(message, "Mark the invoice that took its place.")
        known = schedule_of(unit, number)
        if known is not None and known[0].is_running:
            message = (
                f"Invoice {number} is under schedule {known[0].schedule_id} already, by its {known[0].source.value}."
            )
            raise NotAllowedError(message, f"Enter what else is known of it ({way('Enter schedule', 'sor enter')}).")
        count = sum(number in schedule.numbers for schedule in unit.sor.schedules())
        schedule = SorSchedule(
            schedule_id=f"{number}/{count + 1}" if count else number,
            source=ScheduleSource.MARKED,
            known_at=moment.now,
            invoices=(ScheduledInvoice(number=number, invoice_id=side.invoice_id),),
            started_on=moment.today,
            said_by=said.by,
        )
        keep_schedule(unit, schedule, moment, said, "marked")
        return f"{number} is marked as under an SOR schedule."

    return say(outside, said, change)


def unmark_schedule(outside: Outside, invoice: str, said: SorSaying) -> str:
    """Take a mark back that was made by mistake."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        number = cm_number(invoice, moment.policy)
        schedule, _ = running_of(unit, number)
        if schedule.source is not ScheduleSource.MARKED:
            message = f"Schedule {schedule.schedule_id} is known by its {schedule.source.value}, not by a mark."
            raise NotAllowedError(message, f"Say how it ended, if it is over ({way('Schedule ended', 'sor close')}).")
        ended = replace(schedule, state=ScheduleState.CLOSED, ended_at=moment.now, ended_by=said.by)
        keep_schedule(unit, ended, moment, said, "its mark taken back")
        unit.sor.save_alerts(_closed(a, moment, said) for a in _standing(unit, schedule))
        unit.sor.forget_schedules([schedule.schedule_id])
        return f"{number} is not marked any more."

    return say(outside, said, change)


def end_schedule(outside: Outside, invoice: str, state: ScheduleState, said: SorSaying) -> str:
    """Say how a schedule ended; where it was cancelled, the watch looks again two hours later (S6)."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        if state in RUNNING:
            message = f"A schedule that is {state.value} has not ended."
            raise NotAllowedError(message, "Say completed, cancelled, defaulted, or closed.")
        number = cm_number(invoice, moment.policy)
        schedule, _ = running_of(unit, number)
        look_again_at = moment.now + SYNCED_AFTER if state is ScheduleState.CANCELLED else None
        ended = replace(
            schedule,
            state=state,
            ended_at=moment.now,
            ended_by=said.by,
            look_again_at=look_again_at,
            reason=said.reason,
        )
        keep_schedule(unit, ended, moment, said, state.value)
        tail = " What is left to do in the firm's books is listed." if state in ENDED_EARLY else ""
        return f"Schedule {schedule.schedule_id} is {state.value}.{tail}"

    return say(outside, said, change)


def reopen_schedule(outside: Outside, invoice: str, said: SorSaying, schedule_id: str = "") -> str:
    """Take back how a schedule is said to have ended: it is watched on, and the alerts that ended with it stand.

    Without a `schedule_id` it is the one of the invoice's that ended last.
    """

    def change(unit: UnitOfWork, moment: Moment) -> str:
        schedule = ended_of(unit, cm_number(invoice, moment.policy), schedule_id)
        if schedule.ended_by == PROGRAM:
            message = f"Schedule {schedule.schedule_id} is completed: every instalment of it stands in Xero."
            raise NotAllowedError(message, "It runs again by itself, should one of them go.")
        state = ScheduleState.FAILED if schedule.retry_on is not None else ScheduleState.ACTIVE
        runs = replace(schedule, state=state, ended_at=None, ended_by="", look_again_at=None, ticks={})
        keep_schedule(unit, runs, moment, said, f"watched on, not {schedule.state.value}")
        own = [a for a in unit.sor.alerts() if a.schedule_id == schedule.schedule_id]
        zone = unit.polling.state().organisation.time_zone
        now = Now(at=moment.now, today=moment.today, day_of=lambda at: local_date(at, zone))
        again = [alert for a in own if (alert := stands_again(a, schedule, now)) != a]
        unit.sor.save_alerts(again)
        stand = f" What ended with it stands again: {len(again)} of its alerts." if again else ""
        return f"The end of schedule {schedule.schedule_id} is taken back.{stand}"

    return say(outside, said, change)


def fail_instalment(outside: Outside, invoice: str, retry_on: date, said: SorSaying) -> str:
    """Say that an instalment failed, and when Apxium tries it again."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        number = cm_number(invoice, moment.policy)
        schedule, _ = running_of(unit, number)
        _require_ahead(retry_on, moment)
        failed = replace(schedule, state=ScheduleState.FAILED, retry_on=retry_on)
        keep_schedule(unit, failed, moment, said, f"an instalment failed, tried again on {day(retry_on)}")
        return (
            f"An instalment of schedule {schedule.schedule_id} failed; Apxium tries again on {day(retry_on)}. "
            "If that fails too, it cancels the schedule and debits the firm."
        )

    return say(outside, said, change)


def set_debit_date(outside: Outside, invoice: str, on: date, said: SorSaying) -> str:
    """Take the debit date of an invoice from Apxium's mail; it counts for all that stands against it."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        number = cm_number(invoice, moment.policy)
        _require_ahead(on, moment)
        schedule, place = running_of(unit, number)
        dated_place = schedule.with_invoice(replace(place, debit_on=on))
        keep_schedule(unit, dated_place, moment, said, f"debit date of {number} {day(on)}")
        unit.sor.save_alerts(
            dated(replace(a, debit_on=on, debit_date_is=DebitDateIs.ENTERED), moment.today)
            for a in _standing(unit, schedule)
            if a.invoice_number == place.number and a.removed_on is None
        )
        return (
            f"The debit date of {number} is {day(on)}; the last safe day is {safe_day_words(on - timedelta(days=1))}."
        )

    return say(outside, said, change)


def close_alert(outside: Outside, key: str, said: SorSaying) -> str:
    """Say that nothing more is to be done about an alert; what it speaks of is not found again."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        alert = next((a for a in unit.sor.alerts() if a.key == key.strip()), None)
        if alert is None or not alert.is_standing:
            message = f"There is no alert {key.strip()} that stands."
            raise NotAllowedError(message, f"{way('SOR watch', 'list alerts')} shows them.")
        if not said.reason.strip():
            raise NotAllowedError("A reason is needed.", "Say why nothing more is to be done.")
        unit.sor.save_alerts([_closed(alert, moment, said)])
        for schedule in (s for s in unit.sor.schedules() if s.schedule_id == alert.schedule_id):
            # Why an alert is closed says nothing of why its schedule stands as it does.
            told = f"alert about {alert.invoice_number} closed"
            unit.audit.append([schedule_event(schedule, moment.now, said.by, said.reason, told)])
        return f"The alert about {alert.invoice_number} is closed."

    return say(outside, said, change)


def tick_ending(outside: Outside, schedule_id: str, key: str, said: SorSaying, *, is_done: bool) -> str:
    """Tick something of the list after the end, or take the tick back (S9)."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        schedule = next((s for s in unit.sor.schedules() if s.schedule_id == schedule_id), None)
        if schedule is None or schedule.state not in ENDED_EARLY:
            message = f"Schedule {schedule_id} has no list of what is left to do."
            raise NotAllowedError(message, "Only one that was cancelled or defaulted has.")
        ticks = {name: tick for name, tick in schedule.ticks.items() if name != key}
        if is_done:
            ticks[key] = Tick(by=said.by, at=moment.now, on=moment.today)
        keep_schedule(unit, replace(schedule, ticks=ticks), moment, said, item_words(key, is_done=is_done))
        return "Done." if is_done else "Not done yet."

    return say(outside, said, change)


def item_words(key: str, *, is_done: bool) -> str:
    """Say in History what was ticked of the list after an end, or that it is not done after all."""
    about = key.removeprefix("outstanding:")
    item = f"what {about} owes again" if about != key else "Apxium's debit" if key == RECOUPED else "a step"
    return f"{item} ticked as done" if is_done else f"tick of {item} taken back"


def say_disbursed(outside: Outside, invoice: str, amount: Money, said: SorSaying) -> str:
    """Say what Apxium paid out for a schedule, which the clearing check needs."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        number = cm_number(invoice, moment.policy)
        found = schedule_of(unit, number)
        if found is None:
            raise NotAllowedError(
                f"Invoice {number} is under no SOR schedule that is known.", "Mark or enter it first."
            )
        if amount.minor <= 0 or amount.currency != moment.policy.currency:
            raise NotAllowedError(f"{amount} {amount.currency} cannot have been paid out.", "Look at the amount.")
        keep_schedule(unit, replace(found[0], disbursed=amount), moment, said, f"{amount} paid out by Apxium")
        return f"Apxium paid out {amount} for schedule {found[0].schedule_id}."

    return say(outside, said, change)


def say_clearing_balance(outside: Outside, amount: Money, on: date, said: SorSaying) -> str:
    """Take the balance of the SOR clearing account as a person read it in Xero (S6)."""

    def change(unit: UnitOfWork, moment: Moment) -> str:
        if amount.currency != moment.policy.currency:
            raise NotAllowedError(f"The account is kept in {moment.policy.currency}.", "Look at the amount.")
        unit.sor.save_balance(ClearingBalance(amount=amount, on=on, by=said.by))
        unit.audit.append([balance_event(amount, on, moment.now, said.by, said.reason)])
        return f"The SOR clearing account held {amount} on {day(on)}."

    return say(outside, said, change)


def _standing(unit: UnitOfWork, schedule: SorSchedule) -> tuple[SorAlert, ...]:
    return tuple(a for a in unit.sor.alerts() if a.schedule_id == schedule.schedule_id and a.is_standing)


def _closed(alert: SorAlert, moment: Moment, said: SorSaying) -> SorAlert:
    return replace(
        alert,
        state=SorAlertState.CLOSED,
        ended_on=moment.today,
        closed_by=said.by,
        closed_why=said.reason,
    )


def _require_ahead(on: date, moment: Moment) -> None:
    if on <= moment.today:
        message = f"{day(on)} is not after today."
        raise NotAllowedError(message, "Look at the date in Apxium's mail; what has happened already needs no date.")
