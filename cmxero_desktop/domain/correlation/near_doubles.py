"""What makes two payments near doubles, which the screen calls close doubles: almost the same, maybe one money (R23).

`besides` flags by it, `pairing` asks whether what a person linked is still near, `domain.decisions` what may be linked.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

from cmxero_desktop.domain.policy import Policy
from cmxero_desktop.domain.proposals import MOST_NAMED
from cmxero_desktop.domain.records import CasePayment, XeroPayment

_SMALL_DIFFERENCE = Decimal("1.00")
_SMALL_MINOR = 100
_SWAPPED_POSITIONS = 2


def is_near_double(xero: XeroPayment, case: CasePayment, policy: Policy) -> bool:
    """Say whether one of the two may be a mistyped copy of the other: close in date, or close in amount."""
    if xero.amount == case.amount:
        return abs((xero.paid_on - case.paid_on).days) <= policy.near_days
    if xero.paid_on != case.paid_on:
        return False
    return abs(xero.amount.amount - case.amount.amount) <= _SMALL_DIFFERENCE or has_swapped_digits(
        xero.amount.minor, case.amount.minor
    )


def has_swapped_digits(one: int, other: int) -> bool:
    """Say whether two amounts in cents differ by exactly two digits that changed places."""
    left, right = str(one), str(other)
    if len(left) != len(right):
        return False
    differing = [place for place in range(len(left)) if left[place] != right[place]]
    if len(differing) != _SWAPPED_POSITIONS:
        return False
    first, second = differing
    return left[first] == right[second] and left[second] == right[first]


class CloseDoubles:
    """Finds the near doubles of many payments among many without comparing each with each."""

    def __init__(self, payments: Sequence[CasePayment], policy: Policy) -> None:
        self._payments = payments
        self._near_days = policy.near_days
        self._days = _sorted_by((p.amount, (p.paid_on.toordinal(), at)) for at, p in enumerate(payments))
        self._cents = _sorted_by((p.paid_on, (p.amount.minor, at)) for at, p in enumerate(payments))

    def of(self, xero: XeroPayment) -> tuple[tuple[CasePayment, ...], int]:
        """Return the nearest twelve in the order of the payments, and how many more there are."""
        day, cents = xero.paid_on.toordinal(), xero.amount.minor
        same = _Range(self._days.get(xero.amount, ()), day, self._near_days)
        close = _Range(self._cents.get(xero.paid_on, ()), cents, _SMALL_MINOR)
        equal = _Range(close.entries, cents, 0)
        swapped = [self._of(xero.paid_on, other) for other in _swapped(cents) if abs(other - cents) > _SMALL_MINOR]
        count = len(same) + len(close) - len(equal) + sum(len(one) for one in swapped)
        if not count:
            return (), 0
        places = {at for one in (same, close, *swapped) for at in one.nearest()}
        nearest = sorted(places, key=lambda at: self._distance(at, day, cents))[:MOST_NAMED]
        return tuple(self._payments[at] for at in sorted(nearest)), count - len(nearest)

    def _of(self, on: date, cents: int) -> "_Range":
        return _Range(self._cents.get(on, ()), cents, 0)

    def _distance(self, at: int, day: int, cents: int) -> tuple[int, int, int]:
        payment = self._payments[at]
        return abs(payment.amount.minor - cents), abs(payment.paid_on.toordinal() - day), at


_Entry = tuple[int, int]


class _Range:
    """Those of sorted figures that lie within so much of one; each figure stands with the place of its payment."""

    def __init__(self, entries: Sequence[_Entry], middle: int, within: int) -> None:
        self.entries, self._middle = entries, middle
        self._begin = bisect_left(entries, (middle - within, -1))
        self._end = bisect_left(entries, (middle + within + 1, -1))

    def __len__(self) -> int:
        return self._end - self._begin

    def nearest(self) -> Iterator[int]:
        """Return the places of the twelve nearest on either side; of equal ones those of the first payments."""
        at = bisect_left(self.entries, (self._middle, -1), self._begin, self._end)
        yield from (place for _, place in self.entries[at : min(self._end, at + MOST_NAMED)])
        end = at
        for _ in range(MOST_NAMED):
            if end <= self._begin:
                return
            begin = bisect_left(self.entries, (self.entries[end - 1][0], -1), self._begin, end)
            yield from (place for _, place in self.entries[begin : min(end, begin + MOST_NAMED)])
            end = begin


def _sorted_by(entries: Iterable[tuple[Hashable, _Entry]]) -> Mapping[Hashable, Sequence[_Entry]]:
    found: dict[Hashable, list[_Entry]] = defaultdict(list)
    for key, entry in entries:
        found[key].append(entry)
    for one in found.values():
        one.sort()
    return found


def _swapped(cents: int) -> Iterable[int]:
    """Return what the amount becomes where two of its digits change places."""
    digits = str(abs(cents))
    found = set()
    for one, other in combinations(range(len(digits)), _SWAPPED_POSITIONS):
        swapped = list(digits)
        swapped[one], swapped[other] = digits[other], digits[one]
        if swapped[0] != "0":
            found.add(int("".join(swapped)))
    return found - {cents}
