"""Frozen records of polling: what asks for a check, how it ended, and where polling stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cmxero_desktop.domain.belonging import UNKNOWN_DATABASE, KnownDatabase
from cmxero_desktop.domain.doubts import NO_DOUBTS, Doubts
from cmxero_desktop.domain.freshness import right_time
from cmxero_desktop.domain.office import Office
from cmxero_desktop.domain.policy import NO_LOCKS, Locks, Policy
from cmxero_desktop.services.records.epochs import FIRST_EPOCH, StoreEpoch
from cmxero_desktop.services.records.totals import NOTHING_FOUND, FirmTotals

LONGEST_PAUSE = timedelta(hours=25)
"""No limit of Xero's lasts longer: a pause that seems to was kept by a clock that was wrong."""


LONGEST_LEASE = timedelta(days=2)
"""Two of the longest intervals: a lease that seems to last longer was given by a clock that was wrong (R35)."""

LONGEST_WRITING = timedelta(hours=1)
"""No desktop may be silent for longer between two of its writes: a lease that says so was given by a wrong clock."""


class Trigger(StrEnum):
    """What asked for a check. A person's is never put off to save requests."""

    PERSON = "person"
    START = "start"
    SCHEDULE = "schedule"
    WAKE = "wake"
    RETRY = "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAsk:
    """A wish to check Xero. `ends_pause` goes on although Xero asked for a pause that has not ended."""

    trigger: Trigger = Trigger.PERSON
    is_full: bool = False
    ends_pause: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedChecks:
    """Checks that were due between two instants (aware UTC, both included) and not made, and why in words."""

    count: int
    first_at: datetime
    last_at: datetime
    why: str


