"""Find the schedule that a person means by an invoice's number, and refuse in words where there is none."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cmxero_desktop.domain.decisions import Action
from cmxero_desktop.domain.errors import NotAllowedError
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.sor.schedules import ScheduledInvoice, SorSchedule
from cmxero_desktop.domain.ways import way
from cmxero_desktop.services.correlation.moment import Moment, current_moment
from cmxero_desktop.services.correlation.organisation_day import local_date
from cmxero_desktop.services.correlation.situations import demand, situation_of
from cmxero_desktop.services.ports.outside import Outside
from cmxero_desktop.services.ports.store import UnitOfWork
from cmxero_desktop.services.sor.watching import schedule_event, watch_anew


@dataclass(frozen=True, slots=True, kw_only=True)
class SorSaying:
    """Who says something of a schedule, and why."""

    by: str
    reason: str = ""


Change = Callable[[UnitOfWork, Moment], str]
"""Changes the store, and returns what was done as a sentence."""


def say(outside: Outside, said: SorSaying, change: Change) -> str:
    """Do what a person says of schedules in one transaction, then judge and watch anew. Raises NotAllowedError.

    What a person does is done today, and not on the day of the last check.
    """
    moment = current_moment(outside)
    with outside.store.begin() as unit:
        now = situation_of(unit, outside.settings_file.load(), outside.clock())
        demand(Action.SCHEDULE, said.by, now, reason=said.reason)
        today = local_date(moment.now, unit.polling.state().organisation.time_zone)
        done = change(unit, replace(moment, today=today))
        unit.commit()
    watch_anew(outside, moment)
    return done


def cm_number(invoice: str, policy: Policy) -> str:
    """Return the CM number that somebody means: the prefix may be left out, or in another case."""
    text, prefix = invoice.strip(), policy.invoice_prefix
    return f"{prefix}{text[len(prefix) :]}" if text.casefold().startswith(prefix.casefold()) else f"{prefix}{text}"


def schedule_of(unit: UnitOfWork, number: str) -> tuple[SorSchedule, ScheduledInvoice] | None:
    """Return the schedule of an invoice, the running one before one that ended, and its part in it."""
    found = [
        (schedule, invoice)
        for schedule in unit.sor.schedules()
        for invoice in schedule.invoices
        if number in {invoice.number, invoice.goes_by}
    ]
    running = [each for each in found if each[0].is_running]
    return next(iter(running or found[-1:]), None)


def running_of(unit: UnitOfWork, number: str) -> tuple[SorSchedule, ScheduledInvoice]:
    """Return the running schedule of an invoice. Raises NotAllowedError where none runs."""
    found = schedule_of(unit, number)
    if found is None:
        message = f"Invoice {number} is under no SOR schedule that is known."
        raise NotAllowedError(message, f"Mark it, enter its schedule, or import the list ({way('SOR watch', 'sor')}).")
    if not found[0].is_running:
        message = f"Schedule {found[0].schedule_id} of {number} is {found[0].state.value} already."
        raise NotAllowedError(message, "A new schedule of the invoice is entered as a new one.")
    return found


def ended_of(unit: UnitOfWork, number: str, schedule_id: str = "") -> SorSchedule:
    """Return the schedule of an invoice that ended last, or the one that is named. Raises NotAllowedError.

    None is, while another runs for one of its invoices: that may be the very same, found anew.
    """
    every = unit.sor.schedules()
    own = [s for s in every if any(number in {i.number, i.goes_by} for i in s.invoices)]
    named = [s for s in own if schedule_id in {"", s.schedule_id}]
    if not named:
        message = f"{number} has no SOR schedule{f' {schedule_id}' if schedule_id else ''}."
        raise NotAllowedError(message, f"{way('SOR watch', 'sor')} shows them.")
    schedule = max(named, key=lambda s: (s.is_running, s.ended_at or s.known_at))
    if schedule.is_running:
        message = f"Schedule {schedule.schedule_id} of {number} runs."
        raise NotAllowedError(message, "Only one that was said to have ended is taken back.")
    numbers = {name for invoice in schedule.invoices for name in (invoice.number, invoice.goes_by) if name}
    for other in every:
        shared = [i.number for i in other.invoices if other.is_running and {i.number, i.goes_by} & numbers]
        if shared:
            message = f"{shared[0]} is under schedule {other.schedule_id}, which runs."
            closed = f"{other.schedule_id} is closed ({way('Schedule ended', 'sor close')})"
            raise NotAllowedError(message, f"If both are the same, say first that {closed}.")
    return schedule


def keep_schedule(unit: UnitOfWork, schedule: SorSchedule, moment: Moment, said: SorSaying, what: str) -> None:
    """Store what a person said of a schedule, with its entry in History, which says it in the words of `what`."""
    unit.sor.save_schedules([replace(schedule, reason=said.reason or schedule.reason)])
    unit.audit.append([schedule_event(schedule, moment.now, said.by, said.reason, what)])
