"""Proves by a column of balances what an invoice owes: its total with adjustments, less what was paid."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from cmxero_desktop.domain.mapping.agreement import Share
from cmxero_desktop.domain.mapping.column_facts import Value, number_of
from cmxero_desktop.domain.mapping.seen import SeenTable

_POINTS = 20
Amounts = Mapping[Value, Decimal]
_NOTHING: Amounts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proof:
    """What balances say of one way to add them up."""

    points: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Balances and totals of invoices by their keys, and what was paid; `column` names the balances, if any."""

    invoices: SeenTable
    key: str
    column: str = ""
    owed: Amounts = field(default_factory=lambda: _NOTHING)
    totals: Amounts = field(default_factory=lambda: _NOTHING)
    paid: Amounts = field(default_factory=lambda: _NOTHING)

    def of_nothing(self) -> Proof:
        """Say whether balances are totals less payments."""
        share = self._share(_NOTHING)
        if not share.is_proof:
            return Proof()
        return Proof(_POINTS, (f"{self.column} is the total less the payments for {share} invoices.",))

    def of_column(self, column: str) -> Proof:
        """Say whether balances also hold what stands in a column of the invoices."""
        return self._proof(signed_by_key(self.invoices, self.key, column))

    def of_rows(self, table: SeenTable, invoice: str, amount: str) -> Proof:
        """Say whether balances also hold what the rows of a table add up to."""
        sums = signed_by_key(table, invoice, amount)
        proof = self._proof(sums)
        return proof if proof.points else self._proof({key: -amount for key, amount in sums.items()})

    def _proof(self, more: Amounts) -> Proof:
        share = self._share(more)
        if not share.is_proof or share.hits <= self._share(_NOTHING).hits:
            return Proof()
        return Proof(_POINTS, (f"With it, {self.column} adds up for {share} invoices.",))

    def _share(self, more: Amounts) -> Share:
        zero = Decimal(0)
        both = [key for key in self.owed if key in self.totals]
        hits = sum(self.owed[key] == self.totals[key] + more.get(key, zero) - self.paid.get(key, zero) for key in both)
        return Share(hits, len(both))


def signed_by_key(table: SeenTable, key: str, amount: str) -> Amounts:
    """Add up the amounts of the rows of each key, with their sign."""
    sums: dict[Value, Decimal] = defaultdict(Decimal)
    for value, number in zip(table.keys[key], table.values(amount), strict=True):
        sums[value] += number_of(number) or Decimal(0)
    return sums
