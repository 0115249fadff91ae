"""Read what stood where at a moment: what is there now, and from it step by step back (R34)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, String, and_, func, or_, select, type_coerce

from cmxero_desktop.adapters.store import tables
from cmxero_desktop.adapters.store.audit import entry_of
from cmxero_desktop.adapters.store.case_versions import places_of
from cmxero_desktop.adapters.store.encoding import builtins, decoder, encode
from cmxero_desktop.adapters.store.facts import payment_of
from cmxero_desktop.adapters.store.invoices import invoice_of
from cmxero_desktop.adapters.store.journal import ACCOUNTS_HOME, KeptKind, earlier
from cmxero_desktop.adapters.store.keys import case_payment_key, case_payment_of
from cmxero_desktop.adapters.store.memory import pair_of, said_of, subject_of
from cmxero_desktop.adapters.store.results import result_of
from cmxero_desktop.adapters.store.tables import instant_text
from cmxero_desktop.adapters.store.work import StoredRow, Work
from cmxero_desktop.domain.identifiers import CasePaymentId, XeroInvoiceId, XeroPaymentId
from cmxero_desktop.domain.memory import AcceptedSet, Explanation, NumberSaid, RememberedPair
from cmxero_desktop.domain.placements import Bucket, MatchedHow, Reason
from cmxero_desktop.domain.records import Account, CaseInvoice, CasePayment, XeroInvoice, XeroPayment
from cmxero_desktop.domain.rules import Rule
from cmxero_desktop.domain.store_times import StoreTimes, believed
from cmxero_desktop.services.records.audit import AuditEntry
from cmxero_desktop.services.records.decisions import StoredProposal
from cmxero_desktop.services.records.history import (
    Accounts,
    CaseSide,
    CaseSightings,
    Remembered,
    RowPlace,
    Seen,
    StoreMoment,
)

Fact = TypeVar("Fact")

_PlaceRow = tuple[XeroPaymentId | None, int | str | None, Bucket, Rule, Reason | None, MatchedHow | None]

_moments, _was = tables.moments.c, tables.was.c
_FIRST = 0
_NOT_LOCKED = '"is_journalled":false'
_decode_places = decoder(list[_PlaceRow])
_decode_account = decoder(Account)
_decode_number = decoder(NumberSaid)


@dataclass(slots=True)
class _Story:
    """What is kept of one record: what it is now, and the steps back from there, newest first.

    Each step has its position in the journal, the moment that it leads behind, and what the record was there. `born` is
    the moment of its first row, where that is not one of the steps.
    """

    now: object | None = None
    born: int | None = None
    steps: list[tuple[int, int, str | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stood:
    """What a record was at a moment, and between which moments it was that."""

    record: object
    since: int | None
    until: int | None


def _stood(story: _Story, moment: int) -> _Stood | None:
    """Return what a record was at a moment, and the moments between which it was that; None where it was not there."""
    record = builtins(story.now) if story.now is not None else None
    steps = story.steps if story.born is None else [*story.steps, (_FIRST, story.born, None)]
    until = None
    for _, changed_at, was in steps:
        if changed_at <= moment:
            return None if record is None else _Stood(record, changed_at, until)
        record, until = earlier(record, was), changed_at
    return None if record is None else _Stood(record, None, until)


@dataclass(frozen=True, slots=True)
class _Clock:
    """The moments by number, and which of their times are believed."""

    numbers: Sequence[int]
    times: StoreTimes[str]

    def last_until(self, at: datetime) -> int | None:
        place = self.times.last_until(instant_text(at))
        return None if place is None else self.numbers[place]

    def time_of(self, number: int) -> datetime:
        return datetime.fromisoformat(self.times.time_of(bisect_left(self.numbers, number)))


class Past(Work):
    """What the store knew at a moment, by the numbers and ids of invoices."""

    def __init__(self, connection: Connection) -> None:
        """Work within the connection's transaction."""
        super().__init__(connection)
        self._doubted: _Clock | None = None
        self._has_doubts: bool | None = None

    def begins_at(self) -> datetime | None:
        """Return the instant since which everything is kept, None where nothing is yet."""
        first = self._connection.scalar(select(func.min(_moments.moment)))
        return None if first is None else self._times([first])[first]

    def moment(self, at: datetime | None = None) -> StoreMoment | None:
        """Return the last moment that was not later than an instant (None: the last of all)."""
        statement = select(tables.moments).order_by(_moments.moment.desc()).limit(1)
        if at is not None:
            clock = self._clock
            until = _moments.at <= at if clock is None else _moments.moment == clock.last_until(at)
            statement = statement.where(until)
        row = self._connection.execute(statement).first()
        return None if row is None else StoreMoment(number=row.moment, at=row.at, entries=row.entries)

    @property
    def _clock(self) -> "_Clock | None":
        """Which times are believed, None where no clock was ever set back and all are: that is asked quickly."""
        if self._has_doubts is None:
            after = tables.moments.alias()
            set_back = select(_moments.moment).join(after, after.c.moment == _moments.moment + 1)
            self._has_doubts = self._connection.scalar(set_back.where(after.c.at < _moments.at).limit(1)) is not None
        if self._has_doubts and self._doubted is None:
            # As texts, which sort as the times do.
            as_text = type_coerce(_moments.at, String)
            rows = self._connection.execute(select(_moments.moment, as_text).order_by(_moments.moment)).all()
            self._doubted = _Clock([row[0] for row in rows], believed([row[1] for row in rows]))
        return self._doubted

    def _times(self, numbers: Collection[int]) -> Mapping[int, datetime]:
        clock = self._clock
        if clock is not None:
            return {number: clock.time_of(number) for number in numbers}
        rows = self._select_in(select(_moments.moment, _moments.at), _moments.moment, numbers)
        return {row.moment: row.at for row in rows}

    def xero_invoices(self, numbers: Collection[str], moment: StoreMoment) -> tuple[Seen[XeroInvoice], ...]:
        """Return the invoices in Xero that bear one of the numbers now, at first, or at any time."""
        tracked, invoices = tables.tracked_invoices.c, tables.invoices.c
        ids = {row[0] for row in self._select_in(select(tracked.xero_invoice_id), tracked.number, numbers)}
        ids |= {row[0] for row in self._select_in(select(invoices.invoice_id), invoices.number, numbers)}
        ids |= {row.subject for row in self._kept(KeptKind.NUMBER, numbers)}
        stories: dict[str, _Story] = defaultdict(_Story)
        for row in self._select_in(select(tables.invoices), invoices.invoice_id, ids):
            stories[row.invoice_id] = _Story(now=invoice_of(row), born=row.born)
        self._add_steps(stories, self._kept(KeptKind.XERO_INVOICE, ids))
        return self._seen(stories, moment, decoder(XeroInvoice))

    def xero_payments(
        self, invoice_ids: Collection[XeroInvoiceId], moment: StoreMoment
    ) -> tuple[Seen[XeroPayment], ...]:
        """Return the payments of these invoices, as Xero told of them."""
        stories: dict[str, _Story] = defaultdict(_Story)
        for row in self._select_in(select(tables.payments), tables.payments.c.invoice_id, invoice_ids):
            stories[row.payment_key] = _Story(now=payment_of(row), born=row.born)
        self._add_steps(stories, self._kept(KeptKind.XERO_PAYMENT, invoice_ids))
        return self._seen(stories, moment, decoder(XeroPayment))

    def accounts(self, moment: StoreMoment) -> Accounts:
        """Return what was known of Xero's accounts."""
        stories: dict[str, _Story] = defaultdict(_Story)
        for row in self._connection.execute(select(tables.accounts)):
            stories[row.account_key] = _Story(now=_decode_account(row.record))
        self._add_steps(stories, self._kept(KeptKind.ACCOUNT, [ACCOUNTS_HOME]))
        found = self._seen(stories, moment, _decode_account)
        return {account.fact.account_id.lower(): account.fact for account in found}

    def case_side(self, number: str, moment: StoreMoment) -> CaseSide:
        """Return Case Manager's side of an invoice (its CM number) as it was read, and where each payment stood."""
        rows = self._select_in(select(tables.results.c.record), tables.results.c.invoice_number, [number])
        result = next((result_of(row.record) for row in rows), None)
        invoices: dict[str, _Story] = defaultdict(_Story)
        payments: dict[str, _Story] = defaultdict(_Story)
        places: dict[str, _Story] = defaultdict(_Story)
        if result is not None:
            places[number].now = places_of(result)
            invoices[number].now = result.snapshot.case_invoice
            for payment in result.snapshot.case_payments:
                payments[case_payment_key(payment.payment_id)].now = payment
        self._add_steps(invoices, self._kept(KeptKind.CASE_INVOICE, [number]))
        self._add_steps(payments, self._kept(KeptKind.CASE_PAYMENT, [number]))
        self._add_steps(places, self._kept(KeptKind.PLACES, [number]))
        # The step before which there was no comparison at all stands for the beginning of everything in it.
        nothing = [step for story in places.values() for step in story.steps if step[-1] is None]
        for story in (*invoices.values(), *payments.values()):
            story.steps = sorted([*story.steps, *nothing], key=lambda step: -step[0])
        stood = _stood(places[number], moment.number)
        return CaseSide(
            invoice=next(iter(self._seen(invoices, moment, decoder(CaseInvoice))), None),
            payments=self._seen(payments, moment, decoder(CasePayment)),
            places=tuple(_place(*row) for row in _decode_places(encode(stood.record))) if stood else (),
        )

    def case_sightings(self) -> CaseSightings:
        """Return when each payment of Case Manager was seen first, and when it was seen journalled that was not."""
        came = _was.record.is_(None)
        was_open = _was.record.contains(_NOT_LOCKED, autoescape=True)
        wanted = or_(
            and_(_was.kind == KeptKind.PLACES.value, came),
            and_(_was.kind == KeptKind.CASE_PAYMENT.value, or_(came, was_open)),
        )
        columns = select(_was.kind, _was.subject, _was.moment, came.label("came"))
        invoices: dict[str, int] = {}
        payments: dict[str, int] = {}
        locked: dict[str, int] = {}
        for row in self._connection.execute(columns.where(wanted).order_by(_was.position)):
            if row.kind == KeptKind.PLACES.value:
                invoices.setdefault(row.subject, row.moment)
            elif row.came:
                # Keys are used again: what bears one now is the last that came with it.
                payments[row.subject] = row.moment
                locked.pop(row.subject, None)
            else:
                locked[row.subject] = row.moment
        times = self._times({*invoices.values(), *payments.values(), *locked.values()})
        return CaseSightings(
            invoices={number: times[moment] for number, moment in invoices.items()},
            payments={case_payment_of(key): times[moment] for key, moment in payments.items()},
            locked={case_payment_of(key): times[moment] for key, moment in locked.items()},
        )

    def proposals(self, number: str, moment: StoreMoment) -> tuple[Seen[StoredProposal], ...]:
        """Return the proposals of an invoice (its CM number) in the states that they had."""
        stories: dict[str, _Story] = defaultdict(_Story)
        proposals = tables.proposals.c
        decode = decoder(StoredProposal)
        for row in self._select_in(select(proposals.record), proposals.invoice_number, [number]):
            stored = decode(row.record)
            stories[stored.fingerprint].now = stored
        self._add_steps(stories, self._kept(KeptKind.PROPOSAL, [number]))
        return self._seen(stories, moment, decode)

    def remembered(self, number: str, moment: StoreMoment) -> Remembered:
        """Return what was remembered of an invoice, by Case Manager's own number."""
        return Remembered(
            pairs=self._pairs(number, moment),
            accepted=self._said(KeptKind.ACCEPTED, "accepted", number, moment, decoder(AcceptedSet)),
            explained=self._said(KeptKind.EXPLAINED, "explained", number, moment, decoder(Explanation)),
        )

    def numbers_said(self, moment: StoreMoment) -> Mapping[XeroInvoiceId, NumberSaid]:
        """Return what persons had said last of which invoice is which."""
        said = tables.sayings.c
        of_numbers = select(tables.sayings).where(said.kind == "number")
        stories: dict[str, _Story] = defaultdict(_Story)
        homes = set()
        for row in self._connection.execute(of_numbers):
            homes.add(row.invoice_number)
            if not row.has_ended:
                stories[row.name].now = said_of(row)
        self._add_steps(stories, self._kept(KeptKind.NUMBER_SAID, homes))
        found = self._seen(stories, moment, _decode_number)
        return {seen.fact.xero_invoice_id: seen.fact for seen in found}

    def entries(self, number: str, moment: StoreMoment) -> tuple[AuditEntry, ...]:
        """Return the entries of the audit trail about an invoice (its CM number) that there were, newest first."""
        of_number = tables.audit_entries.c.event.contains(f'"invoice_number":{encode(number)}', autoescape=True)
        statement = select(tables.audit_entries).where(tables.audit_entries.c.sequence <= moment.entries, of_number)
        rows = self._connection.execute(statement.order_by(tables.audit_entries.c.sequence.desc()))
        return tuple(entry for entry in map(entry_of, rows) if entry.event.invoice_number == number)

    def _pairs(self, number: str, moment: StoreMoment) -> tuple[Seen[RememberedPair], ...]:
        stories: dict[str, _Story] = defaultdict(_Story)
        self._add_steps(stories, self._kept(KeptKind.PAIR, [number]))
        pairs = tables.remembered_pairs
        keys = {subject.split(" ", 1)[0] for subject in stories}
        of_number = or_(pairs.c.invoice_number == number, pairs.c.payment_key.in_(keys))
        for row in self._connection.execute(select(pairs).where(of_number).order_by(pairs.c.position)):
            subject = subject_of(row._asdict())
            if row.invoice_number != number and subject not in stories:
                continue
            story = stories[subject]
            story.born = row.born if story.born is None else story.born
            if row.ended_at is None and row.invoice_number == number:
                story.now = pair_of(row)
        return self._seen(stories, moment, decoder(RememberedPair))

    def _said(
        self, kind: KeptKind, word: str, number: str, moment: StoreMoment, decode: Callable[[str], Fact]
    ) -> tuple[Seen[Fact], ...]:
        stories: dict[str, _Story] = defaultdict(_Story)
        said = tables.sayings.c
        living = select(tables.sayings).where(said.kind == word, said.has_ended.is_(False))
        for row in self._select_in(living, said.invoice_number, [number]):
            stories[row.name].now = said_of(row)
        self._add_steps(stories, self._kept(kind, [number]))
        return self._seen(stories, moment, decode)

    def _kept(self, kind: KeptKind, homes: Collection[str]) -> Iterable[StoredRow]:
        return self._select_in(select(tables.was).where(_was.kind == kind.value), _was.home, homes)

    @staticmethod
    def _add_steps(stories: dict[str, _Story], rows: Iterable[StoredRow]) -> None:
        for row in sorted(rows, key=lambda row: -row.position):
            stories[row.subject].steps.append((row.position, row.moment, row.record))

    def _seen(
        self, stories: Mapping[str, _Story], moment: StoreMoment, decode: Callable[[str], Fact]
    ) -> tuple[Seen[Fact], ...]:
        """Return what stood at the moment, in the order of the names that the journal has for it."""
        stood = [found for _, story in sorted(stories.items()) if (found := _stood(story, moment.number))]
        times = self._times({number for each in stood for number in (each.since, each.until) if number is not None})
        return tuple(
            Seen(
                fact=decode(encode(each.record)),
                since=times.get(each.since) if each.since else None,
                until=times.get(each.until) if each.until else None,
            )
            for each in stood
        )


def _place(
    xero_id: XeroPaymentId | None,
    case_id: int | str | None,
    bucket: Bucket,
    rule: Rule,
    reason: Reason | None,
    matched_how: MatchedHow | None,
) -> RowPlace:
    """Read a place, which is written by the order of its fields."""
    return RowPlace(
        xero_id=xero_id,
        case_id=None if case_id is None else CasePaymentId(case_id),
        bucket=bucket,
        rule=rule,
        reason=reason,
        matched_how=matched_how,
    )
