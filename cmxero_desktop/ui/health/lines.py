"""What Health says of each part, in a line of words, and which of them need a person."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cmxero_desktop.domain.room import Room
from cmxero_desktop.services.diagnostics.conditions import (
    Condition,
    condition_of_accounts,
    condition_of_calls,
    condition_of_disk,
    condition_of_doubts,
    condition_of_mail,
    condition_of_memory,
    condition_of_rights,
    condition_of_room,
    condition_of_sign_in,
    condition_of_totals,
    size,
)
from cmxero_desktop.services.diagnostics.update_words import condition_of_updates
from cmxero_desktop.services.records.reports import HealthFacts
from cmxero_desktop.services.records.runs import CallLimits, PollOutcome
from cmxero_desktop.services.records.settings import Never
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import freshness_of, last_run
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import count, moment, plural, since
from cmxero_desktop.ui.theme.zones import zone_difference

NOT_KNOWN = "not known yet"

_DATABASE = {
    "sqlite": "SQLite",
    "postgres": "PostgreSQL",
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
}


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One line: what it is about, what is so, and how a person should take it."""

    name: str
    text: str
    tone: Tone = Tone.CALM

    @property
    def needs_you(self) -> bool:
        """Whether a person should do something."""
        return self.tone in {Tone.CAUTION, Tone.DANGER}


def lines_of(content: DeskContent, schedule: ScheduleView, now: datetime) -> tuple[HealthLine, ...]:
    """Return every line of Health; what is not known is said to be so."""
    lines = (
        _xero(content, now),
        _sign_in(content, now),
        _case_manager(content),
        HealthLine("Mode", "Approve: changes are written after approval" if content.may_write else "Observe only"),
        *_copying(content),
        _lag(content, schedule, now),
        _full(content),
        _line("Totals", condition_of_totals(content.view.state, now.astimezone().tzinfo or UTC)),
        _line("Doubts", condition_of_doubts(content.view.state, now.astimezone().tzinfo or UTC)),
        _calls(content, now),
        _line("Accounts", condition_of_accounts(content.view.state, content.view.alerts)),
        _mail(content, now),
    )
    health = content.health
    return lines if health is None else (*lines, *_computer(health, now), *_updates(health, now))


def summary_of(lines: tuple[HealthLine, ...], notices: int = 0) -> HealthLine:
    """Return what stands on top: that the program works, or which lines need a person.

    What it found about the money is no fault of its own, and must not look settled beside that: it is counted.
    """
    needing = [line for line in lines if line.needs_you]
    if not needing and notices:
        waiting = f"{plural(notices, 'notice')} about the money in the bell (F8)"
        return HealthLine("Summary", f"The program works, and has {waiting}.", Tone.CALM)
    if not needing:
        return HealthLine("Summary", "The program works, and nothing here needs you.", Tone.GOOD)
    names = ", ".join(line.name for line in needing)
    tone = Tone.DANGER if any(line.tone is Tone.DANGER for line in needing) else Tone.CAUTION
    return HealthLine("Summary", f"{plural(len(needing), 'line needs', 'lines need')} a look: {names}.", tone)


def _xero(content: DeskContent, now: datetime) -> HealthLine:
    organisation = content.view.state.organisation
    if not organisation.name:
        return HealthLine("Xero", "Not connected yet: File, Connection to Xero.", Tone.CAUTION)
    prefix = content.settings.policy.invoice_prefix
    out = content.view.out_of_scope
    before = f"; {plural(out, 'payment')} before the start date left out" if out else ""
    difference = zone_difference(organisation.time_zone, now)
    zone = f"{organisation.time_zone}{f', {difference} this computer' if difference else ''}"
    return HealthLine(
        "Xero",
        f"{organisation.name} ({organisation.currency}, {zone}), invoices that begin {prefix}{before}",
    )


def _sign_in(content: DeskContent, now: datetime) -> HealthLine:
    state, run = content.view.state, last_run(content)
    if run is not None and run.outcome is PollOutcome.SIGNED_OUT:
        return HealthLine("Sign-in", "Ended: sign in again under File, Connection to Xero.", Tone.DANGER)
    return _line(
        "Sign-in", condition_of_sign_in(state, content.settings.xero.sign_in, now, now.astimezone().tzinfo or UTC)
    )


def _case_manager(content: DeskContent) -> HealthLine:
    label = content.view.state.comparison.case_manager_label
    if not label:
        return HealthLine("Case Manager", "Not read yet.", Tone.CAUTION)
    kind = _DATABASE.get(content.settings.case_manager.url.partition(":")[0].partition("+")[0].lower())
    other = content.view.state.comparison.other_payments
    beside = f"; {plural(other, 'payment')} on invoices that Xero does not have left out" if other else ""
    return HealthLine("Case Manager", f"{label} ({kind}){beside}" if kind else f"{label}{beside}")


