"""What the bell lists: all that waits for a person, read from the content: it outlives a restart, and no cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from cmxero_desktop.domain.desk_notes import follow_up_of, owner_of
from cmxero_desktop.domain.money import named_money
from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.domain.sor.alerts import SorAlert, SorAlertState, SorKind
from cmxero_desktop.domain.sor.words import last_weekday
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.viewing.desk_view import PaymentRow
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import Trouble
from cmxero_desktop.ui.desk.failing import FAILED_RUNS, failed_in_a_row, failing_since
from cmxero_desktop.ui.desk.noted import SKIPPED_DUE, UNMATCHED_DUE, due_rows
from cmxero_desktop.ui.desk.notices import (
    CHANGED,
    FAILED,
    NOT_CHECKING,
    REMOVALS,
    SOR,
    TO_APPROVE,
    about_alert,
)
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.desk.staleness import TooOld
from cmxero_desktop.ui.desk.told import alert_occasion
from cmxero_desktop.ui.theme.formatting import count, day, moment, plural, short_day, weekday
from cmxero_desktop.ui.theme.words import CANNOT_BE_APPROVED, kind_counts

# What came in outside the schedule; of anything else the sum that Apxium may take back is told.
_MONEY_IN = frozenset(
    {
        SorKind.OTHER_PAYMENT,
        SorKind.DISBURSEMENT,
        SorKind.CREDIT_NOTE,
        SorKind.OVERPAYMENT,
        SorKind.PREPAYMENT,
        SorKind.CASE_PAYMENT,
    }
)
UPDATE, TROUBLE = "update", "trouble"
_MOST_NAMED = 4
_SEEN = "bell_seen"


@dataclass(frozen=True, slots=True)
class BellItem:
    """One line: what waits, since when, what to do. `about` names its cause, `key` this very occasion of it.

    `rows` are the names of those that it is about, where it is about some that nothing else tells from others.
    """

    about: str
    key: str
    title: str
    text: str
    since: datetime
    alert: Alert | None = None
    sor_invoice: str = ""
    trouble: Trouble | None = None
    rows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standstill:
    """What the bands say of this very moment and no content holds: a schedule that stands, old data, a trouble."""

    still_since: datetime | None = None
    old: TooOld | None = None
    trouble: Trouble | None = None
    troubled_at: datetime | None = None


NO_STANDSTILL = Standstill()


def items_of(content: DeskContent, now: Standstill = NO_STANDSTILL) -> tuple[BellItem, ...]:
    """Return all that waits: what keeps Xero from being checked first, warnings, rows of Review, a newer version."""
    failing = tuple(_not_checking(content)) or tuple(_old(now))
    is_told = now.trouble is not None and now.trouble.is_of_check and bool(failing)
    trouble = () if is_told else tuple(_trouble(now))
    waiting = (*_sor(content), *_alerts(content), *_rows(content), *_due(content), *_update(content))
    return (*_stopped(now), *failing, *trouble, *waiting)


class BellMemory:
    """Remembers which lines a person has seen; a cause that comes back is news again."""

    def __init__(self, preferences: Preferences) -> None:
        """Keep where it is remembered."""
        self._preferences = preferences

    def unseen(self, items: tuple[BellItem, ...]) -> tuple[BellItem, ...]:
        """Return those that nobody has seen here, and forget what has gone."""
        seen = self._seen()
        standing = seen & {item.key for item in items}
        if standing != seen:
            self._keep(standing)
        return tuple(item for item in items if item.key not in standing)

    def see(self, items: tuple[BellItem, ...]) -> None:
        """Remember that all of these were seen."""
        self._keep({item.key for item in items})

    def _seen(self) -> set[str]:
        return set(filter(None, self._preferences.get(_SEEN).split("\n")))

    def _keep(self, keys: set[str]) -> None:
        self._preferences.set(_SEEN, "\n".join(sorted(keys)))


def _not_checking(content: DeskContent) -> Iterator[BellItem]:
    failed = failed_in_a_row(content)
    if len(failed) >= FAILED_RUNS:
        since = failing_since(content, failed)
        title = f"Checks of Xero have failed since {moment(since)}"
        yield BellItem(NOT_CHECKING, f"{NOT_CHECKING} {since.isoformat()}", title, failed[0].reason, since)


def _stopped(now: Standstill) -> Iterator[BellItem]:
    if now.still_since is not None:
        key = f"{NOT_CHECKING} stopped {now.still_since.isoformat()}"
        text = "The schedule stopped. Check by hand, or quit and start again."
        yield BellItem(NOT_CHECKING, key, "Nothing is checked by itself", text, now.still_since)


def _old(now: Standstill) -> Iterator[BellItem]:
    """List that nothing was checked, unless it is meant to be so: whoever paused it has nothing to do about it."""
    if now.old is not None and not now.old.is_wanted:
        key, title = f"{NOT_CHECKING} old {now.old.since.isoformat()}", "Xero was not checked for too long"
        yield BellItem(NOT_CHECKING, key, title, now.old.text, now.old.since)


def _trouble(now: Standstill) -> Iterator[BellItem]:
    trouble, since = now.trouble, now.troubled_at
    if trouble is not None and since is not None:
        text = f"{trouble.message} {trouble.remedy}".strip()
        yield BellItem(TROUBLE, f"{TROUBLE} {since.isoformat()}", trouble.title, text, since, trouble=trouble)


def _sor(content: DeskContent) -> Iterator[BellItem]:
    for alert in content.view.sor.standing:
        key, title = f"{SOR} {alert.key}", sor_title(alert)
        yield BellItem(SOR, key, title, alert.next_step, alert.first_seen_at, sor_invoice=alert.invoice_number)


def sor_title(alert: SorAlert) -> str:
    """Say of how much an alert of the SOR watch is, and until when it can be taken back (S4)."""
    is_money = alert.kind in _MONEY_IN
    amount = named_money(alert.amount if is_money else alert.at_risk, alert.home)
    what = f"{amount} outside the schedule" if is_money else f"changed outside the schedule, {amount} at risk"
    return f"SOR invoice {alert.invoice_number}: {what}{_until(alert)}"


def _until(alert: SorAlert) -> str:
    last = alert.last_safe_day
    if last is None or alert.debit_on is None:
        return ""
    if alert.state is SorAlertState.PASSED:
        return f", the debit date {short_day(alert.debit_on)} has come"
    before = last_weekday(last)
    also = f" (weekday before: {weekday(before)} {short_day(before)})" if before != last else ""
    return f", last safe day {weekday(last)} {short_day(last)}{also}"


def _alerts(content: DeskContent) -> Iterator[BellItem]:
    for alert in content.view.alerts:
        key = f"alert {alert_occasion(alert)}"
        yield BellItem(about_alert(alert), key, alert.explanation, alert.next_step, alert.raised_at, alert=alert)


def _rows(content: DeskContent) -> Iterator[BellItem]:
    stored = [row.stored for row in content.view.review]
    waiting = _in(stored, ProposalState.PROPOSED)
    removals = [s for s in waiting if s.proposal.kind is ProposalKind.REMOVE]
    # All of them are counted, as Review, Health and the notices do, and the removals once more by name.
    all_waiting = waiting if len(waiting) > len(removals) else []
    failed, changed = _in(stored, ProposalState.FAILED), _in(stored, ProposalState.STALE)
    gone = f"{plural(len(removals), 'removal')} to approve"
    among = f" Counted among the {len(all_waiting):,} to approve." if all_waiting else ""
    for about, rows, title, text in (
        (FAILED, failed, f"{plural(len(failed), 'row')} failed", "Nothing of them was written; look at each."),
        (CHANGED, changed, f"{plural(len(changed), 'row')} changed since approval", "Look again, then approve anew."),
        (REMOVALS, removals, gone, f"Deleted in Xero; nothing is removed yet.{among}"),
        (TO_APPROVE, all_waiting, f"{plural(len(all_waiting), 'payment')} to approve", _counts(all_waiting)),
    ):
        if rows:
            newest = max(s.first_seen_at for s in rows)
            yield BellItem(about, f"{about} {newest.isoformat()}", title, text, newest)


def _due(content: DeskContent) -> Iterator[BellItem]:
    """Count the rows whose day has come, by the organisation's day of the last check."""
    today, view = content.view.state.comparison.today, content.view
    for about, name, rows in ((SKIPPED_DUE, "Skipped", view.skipped), (UNMATCHED_DUE, "Unmatched", view.unmatched)):
        due = due_rows(rows, today) if today is not None else ()
        first = follow_up_of(due[0].notes) if due else None
        if first is not None:
            names = frozenset(row.row_id for row in due)
            since = datetime.combine(first, time.min).astimezone()
            key = f"{about} {today} {' '.join(sorted(names))}"
            title = f"{plural(len(due), 'row')} to follow up today"
            yield BellItem(about, key, title, f"{name}: {_named(due, first, today)}", since, rows=names)


