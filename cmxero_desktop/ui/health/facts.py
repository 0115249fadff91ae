"""What Health says of each part, in a line of words, and which of them need a person."""

import math
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.services.checking.spending import IDLE_COST, calls_kept, calls_left, may_spend
from cmxero_desktop.services.connecting.sign_in_age import ending_alert, sign_in_ends_at
from cmxero_desktop.services.records.reports import HealthFacts
from cmxero_desktop.services.records.runs import CallLimits, PollOutcome
from cmxero_desktop.services.records.settings import Never, SignInKind
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import freshness_of, last_run
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.theme.colours import Tone
from cmxero_desktop.ui.theme.formatting import count, day, moment, plural, since

NOT_KNOWN = "not known yet"
_GIGABYTE = 1_000_000_000
_MEGABYTE = 1_000_000
_KILOBYTE = 1_000
_LITTLE_DISK_BYTES = 500 * _MEGABYTE

_DATABASE = {
    "sqlite": "SQLite",
    "postgres": "PostgreSQL",
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is about, what is so, and how a person should take it."""

    name: str
    text: str
    tone: Tone = Tone.CALM

    @property
    def needs_you(self) -> bool:
        """Whether a person should do something."""
        return self.tone in {Tone.CAUTION, Tone.DANGER}


def facts_of(content: DeskContent, schedule: ScheduleView, now: datetime) -> tuple[Fact, ...]:
    """Return every line of Health; what is not known is said to be so."""
    lines = (
        _xero(content),
        _sign_in(content, now),
        _case_manager(content),
        Fact("Mode", "Approve: changes are written after approval" if content.may_write else "Observe only"),
        _lag(content, schedule, now),
        _full(content),
        _calls(content, now),
    )
    health = content.health
    return lines if health is None else (*lines, *_computer(health, now))


def summary_of(facts: tuple[Fact, ...]) -> Fact:
    """Return what stands on top: that all is well, or which lines need a person."""
    needing = [fact for fact in facts if fact.needs_you]
    if not needing:
        return Fact("Summary", "Everything works.", Tone.GOOD)
    names = ", ".join(fact.name for fact in needing)
    tone = Tone.DANGER if any(fact.tone is Tone.DANGER for fact in needing) else Tone.CAUTION
    return Fact("Summary", f"{plural(len(needing), 'line needs', 'lines need')} a look: {names}.", tone)


def _xero(content: DeskContent) -> Fact:
    state = content.view.state
    if not state.organisation_name:
        return Fact("Xero", "Not connected yet: File, Connection to Xero.", Tone.CAUTION)
    prefix = content.settings.policy.invoice_prefix
    out = content.view.out_of_scope
    before = f"; {plural(out, 'payment')} before the start date left out" if out else ""
    return Fact(
        "Xero", f"{state.organisation_name} ({state.currency}, {state.time_zone}), invoices that begin {prefix}{before}"
    )


def _sign_in(content: DeskContent, now: datetime) -> Fact:
    state, run = content.view.state, last_run(content)
    if run is not None and run.outcome is PollOutcome.SIGNED_OUT:
        return Fact("Sign-in", "Ended: sign in again under File, Connection to Xero.", Tone.DANGER)
    if content.settings.xero.sign_in is SignInKind.CUSTOM_CONNECTION:
        return Fact("Sign-in", "By a custom connection; it does not end.")
    ends_at = sign_in_ends_at(state)
    if ends_at is None or state.sign_in_renewed_at is None:
        return Fact("Sign-in", f"In the browser; when it was renewed is {NOT_KNOWN}.")
    text = (
        f"In the browser, renewed {moment(state.sign_in_renewed_at)}; unused it would end on "
        f"{day(ends_at.astimezone().date())}."
    )
    return Fact("Sign-in", text, Tone.CAUTION if ending_alert(state, now) else Tone.CALM)


def _case_manager(content: DeskContent) -> Fact:
    label = content.view.state.case_manager_label
    if not label:
        return Fact("Case Manager", "Not read yet.", Tone.CAUTION)
    kind = _DATABASE.get(content.settings.case_manager.url.partition(":")[0].partition("+")[0].lower())
    return Fact("Case Manager", f"{label} ({kind})" if kind else label)


def _lag(content: DeskContent, schedule: ScheduleView, now: datetime) -> Fact:
    freshness = freshness_of(content, schedule, now, is_checking=False)
    needs_you = not freshness.is_fresh or freshness.tone is Tone.DANGER
    as_of = content.view.state.as_of
    seen = f"; it shows Xero as it was at {since(as_of, now)}" if as_of else ""
    every = f"; every {content.settings.poll.interval_min} minutes"
    return Fact("Checks", f"{freshness.text}{seen}{every}.", Tone.CAUTION if needs_you else Tone.CALM)


def _full(content: DeskContent) -> Fact:
    at, full_at = content.view.state.last_full_at, content.settings.poll.full_at
    last = moment(at) if at else NOT_KNOWN
    plan = "not by itself" if full_at is Never.OFF else f"each night at {full_at:%H:%M}"
    return Fact("Everything compared", f"Last: {last}; {plan}.")


def _calls(content: DeskContent, now: datetime) -> Fact:
    health, limits = content.health, content.view.state.limits
    a_day = content.settings.xero.tier.calls_a_day
    used = health.requests_today if health is not None else None
    if used is None:
        return Fact("Calls to Xero", f"How many were made today is {NOT_KNOWN}.")
    left, kept = calls_left(limits, a_day, used), calls_kept(a_day)
    text = f"{count(used)} made today; {count(left)} of {count(a_day)} left, {count(kept)} of them kept for Check Xero."
    tone = Tone.CALM if may_spend(IDLE_COST, limits, a_day, used) else Tone.CAUTION
    return Fact("Calls to Xero", f"{text}{_said_by_xero(limits, now)}", tone)


def _said_by_xero(limits: CallLimits, now: datetime) -> str:
    said = [
        f"{count(left)} {what}"
        for left, what in ((limits.minute, "this minute"), (limits.day, "today"), (limits.app_minute, "for the app"))
        if left is not None
    ]
    if not said or limits.seen_at is None:
        return ""
    return f" Xero said {since(limits.seen_at, now)}: {', '.join(said)} left."


def _computer(health: HealthFacts, now: datetime) -> tuple[Fact, ...]:
    free = health.disk_free_bytes
    is_little = free < _LITTLE_DISK_BYTES
    advice = " Make room: at least 500 MB are needed." if is_little else ""
    return (
        Fact("Store", f"{health.store_place}{_size(health.store_bytes)}{_checked_by(health, now)}"),
        Fact(
            "Disk",
            f"{_room(free)} free where {health.home} is.{advice}",
            Tone.CAUTION if is_little else Tone.CALM,
        ),
        Fact("Log", f"{health.log_file}{_size(health.log_bytes, ' with the older ones')}"),
        Fact("Versions", ", ".join(f"{name} {version}" for name, version in health.versions.items())),
    )


def _room(size: int) -> str:
    if size >= _GIGABYTE:
        return f"{size / _GIGABYTE:,.1f} GB"
    return f"{size // _MEGABYTE:,} MB" if size >= _MEGABYTE else f"{math.ceil(size / _KILOBYTE):,} kB"


def _size(size: int | None, what: str = "") -> str:
    """Write a size behind the place it belongs to; a place whose size nobody measured stands alone."""
    if size is None:
        return ""
    return f", {_room(size)}{what}" if size else ", nothing written yet"


def _checked_by(health: HealthFacts, now: datetime) -> str:
    if not health.is_store_shared:
        return "; for this computer alone"
    if health.lease is None:
        return "; shared, and no desktop checks Xero now"
    return f"; shared, {health.lease.label} checks Xero for all until {since(health.lease.until, now)} at least"