def _copying(content: DeskContent) -> tuple[HealthLine, ...]:
    """Say how others copy, while this program only observes."""
    report = content.copying
    if report is None:
        return ()
    tone = Tone.CAUTION if report.rows else Tone.CALM
    more = " The rows: View, Copied by others." if report.rows else ""
    return (HealthLine("Copied by others", f"{report.words}{more}", tone),)


def _lag(content: DeskContent, schedule: ScheduleView, now: datetime) -> HealthLine:
    freshness = freshness_of(content, schedule, now, is_checking=False)
    needs_you = not freshness.is_fresh or freshness.tone is Tone.DANGER
    as_of = content.view.state.cursors.as_of
    seen = f"; it shows Xero as it was at {since(as_of, now)}" if as_of else ""
    every = f"; every {content.settings.poll.interval_min} minutes"
    return HealthLine("Checks", f"{freshness.text}{seen}{every}.", Tone.CAUTION if needs_you else Tone.CALM)


def _full(content: DeskContent) -> HealthLine:
    at, full_at = content.view.state.cursors.last_full_at, content.settings.poll.full_at
    last = moment(at) if at else NOT_KNOWN
    plan = "not by itself" if full_at is Never.OFF else f"each night at {full_at:%H:%M}"
    return HealthLine("Everything compared", f"Last: {last}; {plan}.")


def _calls(content: DeskContent, now: datetime) -> HealthLine:
    health, limits = content.health, content.view.state.allowance.limits
    a_day = content.settings.xero.tier.calls_a_day
    used = health.requests_today if health is not None else None
    if used is None:
        return HealthLine("Calls to Xero", f"How many were made today is {NOT_KNOWN}.")
    return _line("Calls to Xero", condition_of_calls(limits, a_day, used), beside=_said_by_xero(limits, now))


def _mail(content: DeskContent, now: datetime) -> HealthLine:
    sent = content.health.mail_sent if content.health is not None else None
    zone = now.astimezone().tzinfo or UTC
    return _line("Mail", condition_of_mail(content.settings.mail, sent, content.view.alerts, zone))


def _line(name: str, condition: Condition, *, beside: str = "") -> HealthLine:
    """Make a line of what the doctor says too."""
    advice = f" {condition.remedy}" if condition.remedy else ""
    return HealthLine(name, f"{condition.seen}{beside}{advice}", Tone.CALM if condition.is_good else Tone.CAUTION)


def _said_by_xero(limits: CallLimits, now: datetime) -> str:
    said = [
        f"{count(left)} {what}"
        for left, what in ((limits.minute, "this minute"), (limits.day, "today"), (limits.app_minute, "for the app"))
        if left is not None
    ]
    if not said or limits.seen_at is None:
        return ""
    return f" Xero said {since(limits.seen_at, now)}: {', '.join(said)} left."


def _computer(health: HealthFacts, now: datetime) -> tuple[HealthLine, ...]:
    rights = health.open_to_others
    return (
        HealthLine("Store", f"{health.store_place}{_size(health.store_bytes)}{_checked_by(health, now)}"),
        *((_line("Newest state", condition_of_memory(health.store_unknown)),) if health.store_unknown else ()),
        _line("Disk", condition_of_disk(health.disk_free_bytes, health.home)),
        *_room(health),
        *((_line("Rights", condition_of_rights(rights, health.home)),) if rights is not None else ()),
        HealthLine("Log", f"{health.log_file}{_size(health.log_bytes, ' with the older ones')}"),
        HealthLine("Versions", ", ".join(f"{name} {version}" for name, version in health.versions.items())),
    )


def _updates(health: HealthFacts, now: datetime) -> tuple[HealthLine, ...]:
    if health.updates is None:
        return ()
    return (_line("Updates", condition_of_updates(health.updates, now.astimezone().tzinfo or UTC)),)


def _room(health: HealthFacts) -> tuple[HealthLine, ...]:
    if health.payments_stored is None:
        return ()
    disk_bytes = None if health.is_store_shared else health.disk_free_bytes
    room = Room(disk_bytes=disk_bytes, memory_bytes=health.memory_free_bytes)
    return (_line("Payments", condition_of_room(health.payments_stored, room)),)


def _size(measured: int | None, what: str = "") -> str:
    """Write a size behind the place it belongs to; a place whose size nobody measured stands alone."""
    if measured is None:
        return ""
    return f", {size(measured)}{what}" if measured else ", nothing written yet"


def _checked_by(health: HealthFacts, now: datetime) -> str:
    if not health.is_store_shared:
        return "; for this computer alone"
    own = f"; this desktop is {health.desktop}" if health.desktop else ""
    if health.lease is None:
        return f"; shared, and no desktop checks Xero now{own}"
    return f"; shared, {health.lease.label} checks Xero for all until {since(health.lease.until, now)} at least{own}"
