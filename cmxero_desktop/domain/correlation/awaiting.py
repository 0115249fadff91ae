"""Find the additions and changes that an unmatched payment may be the money of, the nearest first (R23b)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from cmxero_desktop.domain.correlation.explaining import PAYER_DAYS
from cmxero_desktop.domain.correlation.findings import Board, Place, entries_of
from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.records import CasePayment, XeroPayment

# An invoice with more entries and deleted amounts than this keeps its entries once for all of these amounts.
_MOST_LISTED = 144
# More days than any two dates are apart.
_ANY = 10_000_000


@dataclass(frozen=True, slots=True)
class MoneyIn:
    """An addition or a change that other money may be, with who pays it as Xero and as Case Manager name them."""

    place: Place
    xero: XeroPayment
    payers: frozenset[str]


def payer_name(name: str) -> str:
    """Return a payer's name as names are compared."""
    return name.strip().casefold()


class Awaiting:
    """All entries by their own amount, and by those of the payments that were deleted on their invoice."""

    def __init__(self, board: Board, policy: Policy) -> None:
        self._policy = policy
        self._own: dict[int, _Entries] = defaultdict(_Entries)
        self._gone: dict[int, _Entries] = defaultdict(_Entries)
        self._large: dict[int, list[_Entries]] = defaultdict(list)
        by_invoice: dict[str, list[MoneyIn]] = defaultdict(list)
        for number, sketch, xero in entries_of(board.invoices):
            sketched = board.invoices[number]
            invoice = sketched.snapshot.xero_invoice
            payer = xero.contact_name or (invoice.contact_name if invoice is not None else "")
            billed = sketched.snapshot.case_invoice.bill_to if sketched.snapshot.case_invoice is not None else ""
            names = frozenset({payer_name(payer), payer_name(billed)} - {""})
            by_invoice[number].append(MoneyIn(Place(number, sketch.key), xero, names))
        for number, entries in by_invoice.items():
            for entry in entries:
                self._own[entry.xero.amount.minor].add(entry)
            self._add_gone(entries, {p.amount.minor for p in board.invoices[number].deleted})

    def _add_gone(self, entries: Sequence[MoneyIn], amounts: Iterable[int]) -> None:
        amounts = sorted(amounts)
        if len(entries) * len(amounts) <= _MOST_LISTED:
            for amount in amounts:
                for entry in entries:
                    self._gone[amount].add(entry)
            return
        together = _Entries()
        for entry in entries:
            together.add(entry)
        for amount in amounts:
            self._large[amount].append(together)

    def amounts(self) -> Mapping[int, object]:
        """Return the amounts that entries have themselves."""
        return self._own

    def for_amount(self, stray: CasePayment, payer: str, number: str, cents: int, most: int) -> Sequence[MoneyIn]:
        """Return the entries of an amount that a payment of another invoice is nearest to, so many of each likeness."""
        return self._near([self._own[cents]] if cents in self._own else [], stray, payer, number, most)

    def for_deleted(self, stray: CasePayment, payer: str, number: str, most: int) -> Sequence[MoneyIn]:
        """Return those of invoices on which a payment of its amount was deleted."""
        cents = stray.amount.minor
        there = [*([self._gone[cents]] if cents in self._gone else []), *self._large.get(cents, ())]
        return self._near(there, stray, payer, number, most)

    def _near(
        self, there: Iterable["_Entries"], stray: CasePayment, payer: str, number: str, most: int
    ) -> Sequence[MoneyIn]:
        reference, name, near = stray.reference.strip(), payer_name(payer), self._policy.near_days
        day = stray.paid_on.toordinal()
        found: dict[Place, MoneyIn] = {}
        for entries in there:
            for key, within in (
                ((reference, name), _ANY if reference else -1),
                ((reference, None), _ANY if reference else -1),
                ((None, name), max(near, PAYER_DAYS)),
                ((None, None), near),
            ):
                found |= {e.place: e for e in entries.nearest(key, day, number, most, within)}
        return tuple(found.values())


class _Entries:
    """Entries by reference and payer, by one of them, and all: each by day, and each day's by invoice."""

    def __init__(self) -> None:
        self._days: dict[Hashable, _Days] = defaultdict(_Days)

    def add(self, entry: MoneyIn) -> None:
        reference = entry.xero.reference.strip()
        for name in (*entry.payers, None):
            self._days[None, name].add(entry)
            if reference:
                self._days[reference, name].add(entry)

    def nearest(self, key: Hashable, day: int, number: str, most: int, within: int) -> Iterable[MoneyIn]:
        return self._days[key].nearest(day, number, most, within) if within >= 0 and key in self._days else ()


class _Days:
    """Entries of one likeness by day."""

    def __init__(self) -> None:
        self._by_day: dict[int, dict[str, list[MoneyIn]]] = defaultdict(lambda: defaultdict(list))
        self._numbers: set[str] = set()
        self._order: list[int] = []

    def add(self, entry: MoneyIn) -> None:
        self._by_day[entry.xero.paid_on.toordinal()][entry.place.number].append(entry)
        self._numbers.add(entry.place.number)

    def nearest(self, day: int, number: str, most: int, within: int) -> Iterable[MoneyIn]:
        """Return the nearest of other invoices, all days of the last distance included."""
        if self._numbers == {number}:
            return ()
        if len(self._order) != len(self._by_day):
            self._order = sorted(self._by_day)
            self._by_day = {at: {n: _sorted(own) for n, own in sorted(self._by_day[at].items())} for at in self._order}
        found: list[MoneyIn] = []
        for distance, days in self._outwards(day):
            if distance > within or len(found) >= most:
                break
            for at in days:
                own = (e for n, entries in self._by_day[at].items() if n != number for e in entries)
                found += islice(own, most)
        return found

    def _outwards(self, day: int) -> Iterator[tuple[int, Sequence[int]]]:
        """Walk from a day to both sides, the nearer one first."""
        after = bisect_left(self._order, day)
        before = after - 1
        while before >= 0 or after < len(self._order):
            back = day - self._order[before] if before >= 0 else _ANY
            on = self._order[after] - day if after < len(self._order) else _ANY
            distance = min(back, on)
            days = [self._order[at] for at, gap in ((before, back), (after, on)) if gap == distance]
            before, after = before - (back == distance), after + (on == distance)
            yield distance, days


def _sorted(entries: Iterable[MoneyIn]) -> list[MoneyIn]:
    return sorted(entries, key=lambda e: e.place.key)
