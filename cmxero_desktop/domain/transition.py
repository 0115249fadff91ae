"""Tell week by week how a firm gets from typing each payment twice to approving it once: who types, what that missed.

Case Manager does not say when a payment was typed. What counts is the check that saw it first; what stood there at the
first check belongs to the week of its own date.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cmxero_desktop.domain.copying import COPIED_WITHIN
from cmxero_desktop.domain.identifiers import CasePaymentId
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket, Correlation, MatchedHow, Placement
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot
from cmxero_desktop.domain.transition_steps import Step

WEEKS_SHOWN = 13
LATELY_WEEKS = 4
"""How many weeks back somebody counts as one who still types."""

Judged = tuple[InvoiceSnapshot, Correlation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A payment that was added here and stands: its key, on which day, and for how long Xero had had it by then."""

    case_id: CasePaymentId | None
    on: date
    waited: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What the audit trail tells and still stands.

    `doubles` are the days on which a person said of money that it stands in Case Manager already, or twice. `noted`
    are payments whose Notes this program wrote, and `mended` those that match only by what a person said or wrote.
    """

    added: tuple[Addition, ...] = ()
    doubles: tuple[date, ...] = ()
    noted: frozenset[CasePaymentId] = frozenset()
    mended: frozenset[CasePaymentId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """On which day a check first saw a payment, or saw it locked that had not been; a mapping without it knows none.

    `met` is of payments that came after the first check, by key; `met_with` is that of whole invoices, by CM number.
    """

    met: Mapping[CasePaymentId, date] = field(default_factory=dict)
    met_with: Mapping[str, date] = field(default_factory=dict)
    locked: Mapping[CasePaymentId, date] = field(default_factory=dict)

    def day_of(self, number: str, payment: CasePayment) -> date | None:
        """Return when a payment was first seen, None where it stood there at the first check."""
        return self.met.get(payment.payment_id) or self.met_with.get(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPayment:
    """A payment that somebody typed in Case Manager, the Monday of its week, and whether it matched by itself."""

    row_id: str
    invoice_number: str
    bill_to: str
    paid_on: date
    amount: Money
    week: date
    entered_by: str = ""
    bucket: Bucket = Bucket.UNMATCHED
    is_by_itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What happened in the seven days from a Monday on.

    `by_itself` are those of the `typed` that matched without anybody. `doubles` are payments of which a person said
    that they stand in Case Manager already, or twice; `added` those that nobody had typed, `misses` those of them that
    Xero had had for more than a day; `journalled` those that were locked.
    """

    begins_on: date
    typed: int = 0
    by_itself: int = 0
    doubles: int = 0
    misses: int = 0
    added: int = 0
    journalled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Typist:
    """Who typed payments in the last four weeks, how many, and in which week the last; no name where none is told."""

    name: str
    payments: int
    last_week: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """The weeks, oldest first, the payments that were typed in them, and what still stands in the way of stopping."""

    weeks: tuple[Week, ...] = ()
    typed: tuple[TypedPayment, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def typists(self) -> tuple[Typist, ...]:
        """Whoever typed lately, most payments first."""
        recent = {week.begins_on for week in self.weeks[-LATELY_WEEKS:]}
        found: dict[str, list[date]] = defaultdict(list)
        for one in self.typed:
            if one.week in recent:
                found[one.entered_by].append(one.week)
        told = (Typist(name=name, payments=len(weeks), last_week=max(weeks)) for name, weeks in found.items())
        return tuple(sorted(told, key=lambda typist: (-typist.payments, typist.name)))

    @property
    def in_the_way(self) -> tuple[Step, ...]:
        """What still stands in the way."""
        return tuple(step for step in self.steps if not step.is_clear)

    @property
    def sentence(self) -> str:
        """Whether double entry can stop, in words."""
        number = len(self.in_the_way)
        if not number:
            return "Nothing stands in the way: double entry can stop." if self.steps else "Nothing was compared yet."
        return f"Double entry can stop when {number} more of these {len(self.steps)} hold."

    def typed_in(self, week: date) -> tuple[TypedPayment, ...]:
        """Return what was typed in a week."""
        return tuple(one for one in self.typed if one.week == week)


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def typed_payments(
    judged: Iterable[Judged], sightings: Sightings, deeds: Deeds, imported_text: str, today: date
) -> Iterator[TypedPayment]:
    """Return all payments in scope that somebody typed: not added here, and not copied by another program."""
    added = {addition.case_id for addition in deeds.added}
    for snapshot, correlation in judged:
        for row in correlation.placements:
            copy = row.case
            if copy is None or copy.payment_id in added or _is_copied(copy, deeds.noted, imported_text):
                continue
            # One that is dated ahead was typed by now all the same.
            seen = sightings.day_of(snapshot.number, copy) or min(copy.paid_on, today)
            yield TypedPayment(
                row_id=row.row_id,
                invoice_number=snapshot.number,
                bill_to=snapshot.case_invoice.bill_to if snapshot.case_invoice is not None else "",
                paid_on=copy.paid_on,
                amount=copy.amount,
                week=monday_of(seen),
                entered_by=copy.entered_by,
                bucket=row.bucket,
                is_by_itself=_is_by_itself(row) and copy.payment_id not in deeds.mended,
            )


def _is_copied(copy: CasePayment, noted: Collection[CasePaymentId], imported_text: str) -> bool:
    """Say whether Notes name a Xero payment without this program having written so."""
    return copy.payment_id not in noted and read_mark(copy.notes, imported_text).is_imported


def _is_by_itself(row: Placement) -> bool:
    return row.bucket is Bucket.MATCHED and row.matched_how is not MatchedHow.ACCEPTED


def weeks_until(
    today: date, typed: Collection[TypedPayment], sightings: Sightings, deeds: Deeds, *, shown: int = WEEKS_SHOWN
) -> tuple[Week, ...]:
    """Count the last weeks, this one included; weeks before anything happened are left out."""
    counts: dict[str, Counter[date]] = {
        "typed": Counter(one.week for one in typed),
        "by_itself": Counter(one.week for one in typed if one.is_by_itself),
        "doubles": _by_week(deeds.doubles),
        "misses": _by_week(one.on for one in deeds.added if one.waited > COPIED_WITHIN),
        "added": _by_week(one.on for one in deeds.added),
        "journalled": _by_week(sightings.locked.values()),
    }
    last = monday_of(today)
    mondays = [last - timedelta(weeks=back) for back in range(shown - 1, -1, -1)]
    weeks = [Week(begins_on=on, **{name: found[on] for name, found in counts.items()}) for on in mondays]
    return tuple(_without_what_is_before(weeks))


def _by_week(days: Iterable[date]) -> Counter[date]:
    return Counter(map(monday_of, days))


def _without_what_is_before(weeks: Sequence[Week]) -> Sequence[Week]:
    has_begun = (place for place, week in enumerate(weeks) if week != Week(begins_on=week.begins_on))
    return weeks[next(has_begun, len(weeks) - 1) :]
