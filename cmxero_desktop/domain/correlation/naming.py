"""Bound what a row names: of many payments the nearest and how many more there are, and one hash of them all (R31)."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from cmxero_desktop.domain.correlation.sketches import Sketch, Sketched
from cmxero_desktop.domain.identifiers import Fingerprint
from cmxero_desktop.domain.proposals import MOST_NAMED, whole_of
from cmxero_desktop.domain.records import CasePayment, XeroPayment


@dataclass(frozen=True, slots=True)
class Named:
    """Payments of Case Manager that a row names; where they are not all, how many more, and the hash of all of them."""

    payments: tuple[CasePayment, ...]
    more: int = 0
    whole: tuple[Fingerprint, ...] = ()


def first_named(payments: Sequence[CasePayment]) -> Named:
    """Name the first of them, for whoever says the same of every row."""
    if len(payments) <= MOST_NAMED:
        return Named(tuple(payments))
    return Named(tuple(payments[:MOST_NAMED]), len(payments) - MOST_NAMED, (whole_of(payments),))


class Beside:
    """The leftovers of one invoice as each of its rows names them: all where they are few, else those next to it.

    Next to a row is what stands next to it by amount and date, so that twelve are found without looking at all.
    """

    def __init__(self, sketched: Sketched) -> None:
        self._all = tuple(m.payment for m in sketched.leftovers)
        # A row's own copy does not stand beside it.
        is_few = len(self._all) <= MOST_NAMED + 1
        self._place = {} if is_few else {p.payment_id: place for place, p in enumerate(self._all)}
        self._order = [] if is_few else sorted(range(len(self._all)), key=lambda at: (*_value(self._all[at]), at))
        self._values = [_value(self._all[at]) for at in self._order]
        self._whole = () if is_few else (whole_of(self._all),)

    def of(self, sketch: Sketch) -> Named:
        """Return what stands beside a row, in the order of keys."""
        own = sketch.case.payment_id if sketch.case is not None else None
        if not self._order:
            beside = tuple(p for p in self._all if p.payment_id != own)
            return first_named(beside)
        own_place = self._place.get(own) if own is not None else None
        payment = sketch.xero or sketch.case
        at = bisect_left(self._values, _value(payment)) if payment is not None else 0
        begin = max(0, min(at - MOST_NAMED // 2, len(self._order) - MOST_NAMED - 1))
        near = [place for place in self._order[begin : begin + MOST_NAMED + 1] if place != own_place][:MOST_NAMED]
        count = len(self._all) - (own_place is not None)
        return Named(tuple(self._all[place] for place in sorted(near)), count - len(near), self._whole)


def _value(payment: CasePayment | XeroPayment) -> tuple[int, int]:
    return payment.amount.minor, payment.paid_on.toordinal()
