"""What amounts and numbers say of each other: the strongest tells there are, for they need no names.

An invoice that was paid in full has payments that add up to its total; and what Xero says of an invoice is known.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cmxero_desktop.domain.mapping.column_facts import Value, day_of, number_text
from cmxero_desktop.domain.mapping.marks import Mark, counting
from cmxero_desktop.domain.mapping.seen import KnownSide, SeenTable

_FEWEST = 4
_MOST = 9, 10


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int = 0
    of: int = 0

    @property
    def is_proof(self) -> bool:
        """Whether nearly all agree, and there are enough of them."""
        return self.of >= _FEWEST and self.hits * _MOST[1] >= self.of * _MOST[0]

    @property
    def is_sign(self) -> bool:
        """Whether at least a third agree, which chance does not bring about."""
        return self.hits >= _FEWEST and self.hits * 3 >= self.of

    def __str__(self) -> str:
        """Return the two numbers as a sentence has them."""
        return f"{self.hits:,} of {self.of:,}"


def amounts_by_key(table: SeenTable, key: str, amount: str, marks: Collection[Mark] = ()) -> Mapping[Value, Decimal]:
    """Add up the amounts of the rows of each key, without their sign; of one table each only once."""
    asked = (key, amount, *marks)
    if asked not in table.added:
        sums: dict[Value, Decimal] = defaultdict(Decimal)
        for value, one, counts in zip(table.keys[key], table.amounts[amount], counting(table, marks), strict=False):
            if counts and one is not None and value is not None:
                sums[value] += one
        table.added[asked] = dict(sums)
    return table.added[asked]


def paid_exactly(totals: Mapping[Value, Decimal], paid: Mapping[Value, Decimal]) -> Share:
    """Say of how many invoices with payments these add up to the total."""
    both = [key for key, total in totals.items() if total and key in paid]
    return Share(sum(paid[key] == totals[key] for key in both), len(both))


def numbers_known(table: SeenTable, number: str, known: KnownSide) -> Share:
    """Say how many of Xero's invoices have their number in a column."""
    there = {number_text(value) for value in table.facts[number].counts}
    return Share(len(there & known.invoices.keys()), len(known.invoices))


def totals_known(table: SeenTable, number: str, total: str, known: KnownSide) -> Share:
    """Say of how many invoices that Xero knows the total is the same."""
    hits = of = 0
    for text, amount in zip(table.values(number), table.amounts[total], strict=True):
        invoice = known.invoices.get(number_text(text))
        if invoice is not None and amount is not None:
            of += 1
            hits += amount == abs(invoice.total)
    return Share(hits, of)


def numbers_by_key(table: SeenTable, key: str, number: str) -> Mapping[Value, str]:
    """Return the invoice numbers by their keys."""
    pairs = zip(table.keys[key], table.values(number), strict=True)
    return {value: number_text(text) for value, text in pairs if value is not None}


def payments_known(
    table: SeenTable, numbers: Mapping[Value, str], columns: tuple[str, str, str | None], known: KnownSide
) -> Share:
    """Say how many payments of Xero stand in a table; `columns` are those of the invoice's key, the amount and the day.

    Where no column of the day is given, it is not compared.
    """
    of_key, of_amount, of_day = columns
    days = [day_of(value) for value in table.values(of_day)] if of_day is not None else [None] * len(table.rows)
    there: Counter[tuple[str, Decimal, date | None]] = Counter()
    found = set(numbers.values())
    for key, amount, day in zip(table.keys[of_key], table.amounts[of_amount], days, strict=True):
        number = numbers.get(key)
        if number is not None and number in known.invoices and amount is not None:
            there[number, amount, day] += 1
    wanted = Counter(
        (invoice.number, amount, None if of_day is None else day)
        for invoice in known.invoices.values()
        if invoice.number in found
        for day, amount in invoice.payments
    )
    return Share((wanted & there).total(), wanted.total())
