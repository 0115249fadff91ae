"""Count checks that were due, keep those that were not made, and say in words why, for one row in History."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from cmxero_desktop.domain.wording import day
from cmxero_desktop.services.records.runs import MissedChecks, PollOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmade:
    """Checks that were due and not made: how many, the first and the last of them (aware UTC)."""

    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Checks that were due one after the other (aware UTC); `before_last_at` is None where there is only one."""

    count: int
    first_at: datetime
    before_last_at: datetime | None
    last_at: datetime

    def none_made(self) -> Unmade:
        """Return all of them as not made."""
        return Unmade(count=self.count, first_at=self.first_at, last_at=self.last_at)

    def last_made(self) -> Unmade | None:
        """Return those that are left out when the last is made late; None where it was the only one."""
        if self.before_last_at is None:
            return None
        return Unmade(count=self.count - 1, first_at=self.first_at, last_at=self.before_last_at)


def one(due_at: datetime) -> Due:
    """Return a single check."""
    return Due(count=1, first_at=due_at, before_last_at=None, last_at=due_at)


def one_after(open_at: datetime | None, due: Due | None) -> Due | None:
    """Put a check that was due before in front of others."""
    if open_at is None:
        return due
    if due is None:
        return one(open_at)
    return Due(count=due.count + 1, first_at=open_at, before_last_at=due.before_last_at or open_at, last_at=due.last_at)


def together(earlier: Unmade | None, later: Unmade | None) -> Unmade | None:
    """Return both as one."""
    if earlier is None or later is None:
        return earlier or later
    # A clock that was put back in between makes the later one the first.
    return Unmade(
        count=earlier.count + later.count,
        first_at=min(earlier.first_at, later.first_at),
        last_at=max(earlier.last_at, later.last_at),
    )


def as_missed(unmade: Unmade | None, why: str) -> tuple[MissedChecks, ...]:
    """Return the row for History, none where nothing was lost; `why` goes on after `not made:`."""
    if unmade is None:
        return ()
    return (MissedChecks(count=unmade.count, first_at=unmade.first_at, last_at=unmade.last_at, why=why),)


@dataclass(slots=True, kw_only=True)
class Hindrance:
    """What keeps checks from being made: since when, in words, and the checks that it has cost so far (aware UTC).

    A check that failed or was refused stays open until the next one is due or made: then it is lost, or made late.
    """

    since: datetime
    words: str
    unmade: Unmade | None = None
    open_at: datetime | None = None

    def lose(self, unmade: Unmade | None) -> None:
        """Count further checks as lost."""
        self.unmade = together(self.unmade, unmade)

    def lose_open(self, next_open_at: datetime | None = None) -> None:
        """Count the open check as lost, and keep another one open in its place."""
        if self.open_at is not None:
            self.lose(one(self.open_at).none_made())
        self.open_at = next_open_at

    def put_back(self, now: datetime) -> None:
        """Let nothing of it lie ahead of a clock that was put back to `now`."""
        self.since = min(self.since, now)
        self.open_at = min(self.open_at, now) if self.open_at is not None else None

    def why(self, until: datetime, zone: tzinfo) -> str:
        """Write what it was and how long it lasted, as a sentence that goes on after `not made:`."""
        return f"{self.words} {span(self.since, until, zone)}."

    def missed(self, until: datetime, zone: tzinfo) -> tuple[MissedChecks, ...]:
        """Return the row for History, none where nothing was lost."""
        return as_missed(self.unmade, self.why(until, zone))


@dataclass(frozen=True, slots=True)
class _Row:
    """Checks that came due while one thing kept them from being made; `before` are lost already."""

    before: Unmade | None
    due: Due | None
    why: str


@dataclass(slots=True)
class CameDue:
    """What came due since the last look, and whether a check is wanted although none came due."""

    is_forced: bool = False
    _rows: list[_Row] = field(default_factory=list)

    def add(self, due: Due | None, why: str, before: Unmade | None = None) -> None:
        """Add checks that came due while one thing kept them from being made; `before` are lost already."""
        self._rows.append(_Row(before, due, why))

    @property
    def newest_at(self) -> datetime | None:
        """When the newest check was due."""
        return max((row.due.last_at for row in self._rows if row.due is not None), default=None)

    def missed(self, *, is_newest_made: bool) -> tuple[MissedChecks, ...]:
        """Return the rows for History; where the newest check is made late, it is in none of them."""
        found: list[MissedChecks] = []
        for row in self._rows:
            is_made = is_newest_made and row.due is not None and row.due.last_at == self.newest_at
            due = None if row.due is None else row.due.last_made() if is_made else row.due.none_made()
            found += as_missed(together(row.before, due), row.why)
        return tuple(found)


def outage_words(outcome: PollOutcome | None) -> str:
    """Say what kept checks from being made, as words that a stretch of time follows; None: none could be begun."""
    if outcome is None:
        return "this program could not begin a check"
    return "there was no connection to Xero" if outcome is PollOutcome.OFFLINE else "Xero did not answer as it should"


def span(since: datetime, until: datetime, zone: tzinfo) -> str:
    """Write a stretch of local time: `from 09:10 to 10:40`, with dates where it is more than one day."""
    first, last = since.astimezone(zone), until.astimezone(zone)
    if first.date() == last.date():
        return f"from {first:%H:%M} to {last:%H:%M}"
    return f"from {day(first.date())} {first:%H:%M} to {day(last.date())} {last:%H:%M}"
