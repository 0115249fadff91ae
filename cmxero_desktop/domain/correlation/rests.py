"""Say what the additions and changes of its own invoice leave of a payment that was deleted there (R16b)."""

from bisect import bisect_left
from collections.abc import Collection, Sequence

from cmxero_desktop.domain.correlation.sketches import Sketch
from cmxero_desktop.domain.proposals import MOST_NAMED
from cmxero_desktop.domain.records import XeroPayment
from cmxero_desktop.domain.scope import xero_order


class Entries:
    """The entries of one invoice; of many, those of about a payment's date are looked at as parts of it."""

    def __init__(self, entries: Sequence[Sketch]) -> None:
        paid = sorted(((s.xero, s.amount.minor) for s in entries if s.xero is not None), key=lambda e: xero_order(e[0]))
        self._amounts = {xero.amount for xero, _ in paid}
        self._references = {xero.reference.strip() for xero, _ in paid} - {""}
        self._days = [xero.paid_on for xero, _ in paid]
        self._parts = [cents for _, cents in paid]
        self._sum = sum(self._parts)

    def replace(self, deleted: XeroPayment) -> bool:
        """Say whether one of them has its amount or its reference."""
        return deleted.amount in self._amounts or deleted.reference.strip() in self._references

    def rests_of(self, deleted: XeroPayment) -> set[int]:
        """Return what is left of it where a part, or all of them together, was entered again; twelve are tried."""
        whole = deleted.amount.minor
        return {whole - part for part in (*self._about(deleted), self._sum) if 0 < part < whole}

    def _about(self, deleted: XeroPayment) -> Collection[int]:
        if len(self._parts) <= MOST_NAMED:
            return self._parts
        begin = bisect_left(self._days, deleted.paid_on) - MOST_NAMED // 2
        begin = max(0, min(begin, len(self._parts) - MOST_NAMED))
        return self._parts[begin : begin + MOST_NAMED]
