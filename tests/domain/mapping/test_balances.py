"""What a column of balances proves is said with the invoices for which it does not add up."""

from decimal import Decimal

import pytest

from cmxero_desktop.domain.mapping.balances import Balances
from cmxero_desktop.domain.mapping.seen import SeenTable, TablePlace

NOBODY = SeenTable(place=TablePlace(name="invoices"), columns=(), rows=(), row_count=0)


def proved(wrong: int, of: int = 40) -> str:
    """Return what is said of invoices of which the first ones owe another sum than their payments leave."""
    keys = range(1, of + 1)
    balances = Balances(
        invoices=NOBODY,
        key="id",
        column="balance",
        numbers={key: f"102{key:02}" for key in keys},
        owed={key: Decimal(41 if key <= wrong else 40) for key in keys},
        totals=dict.fromkeys(keys, Decimal(100)),
        paid=dict.fromkeys(keys, Decimal(60)),
    )
    return " ".join(balances.of_nothing().reasons)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (1, "39 of 40 invoices, but not for 10201: look at that one in Case Manager; "),
        (2, "38 of 40 invoices, but not for 10201, 10202: look at those in Case Manager; "),
        (4, "36 of 40 invoices, but not for 10201, 10202, 10203 and 1 more: look at those in Case Manager; "),
    ],
)
def test_those_that_do_not_add_up_are_named_by_their_numbers(wrong: int, named: str) -> None:
    said = proved(wrong)
    assert named in said
    assert said.endswith("So few do not speak against the answer.")


def test_nothing_more_is_said_where_all_add_up_and_nothing_where_many_do_not() -> None:
    assert proved(0) == "balance is the total less the payments for 40 of 40 invoices."
    assert proved(9) == ""
