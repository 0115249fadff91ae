"""The payments that make up the difference between both sides, and what they come to for each payer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cmxero_desktop.domain.money import Money, total
from cmxero_desktop.domain.tie_out import is_step
from cmxero_desktop.services.viewing.desk_view import DeskView, PaymentRow


@dataclass(frozen=True, slots=True)
class ApartSum:
    """How many payments of a payer are apart, and what Case Manager counts more because of them; less is negative."""

    bill_to: str
    payments: int
    less_xero: Money


def rows_apart(view: DeskView, currency: str) -> Iterator[PaymentRow]:
    """Yield the rows that lead from Xero's total to Case Manager's, those of the statement's lines and no others."""
    for each in (*view.unmatched, *view.skipped, *view.matched):
        if is_step(each.placement, currency):
            yield each


def by_bill_to(rows: Iterable[PaymentRow], currency: str) -> tuple[ApartSum, ...]:
    """Add up rows by who pays, by name; money in another currency takes no part in the sums."""
    found: dict[str, list[Money]] = defaultdict(list)
    for row in rows:
        apart = row.less_xero
        found[row.bill_to].append(apart if apart is not None and apart.currency == currency else Money.zero(currency))
    return tuple(ApartSum(name, len(sums), total(sums, currency)) for name, sums in sorted(found.items()))
