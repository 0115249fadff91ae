"""What the columns of Case Manager can take, and what becomes of the rest (R12, R28)."""

from dataclasses import replace
from datetime import date

import pytest

from cmxero_desktop.domain.correlation.writable import reference_as_written, why_not_written
from cmxero_desktop.domain.money import Money
from cmxero_desktop.domain.policy import Columns, Policy
from cmxero_desktop.domain.proposals import PaymentValues

AUD = "AUD"
POLICY = Policy(currency=AUD, notes_limit=20, reference_limit=9)
VALUES = PaymentValues(
    paid_on=date(2026, 11, 1), amount=Money.of("400.00", AUD), reference="R1", notes="note", payment_type="EFT"
)


@pytest.mark.parametrize(
    ("columns", "reference", "written"),
    [
        (Columns(), "Zoë 中😀", "Zoë 中😀"),
        (Columns(encoding="cp1252"), "Zoë 中€", "Zoë ?€"),
        (Columns(encoding="ascii"), "Zoë", "Zo?"),
        (Columns(is_basic_plane=True), "中😀", "中?"),
        (Columns(), "a\0b\tc\ud800d", "a b c d"),
        (Columns(), "12345678 90", "12345678"),
        (Columns(), " \n ", "there"),
    ],
)
def test_a_reference_is_shown_as_it_will_be_written(columns: Columns, reference: str, written: str) -> None:
    policy = replace(POLICY, columns=columns)
    assert reference_as_written(reference, "there", policy) == written
    assert not why_not_written(replace(VALUES, reference=written), None, policy)


def test_a_reference_that_is_there_already_stays_to_the_letter() -> None:
    """R14: a link of a payment whose reference holds a tab, or is too long for us, is no change of its reference."""
    assert reference_as_written("typed\tby hand  ", "typed\tby hand  ", POLICY) == "typed\tby hand  "


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (replace(VALUES, amount=Money.of("100000", AUD)), "more than Case Manager's column can hold"),
        (replace(VALUES, paid_on=date(999, 1, 1)), "cannot hold the date 0999-01-01"),
        (replace(VALUES, reference="r" * 10), "The reference would have 10 characters, and the column takes 9."),
        (replace(VALUES, notes="n" * 21), "The notes would have 21 characters, and the column takes 20."),
        (replace(VALUES, notes="a\0"), "cannot hold the character '\\x00'"),
        (replace(VALUES, notes="中"), "The column of the notes cannot hold the character '\\u4e2d'"),
    ],
)
def test_what_does_not_fit_is_refused_unless_it_is_there_already(values: PaymentValues, why: str) -> None:
    columns = Columns(
        largest_amount=Money.of("99999.99", AUD).amount, earliest_date=date(1000, 1, 1), encoding="cp1252"
    )
    policy = replace(POLICY, columns=columns)
    assert why in why_not_written(values, None, policy)
    assert why in why_not_written(values, VALUES, policy)
    assert not why_not_written(replace(values, payment_type="Cash"), values, policy)