def _named(due: tuple[PaymentRow, ...], first: date, today: date | None) -> str:
    """Name the first few rows and who sees to each, and say how long the oldest has been due."""
    named = []
    for row in due[:_MOST_NAMED]:
        owner = owner_of(row.notes)
        named.append(f"{row.placement.invoice_number}{f' ({owner})' if owner else ''}")
    more = len(due) - len(named)
    rest = f" and {count(more)} more" if more else ""
    late = f" The oldest was due on {day(first)}." if first != today else ""
    return f"{', '.join(named)}{rest}.{late}"


def _update(content: DeskContent) -> Iterator[BellItem]:
    updates = content.health.updates if content.health is not None else None
    if updates is not None and updates.is_newer and updates.release is not None:
        version = updates.release.version
        title, text = f"Version {version} is there", "Health says what is new and where it lies."
        yield BellItem(UPDATE, f"{UPDATE} {version}", title, text, updates.release.published_at)


def _counts(rows: list[StoredProposal]) -> str:
    closed = sum(bool(s.proposal.blocking_flags) for s in rows)
    rest = f"; {closed:,} of them {CANNOT_BE_APPROVED} as they stand" if closed else ""
    return f"{kind_counts([s.proposal for s in rows])}{rest}." if rows else ""


def _in(stored: list[StoredProposal], state: ProposalState) -> list[StoredProposal]:
    return [s for s in stored if s.state is state]
