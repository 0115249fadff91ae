"""Adds up the figures of an invoice that stand row by row in a table of their own (R24a)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cmxero_desktop.adapters.casemanager.assembling import key_or_none
from cmxero_desktop.adapters.casemanager.decoding import ForeignValueError, amount_of
from cmxero_desktop.adapters.casemanager.mapping import Sum, Told
from cmxero_desktop.adapters.casemanager.rows import Key, Row, teller

SUM_FIELDS = ("invoice", "amount", "where")


def summed(rows: Iterable[Row], one: Sum) -> Mapping[Key, object]:
    """Return the sum of each invoice; where a row's amount is none, that amount, so that its invoice is unreadable.

    An empty amount adds nothing, and a row without an invoice counts nowhere.
    """
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    spoilt: dict[Key, object] = {}
    is_meant = teller(one.where)
    for invoice, amount, mark in rows:
        key = key_or_none(invoice)
        if key is None or amount is None or amount == "" or not (one.where.told is Told.NEVER or is_meant(mark)):
            continue
        try:
            sums[key] += amount_of(amount, "amount")
        except ForeignValueError:
            spoilt[key] = amount
    return {key: -total if one.is_negative else total for key, total in sums.items()} | spoilt
