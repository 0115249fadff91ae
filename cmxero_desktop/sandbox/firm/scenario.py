"""One named situation of the invented firm: its invoices, and what is to be decided about them."""

from collections.abc import Callable
from dataclasses import dataclass

from cmxero_desktop.sandbox.firm.books import PREFIX, Books


@dataclass(frozen=True, slots=True)
class Scenario:
    """One situation. `expected` says what becomes of it, invoice by invoice where they differ."""

    number: int
    name: str
    expected: str
    invoices: tuple[int, ...]
    build: Callable[[Books], None]

    @property
    def invoice_numbers(self) -> tuple[str, ...]:
        """Return the numbers as Xero shows them."""
        return tuple(f"{PREFIX}{number}" for number in self.invoices)
