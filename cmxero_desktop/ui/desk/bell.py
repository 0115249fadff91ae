"""What the bell lists: all that waits for a person, read from the content: it outlives a restart, and no cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.proposals import ProposalKind, ProposalState
from cmxero_desktop.services.records.alerts import Alert
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.notices import NOT_CHECKING, REMOVALS, SOR, TO_APPROVE, about_alert, failed_in_a_row
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.theme.formatting import clock_time, plural
from cmxero_desktop.ui.theme.words import kind_counts

CHANGED, FAILED = "changed", "failed"
_SEEN = "bell_seen"
_FAILED_RUNS = 2


@dataclass(frozen=True, slots=True)
class BellItem:
    """One line: what waits, since when, what to do. `about` names its cause, `key` this very occasion of it."""

    about: str
    key: str
    title: str
    text: str
    since: datetime
    alert: Alert | None = None
    sor_invoice: str = ""


def items_of(content: DeskContent) -> tuple[BellItem, ...]:
    """Return all that waits: what keeps Xero from being checked first, then warnings, then rows of Review."""
    return (*_not_checking(content), *_sor(content), *_alerts(content), *_rows(content))


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
    if len(failed) >= _FAILED_RUNS:
        since = failed[-1].started_at
        title = f"Not checking Xero since {clock_time(since)}"
        yield BellItem(NOT_CHECKING, f"{NOT_CHECKING} {since.isoformat()}", title, failed[0].reason, since)


def _sor(content: DeskContent) -> Iterator[BellItem]:
    for alert in content.view.sor.standing:
        since = datetime.combine(alert.first_seen_on, datetime.min.time()).astimezone()
        title = f"SOR invoice {alert.invoice_number}: changed outside the schedule"
        yield BellItem(SOR, f"{SOR} {alert.key}", title, alert.next_step, since, sor_invoice=alert.invoice_number)


def _alerts(content: DeskContent) -> Iterator[BellItem]:
    for alert in content.view.alerts:
        key = f"{about_alert(alert)} {alert.raised_at.isoformat()}"
        yield BellItem(about_alert(alert), key, alert.explanation, alert.next_step, alert.raised_at, alert=alert)


def _rows(content: DeskContent) -> Iterator[BellItem]:
    stored = [row.stored for row in content.view.review]
    removals = [s for s in _in(stored, ProposalState.PROPOSED) if s.proposal.kind is ProposalKind.REMOVE]
    others = [s for s in _in(stored, ProposalState.PROPOSED) if s.proposal.kind is not ProposalKind.REMOVE]
    failed, changed = _in(stored, ProposalState.FAILED), _in(stored, ProposalState.STALE)
    gone = f"{plural(len(removals), 'removal')} to decide"
    for about, rows, title, text in (
        (FAILED, failed, f"{plural(len(failed), 'row')} failed", "Nothing of them was written; look at each."),
        (CHANGED, changed, f"{plural(len(changed), 'row')} changed since approval", "Look again, then approve anew."),
        (REMOVALS, removals, gone, "Deleted in Xero; nothing is removed yet."),
        (TO_APPROVE, others, f"{plural(len(others), 'payment')} to approve", _counts(others)),
    ):
        if rows:
            newest = max(s.first_seen_at for s in rows)
            yield BellItem(about, f"{about} {newest.isoformat()}", title, text, newest)


def _counts(rows: list[StoredProposal]) -> str:
    return f"{kind_counts([s.proposal for s in rows])}." if rows else ""


def _in(stored: list[StoredProposal], state: ProposalState) -> list[StoredProposal]:
    return [s for s in stored if s.state is state]
