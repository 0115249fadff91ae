"""Judge how others copy Xero's payments: what they copied late, missed or doubled, as far as checks can see (R29).

Case Manager says of no row when it was entered. What is known are the instants, on Xero's clock, at which our checks
read both sides: one saw the payment without a copy, a later one with it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from cmxero_desktop.domain.identifiers import CasePaymentId, XeroPaymentId
from cmxero_desktop.domain.memory import SETTLED
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.notes import read_mark
from cmxero_desktop.domain.placements import Bucket, Correlation, Placement
from cmxero_desktop.domain.proposals import Proposal, ProposalKind
from cmxero_desktop.domain.records import CasePayment, InvoiceSnapshot, Side, XeroPayment
from cmxero_desktop.domain.scope import folded
from cmxero_desktop.domain.ways import way
from cmxero_desktop.domain.wording import day

COPIED_WITHIN = timedelta(days=1)
QUICK_WITHIN = timedelta(minutes=5)
QUICK_A_DAY, QUICK_DAYS = 5, 2
LOOKED_BACK = timedelta(days=14)
CLOCK_MAY_DIFFER = timedelta(minutes=10)
_COPIES = frozenset({ProposalKind.ADD, ProposalKind.CHANGE})
KEPT_FOR = timedelta(days=62)

Judged = tuple[InvoiceSnapshot, Correlation]
"""One invoice with what correlation found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTime:
    """A payment that Xero has had since our first check: entered when, and at which check first seen copied by others.

    `is_late` says that a check before that found it without a copy more than a day after it was entered; `was_slow`
    that one did so after five minutes; `stood_before` that its equal stood in Case Manager before Xero had it.
    """

    xero_id: XeroPaymentId
    entered_at: datetime
    copied_at: datetime | None = None
    is_late: bool = False
    was_slow: bool = False
    stood_before: bool = False

    @property
    def is_quick(self) -> bool:
        """Whether a check within five minutes of Xero's change saw the copy, which did not stand there before."""
        is_copied = self.copied_at is not None and self.copied_at - self.entered_at <= QUICK_WITHIN
        return is_copied and not self.stood_before and not self.was_slow

    @property
    def is_told(self) -> bool:
        """Whether the checks tell if it was quick: most come too late for that."""
        return self.is_quick or self.was_slow or self.stood_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The instants of our first check, of the one before this, and of this one, by Xero's clock.

    An older version kept the first two by this computer's, which may be off: what hangs on minutes allows for that.
    `rows_before` are the payments that the check before saw in Case Manager, on the invoices of what is new in Xero.
    """

    first: datetime
    before: datetime
    now: datetime
    rows_before: frozenset[CasePaymentId] = frozenset()


@dataclass(frozen=True, slots=True)
class TimesChanged:
    """What a check adds to what is known, by payment, and what need not be kept any more."""

    changed: tuple[CopyTime, ...]
    gone: frozenset[XeroPaymentId]


def times_after(
    known: Mapping[XeroPaymentId, CopyTime],
    judged: Iterable[Judged],
    ours: Collection[CasePaymentId],
    checks: Checks,
    *,
    is_part: bool = False,
) -> TimesChanged:
    """Return what a check saw of the payments that were entered since the first one.

    `known` is by folded id; `ours` are the copies that this program wrote, which nobody else has copied. Where only a
    part of the invoices was looked at, what is known of the others stays.
    """
    found: dict[XeroPaymentId, CopyTime] = {}
    looked_at: set[XeroPaymentId] = set()
    for snapshot, correlation in judged:
        looked_at.update(folded(payment.payment_id) for payment in snapshot.xero_payments)
        for _, payment in _missing(correlation, checks.first):
            key = folded(payment.payment_id)
            missing = known.get(key) or CopyTime(xero_id=payment.payment_id, entered_at=payment.entered_at)
            is_slow = missing.copied_at is None and checks.now - missing.entered_at >= QUICK_WITHIN
            found[key] = replace(missing, was_slow=missing.was_slow or is_slow)
        for payment, copy in _copied(correlation, checks.first):
            time = known.get(folded(payment.payment_id))
            if (time is not None and time.copied_at is not None) or copy.payment_id not in ours:
                found[folded(payment.payment_id)] = _copied_time(payment, copy, time, checks)
    oldest = checks.now - KEPT_FOR
    kept = {key: time for key, time in found.items() if time.entered_at >= oldest}
    unlooked = {key for key, time in known.items() if key not in looked_at and time.entered_at >= oldest}
    return TimesChanged(
        changed=tuple(time for key, time in kept.items() if time != known.get(key)),
        gone=frozenset(known.keys() - kept.keys() - (unlooked if is_part else set())),
    )


def _copied(correlation: Correlation, since: datetime) -> Iterator[tuple[XeroPayment, CasePayment]]:
    for row in correlation.placements:
        if _is_pair(row) and row.xero is not None and row.case is not None and row.xero.entered_at > since:
            yield row.xero, row.case


def _missing(correlation: Correlation, since: datetime) -> Iterator[tuple[str, XeroPayment]]:
    """Yield each payment that has no copy yet, with the number of its invoice."""
    for proposal in correlation.proposals:
        if proposal.kind in _COPIES and proposal.xero is not None and proposal.xero.entered_at > since:
            yield proposal.invoice_number, proposal.xero


def _copied_time(payment: XeroPayment, copy: CasePayment, known: CopyTime | None, checks: Checks) -> CopyTime:
    """Return what is known of a payment that has its copy; it was missing at the check before if that knew it."""
    if known is None:
        return CopyTime(
            xero_id=payment.payment_id,
            entered_at=payment.entered_at,
            copied_at=checks.now,
            stood_before=copy.payment_id in checks.rows_before,
        )
    if known.copied_at is not None:
        return known
    missing_for = checks.before - known.entered_at
    return replace(
        known,
        copied_at=checks.now,
        is_late=missing_for > COPIED_WITHIN,
        was_slow=known.was_slow or missing_for > QUICK_WITHIN + CLOCK_MAY_DIFFER,
    )


def quick_days(times: Iterable[CopyTime], day_of: Callable[[datetime], date], today: date) -> tuple[date, ...]:
    """Return the days of the last two weeks on which others copied as a program would: quickly, and nearly all."""
    told: dict[date, list[bool]] = {}
    for time in times:
        if time.is_told:
            told.setdefault(day_of(time.entered_at), []).append(time.is_quick)
    return tuple(
        sorted(
            on
            for on, quick in told.items()
            if today - on <= LOOKED_BACK and sum(quick) >= QUICK_A_DAY and sum(quick) * 10 >= len(quick) * 9
        )
    )


def quick_words(days: Collection[date]) -> str:
    """Say what looks like a program, and what it may be as well."""
    on = " and ".join(day(one) for one in sorted(days)[-2:])
    return (
        f"On {on} nearly all payments that the checks saw in time stood in Case Manager within five minutes of Xero: "
        "a program may copy them that leaves no mark, or a person types very quickly."
    )


QUICK_NEXT_STEP = (
    "Ask who enters payments in Case Manager. A program: switch it off, or only observe (File, Mode). "
    f"A person: say so ({way('View, Copied by others', 'others --typed')})."
)


# --- the report ---------------------------------------------------------------------------------------------


class Fault(StrEnum):
    """What others did with a payment that a copy should not show."""

    LATE = "late"
    MISSED = "missed"
    DOUBLED = "doubled"


class Good(StrEnum):
    """How it is with a payment with which nothing went wrong: its copy was seen in time, or may still come."""

    IN_TIME = "in time"
    WAITING = "may still come"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyingRow:
    """One payment that others copied in time or late, missed, doubled, or may still copy, and why, in a sentence."""

    what: Fault | Good
    invoice_number: str
    amount: Money
    paid_on: date
    explanation: str
    xero_id: XeroPaymentId | None = None
    case_id: CasePaymentId | None = None

    @property
    def row_id(self) -> str:
        """A name that no other row has."""
        return f"{self.what}-{self.case_id if self.xero_id is None else self.xero_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyingByOthers:
    """How others copied what Xero got since our first check: `rows` is what went wrong, `good` all else that counts."""

    rows: tuple[CopyingRow, ...] = ()
    good: tuple[CopyingRow, ...] = ()

    def count(self, what: Fault | Good) -> int:
        """Return how many rows there are of one kind."""
        return sum(row.what is what for row in (*self.rows, *self.good))

    @property
    def copied(self) -> int:
        """How many others copied, in time or late."""
        return self.count(Good.IN_TIME) + self.count(Fault.LATE)

    @property
    def waiting(self) -> int:
        """How many were entered less than a day ago."""
        return self.count(Good.WAITING)

    @property
    def words(self) -> str:
        """The figures in a sentence."""
        late, missed, doubled = (f"{self.count(fault):,}" for fault in Fault)
        return (
            f"{self.copied:,} copied by others, {late} of them late; {self.waiting:,} may still come; "
            f"{missed} missed, {doubled} doubled."
        )


NOT_WATCHED = CopyingByOthers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """From when to when others were watched, both on Xero's clock, and how a day is told from an instant."""

    since: datetime
    as_of: datetime
    imported_text: str
    day_of: Callable[[datetime], date]


