"""Money: a decimal amount with two places and its currency; never a float."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Self

CENT = Decimal("0.01")
# No receivable comes near it, and sums of ten thousand million such amounts are still exact in Decimal's 28 digits.
_TOO_LARGE = Decimal(10) ** 16


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, always with exactly two decimals.

    Build it with `of`, which refuses what is not whole cents.
    """

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Self:
        """Make money from an exact number of cents; raise ValueError for a third decimal, no number or far too much."""
        value = _number(amount)
        if not value.is_finite():
            message = f"{amount} is not an amount of money"
            raise ValueError(message)
        if abs(value) >= _TOO_LARGE:
            message = f"{amount} is too large to be an amount of money"
            raise ValueError(message)
        cents = value.quantize(CENT)
        if cents != value:
            message = f"{amount} has more than two decimals"
            raise ValueError(message)
        return cls(cents + 0, currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing of a currency."""
        return cls(Decimal("0.00"), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Self:
        """Return the money that `minor` cents are."""
        return cls(Decimal(minor).scaleb(-2), currency)

    @property
    def minor(self) -> int:
        """The amount in cents."""
        return int(self.amount.scaleb(2))

    def __add__(self, other: Self) -> Self:
        """Add money of the same currency."""
        self._require_same(other)
        return type(self)(self.amount + other.amount, self.currency)

    def __sub__(self, other: Self) -> Self:
        """Subtract money of the same currency."""
        self._require_same(other)
        return type(self)(self.amount - other.amount, self.currency)

    def __neg__(self) -> Self:
        """Return the opposite amount."""
        return type(self)(-self.amount + 0, self.currency)

    def __str__(self) -> str:
        """Return the amount as accountants read it, such as `1,500.00`."""
        return f"{self.amount:,.2f}"

    def _require_same(self, other: Self) -> None:
        if self.currency != other.currency:
            message = f"{self.currency} and {other.currency} cannot be added"
            raise ValueError(message)


def _number(amount: Decimal | int | str) -> Decimal:
    try:
        return Decimal(amount)
    except DecimalException as error:
        message = f"{amount} is not an amount of money"
        raise ValueError(message) from error


def named_money(money: Money, home: str) -> str:
    """Write an amount, with its currency where that is not the one at home; where `home` is empty, it is."""
    return f"{money} {money.currency}" if home and money.currency != home else str(money)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts that are all in `currency`; nothing adds up to zero."""
    nothing = Money.zero(currency)
    value = nothing.amount
    # Lists are long, and a record for each step would cost more than the sum.
    for amount in amounts:
        nothing._require_same(amount)  # noqa: SLF001 - of the same class
        value += amount.amount
    return Money(value, currency)