class PollOutcome(StrEnum):
    """How a poll ended. OFFLINE is this computer's own way to Xero, BROKEN is Xero or something that answers for it.

    AWAY: Case Manager's database does not answer. OTHER_BOOKS: the settings lead to what the records do not belong to.
    ELSEWHERE: another desktop of the shared store checks; PUT_OFF: nothing was asked, to save requests.
    """

    DONE = "done"
    PAUSED = "paused"
    OFFLINE = "offline"
    BROKEN = "broken"
    SIGNED_OUT = "signed_out"
    ELSEWHERE = "elsewhere"
    PUT_OFF = "put_off"
    AWAY = "away"
    OTHER_BOOKS = "other_books"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollProgress:
    """Where a check is: a sentence for a person, and until when it waits for Xero (aware UTC), if it does."""

    text: str
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """How many calls Xero still allowed when it last said so (`seen_at`, this computer's clock); None: not said."""

    minute: int | None = None
    day: int | None = None
    app_minute: int | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Xero asked not to be called before `until` (aware UTC), for the reason given as a sentence."""

    until: datetime
    because: str

    def is_on(self, now: datetime) -> bool:
        """Say whether it holds at an instant (aware UTC)."""
        return is_pause_until(self.until, now)


def is_pause_until(until: datetime, now: datetime) -> bool:
    """Say whether Xero may have asked, at an instant (aware UTC), to be left alone until another."""
    return now < until <= now + LONGEST_PAUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Which desktop checks Xero for all that share a store, and until when it may (the store's own clock).

    `number` is another one whenever another desktop takes it: what is stored for a check is stored under it (R35).
    """

    holder: str
    label: str
    until: datetime
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows stand where after a correlation."""

    matched: int = 0
    unmatched: int = 0
    skipped: int = 0
    proposed: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRun:
    """One run of the poll: when (aware UTC), how it ended, and in words why it did not succeed.

    `look_again_at` is when another check is wanted before the next regular one: two hours after an SOR schedule was
    cancelled (S6). `desktop` is who made it among those that share the store, as `Outside.holder` has it, and `label`
    what people call that computer; both empty where an older version made it.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime
    is_full: bool
    outcome: PollOutcome
    fetched: int
    requests: int
    counts: Counts
    reason: str = ""
    trigger: Trigger = Trigger.PERSON
    look_again_at: datetime | None = None
    desktop: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedOrganisation:
    """The organisation that the store belongs to, as Xero told it; empty before the first check."""

    organisation_id: str = ""
    name: str = ""
    currency: str = ""
    time_zone: str = ""
    locks: Locks = NO_LOCKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursors:
    """How far Xero was read, on Xero's clock (aware UTC); a cursor moves only after the facts are stored.

    `as_of` is when the payments were read last, which the next correlation takes for its own instant, and `seen_at`
    the same on the clock of the computer that read them. `last_full_at`, on that clock too, is when all of them were.
    """

    payments: datetime | None = None
    invoices: datetime | None = None
    last_full_at: datetime | None = None
    as_of: datetime | None = None
    seen_at: datetime | None = None

    def right_time(self, now: datetime) -> datetime:
        """Return the time where this computer's clock, which shows `now`, is known to be far ahead (R35)."""
        return right_time(now, self.as_of, self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastComparison:
    """What the last comparison used, when it and the very first were made (aware UTC), and what it left aside.

    `today` is the organisation's local date. `other_payments` are those of Case Manager whose invoice Xero does not
    have (R4). `are_copies_typed` says that a person types what is copied quickly, whatever it looks like (R29). The
    comparisons are counted, whatever the clock said (R35): `checks` is the number of the last one, and `deeds` was the
    store's counter when it had stored what it found. `first_as_of` and `last_as_of` are when Xero was read for the
    first and for the last one, by Xero's clock.
    """

    first_polled_at: datetime | None = None
    last_polled_at: datetime | None = None
    today: date | None = None
    policy: Policy | None = None
    case_manager_label: str = ""
    other_payments: int = 0
    are_copies_typed: bool = False
    checks: int = 0
    deeds: int = 0
    first_as_of: datetime | None = None
    last_as_of: datetime | None = None

    @property
    def first_on_xero(self) -> datetime | None:
        """When the first one was, by Xero's clock; by this computer's, where an older version kept no other."""
        return self.first_as_of or self.first_polled_at

    @property
    def last_on_xero(self) -> datetime | None:
        """When the last one was, by Xero's clock; by this computer's, where an older version kept no other."""
        return self.last_as_of or self.last_polled_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What Xero still allows, as it last said, and `full_requests`: how many calls the last full reading took."""

    limits: CallLimits = CallLimits()
    pause: Pause | None = None
    full_requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAge:
    """When the sign-in was renewed last, None for one that does not age, and since when there is none (aware UTC)."""

    renewed_at: datetime | None = None
    disconnected_at: datetime | None = None

    def renewed(self, at: datetime | None) -> "SignInAge":
        """Return what to keep after a renewal at an instant; None says of none, and then all stays as it is.

        A renewal before the disconnecting was of the sign-in that ended: it brings nothing back.
        """
        has_ended = at is None or (self.disconnected_at is not None and at <= self.disconnected_at)
        return self if has_ended else SignInAge(renewed_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """Where polling stands, to be read; each part is stored by itself, so that no writer puts back another's value.

    `organisation` and `database` are those that everything in the store belongs to, and `epoch` is the store's (R35).
    `office` is what a person set in a window for all desktops that share the store, None where nobody did: then each
    desktop's own file counts.
    """

    organisation: PinnedOrganisation = PinnedOrganisation()
    cursors: Cursors = Cursors()
    comparison: LastComparison = LastComparison()
    allowance: Allowance = Allowance()
    sign_in: SignInAge = SignInAge()
    totals: FirmTotals = NOTHING_FOUND
    database: KnownDatabase = UNKNOWN_DATABASE
    epoch: StoreEpoch = FIRST_EPOCH
    doubts: Doubts = NO_DOUBTS
    office: Office | None = None