def copying_by_others(
    times: Mapping[XeroPaymentId, CopyTime], judged: Iterable[Judged], watch: Watch
) -> CopyingByOthers:
    """Report how others copy; `times` is by folded id. What was entered less than a day ago may still come."""
    judged = tuple(judged)
    missing = [one for _, found in judged for one in _missing(found, watch.since) if not _is_copied(times, one[1])]
    overdue = {p.payment_id for _, p in missing if watch.as_of - p.entered_at > COPIED_WITHIN}
    copied = [row for snapshot, found in judged for row in _seen_copied(times, snapshot, found, watch)]
    rows = (
        *(row for row in copied if row.what is Fault.LATE),
        *(row for _, found in judged for row in _missed(found.proposals, overdue, watch)),
        *_doubled(judged, watch.imported_text),
    )
    good = (
        *(row for row in copied if row.what is Good.IN_TIME),
        *(_waiting(number, p, watch) for number, p in missing if p.payment_id not in overdue),
    )
    return CopyingByOthers(rows=_in_order(rows), good=_in_order(good))


def _in_order(rows: Iterable[CopyingRow]) -> tuple[CopyingRow, ...]:
    kinds: list[Fault | Good] = [*Fault, *Good]
    return tuple(sorted(rows, key=lambda row: (kinds.index(row.what), row.invoice_number, row.paid_on)))


