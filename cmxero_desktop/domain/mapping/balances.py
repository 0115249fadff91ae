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
_MOST_NAMED = 3
Amounts = Mapping[Value, Decimal]
_NOTHING: Amounts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proof:
    """What balances say of one way to add them up."""

    points: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Balances and totals of invoices by their keys, and what was paid; `column` names the balances, if any.

    `numbers` are what persons call the invoices.
    """

    invoices: SeenTable
    key: str
    numbers: Mapping[Value, str] = field(default_factory=lambda: MappingProxyType({}))
    column: str = ""
    owed: Amounts = field(default_factory=lambda: _NOTHING)
    totals: Amounts = field(default_factory=lambda: _NOTHING)
    paid: Amounts = field(default_factory=lambda: _NOTHING)

    def of_nothing(self) -> Proof:
        """Say whether balances are totals less payments."""
        agreed = self._agreed(_NOTHING)
        if not agreed.share.is_proof:
            return Proof()
        said = f"{self.column} is the total less the payments for {agreed.share} invoices"
        return Proof(_POINTS, (f"{said}{self._but_not(agreed)}.",))

    def of_column(self, column: str) -> Proof:
        """Say whether balances also hold what stands in a column of the invoices."""
        return self._proof(signed_by_key(self.invoices, self.key, column))

    def of_rows(self, table: SeenTable, invoice: str, amount: str) -> Proof:
        """Say whether balances also hold what the rows of a table add up to."""
        sums = signed_by_key(table, invoice, amount)
        proof = self._proof(sums)
        return proof if proof.points else self._proof({key: -amount for key, amount in sums.items()})

    def _proof(self, more: Amounts) -> Proof:
        agreed = self._agreed(more)
        if not agreed.share.is_proof or agreed.share.hits <= self._agreed(_NOTHING).share.hits:
            return Proof()
        return Proof(_POINTS, (f"With it, {self.column} adds up for {agreed.share} invoices{self._but_not(agreed)}.",))

    def _but_not(self, agreed: "_Agreed") -> str:
        """Name those for which it does not, the first of many, and say what that means."""
        if not agreed.others:
            return ""
        named = [self.numbers.get(key) or str(key) for key in agreed.others[:_MOST_NAMED]]
        more = f" and {len(agreed.others) - _MOST_NAMED:,} more" if agreed.others[_MOST_NAMED:] else ""
        them = "that one" if len(agreed.others) == 1 else "those"
        return (
            f", but not for {', '.join(named)}{more}: look at {them} in Case Manager; something else may be counted "
            "there, or a balance be wrong. So few do not speak against the answer"
        )

    def _agreed(self, more: Amounts) -> "_Agreed":
        zero = Decimal(0)
        both = [key for key in self.owed if key in self.totals]
        others = [
            key for key in both if self.owed[key] != self.totals[key] + more.get(key, zero) - self.paid.get(key, zero)
        ]
        return _Agreed(Share(len(both) - len(others), len(both)), tuple(others))


@dataclass(frozen=True, slots=True)
class _Agreed:
    """For how many invoices balances add up, and the keys of the others."""

    share: Share
    others: tuple[Value, ...]


def signed_by_key(table: SeenTable, key: str, amount: str) -> Amounts:
    """Add up the amounts of the rows of each key, with their sign."""
    sums: dict[Value, Decimal] = defaultdict(Decimal)
    for value, number in zip(table.keys[key], table.values(amount), strict=True):
        sums[value] += number_of(number) or Decimal(0)
    return sums
