"""Add up the rows of a table by what they have in common: how many, and what they come to in each currency."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cmxero_desktop.domain.money import Money
from cmxero_desktop.ui.widgets.column import Column, R, SortKey

# By what a person may want sums, in this order, where a table has the column.
_WORTH_SUMS = (
    "bill_to",
    "invoice",
    "reason",
    "change",
    "how",
    "kind",
    "paid_to",
    "contact",
    "case",
    "state",
    "status",
    "proposal",
    "who",
    "what",
)


@dataclass(frozen=True, slots=True)
class Subtotal:
    """What rows with one text in a column come to; of rows in several currencies there is one for each.

    `left_out` of them are in no sum; where other rows of the same text are, these are no line of their own.
    """

    text: str
    rows: int
    amount: Money | None
    key: SortKey
    left_out: int = 0


def columns_worth_sums(columns: Iterable[Column[R]]) -> list[tuple[int, str]]:
    """Return the position and the title of each column by which sums make sense."""
    found = {column.key: (position, column.title) for position, column in enumerate(columns)}
    return [found[key] for key in _WORTH_SUMS if key in found]


def subtotals(rows: Iterable[R], column: Column[R], amount_of: Callable[[R], Money | None] | None) -> list[Subtotal]:
    """Add rows up by the text of a column, in the order of the column; any thread may ask."""
    counts: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], int] = {}
    keys: dict[str, SortKey] = {}
    for row in rows:
        text = column.text(row)
        if text not in keys:
            keys[text] = column.key_of(row)
        amount = amount_of(row) if amount_of is not None else None
        group = (text, amount.currency if amount is not None else "")
        counts[group] = counts.get(group, 0) + 1
        sums[group] = sums.get(group, 0) + (amount.minor if amount is not None else 0)
    left_out = {text: number for (text, currency), number in counts.items() if not currency}
    made = []
    for (text, currency), number in counts.items():
        if currency:
            beside = left_out.pop(text, 0)
            made.append(
                Subtotal(text, number + beside, Money.from_minor(sums[text, currency], currency), keys[text], beside)
            )
    made += [Subtotal(text, number, None, keys[text], number) for text, number in left_out.items()]
    return sorted(made, key=lambda subtotal: (subtotal.key, subtotal.text, str(subtotal.amount)))