def _seen_copied(
    times: Mapping[XeroPaymentId, CopyTime], snapshot: InvoiceSnapshot, found: Correlation, watch: Watch
) -> Iterator[CopyingRow]:
    """Return the payments of which a check saw the copy, in time or late, whatever became of it afterwards."""
    copies = {payment.payment_id: copy.payment_id for payment, copy in _copied(found, watch.since)}
    for payment in snapshot.xero_payments:
        time = times.get(folded(payment.payment_id))
        if time is None or time.copied_at is None:
            continue
        entered = f"Entered in Xero on {day(watch.day_of(time.entered_at))}"
        seen_on = day(watch.day_of(time.copied_at))
        yield CopyingRow(
            what=Fault.LATE if time.is_late else Good.IN_TIME,
            invoice_number=snapshot.number,
            amount=payment.amount,
            paid_on=payment.paid_on,
            explanation=(
                f"{entered}, still missing in Case Manager more than a day later, and first seen there on {seen_on}."
                if time.is_late
                else f"{entered}, and first seen in Case Manager on {seen_on}."
            ),
            xero_id=payment.payment_id,
            case_id=copies.get(payment.payment_id),
        )


def _waiting(number: str, payment: XeroPayment, watch: Watch) -> CopyingRow:
    return CopyingRow(
        what=Good.WAITING,
        invoice_number=number,
        amount=payment.amount,
        paid_on=payment.paid_on,
        explanation=(
            f"Entered in Xero on {day(watch.day_of(payment.entered_at))}, less than a day ago, "
            "and not in Case Manager yet."
        ),
        xero_id=payment.payment_id,
    )


def _is_copied(times: Mapping[XeroPaymentId, CopyTime], payment: XeroPayment) -> bool:
    time = times.get(folded(payment.payment_id))
    return time is not None and time.copied_at is not None


def _missed(proposals: Iterable[Proposal], overdue: Collection[XeroPaymentId], watch: Watch) -> Iterator[CopyingRow]:
    """Return the payments that nobody copied within a day, and the copies that outlived theirs by a day."""
    for proposal in proposals:
        new, deleted = proposal.xero, proposal.replaced
        if proposal.kind in _COPIES and new is not None and new.payment_id in overdue:
            words = f"Entered in Xero on {day(watch.day_of(new.entered_at))}, and not in Case Manager a day later."
            yield _missed_row(proposal, new, words)
        elif deleted is not None and not deleted.is_live and _is_outlived(deleted, watch):
            words = (
                f"Deleted in Xero on {day(watch.day_of(deleted.updated_at))}, and still in Case Manager a day later."
            )
            yield _missed_row(proposal, deleted, words)


def _is_outlived(deleted: XeroPayment, watch: Watch) -> bool:
    return watch.since < deleted.updated_at < watch.as_of - COPIED_WITHIN


def _missed_row(proposal: Proposal, xero: XeroPayment, words: str) -> CopyingRow:
    return CopyingRow(
        what=Fault.MISSED,
        invoice_number=proposal.invoice_number,
        amount=xero.amount,
        paid_on=xero.paid_on,
        explanation=words,
        xero_id=xero.payment_id,
        case_id=proposal.case.payment_id if proposal.case else None,
    )


def _doubled(judged: Iterable[Judged], imported_text: str) -> Iterator[CopyingRow]:
    """Return what Case Manager has beside a payment's copy: its equal, or a row that names the same payment."""
    judged = tuple(judged)
    matched = {
        folded(row.xero.payment_id)
        for _, found in judged
        for row in found.placements
        if _is_pair(row) and row.xero is not None
    }
    for snapshot, found in judged:
        settled = {said.case_id for said in snapshot.decisions.explained if said.what in SETTLED}
        equal = {
            (row.xero.amount, row.xero.paid_on) for row in found.placements if _is_pair(row) and row.xero is not None
        }
        for row in found.placements:
            copy = row.case
            if _is_pair(row) or copy is None or row.side is not Side.CASE_MANAGER or copy.payment_id in settled:
                continue
            named = read_mark(copy.notes, imported_text).payment_id
            if (copy.amount, copy.paid_on) in equal or (named is not None and named in matched):
                yield CopyingRow(
                    what=Fault.DOUBLED,
                    invoice_number=row.invoice_number,
                    amount=copy.amount,
                    paid_on=copy.paid_on,
                    explanation="Xero has this money once, and Case Manager has its copy beside this row.",
                    case_id=copy.payment_id,
                )


def _is_pair(row: Placement) -> bool:
    return row.bucket is Bucket.MATCHED
