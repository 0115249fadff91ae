"""A flag that is taken out must be missed: alone, or once what stands in front of it is gone as well.

Not missed are the flags that no money can be doubled without. On removals alone, which never go in bulk: no_identity,
over_limit, resettled. On what bulk notes at its first check already: never_noted. About something
else than money that stands twice: before_start, closed_period, not_bank, sor. Beside what is flagged all the same,
since both ledgers then differ on the invoice: copied_twice, number_shared, renumbered; they block, or say why, where
a person decides one by one.
"""

from collections.abc import Collection

import pytest

from cmxero_desktop.domain.proposals import Flag
from tests.support.made_once import made_once
from tests.truth.campaign import run
from tests.truth.firms import Style
from tests.truth.invoice_stories import key_used_again
from tests.truth.story import Tale
from tests.truth.typing_stories import (
    copy_on_wrong_invoice,
    net_of_fee,
    other_date,
    typed_on_wrong_invoice,
    whole_on_one,
)
from tests.truth.wandering_stories import typed_in_pieces_elsewhere, typed_in_pieces_on_several
from tests.truth.xero_stories import bounced, edited_ahead, entered_twice, locked_edited, moved, split

INVOICES = 160
BESIDE, BALANCE, FAR = Flag.BESIDE_UNMATCHED, Flag.BALANCE_DIFFERS, Flag.FAR_EDIT


def faults(tale: Tale, without: frozenset[Flag], figure: str, invoices: int = INVOICES) -> int:
    """Return how often it goes wrong in a firm in which nothing but this happens."""
    style = Style(name=f"only {tale.__name__}", mistakes=1.0, tales={tale: 1})
    key = f"{style.name}, {invoices}, without {', '.join(sorted(without))}"
    found: int = getattr(made_once(key, lambda: run(style, 1, invoices, without=without)), figure).total()
    return found


@pytest.mark.parametrize(
    ("flag", "tale", "figure"),
    [
        (BESIDE, split, "doubled"),
        (Flag.TWIN, entered_twice, "doubled"),
        (Flag.LEFTOVER_ELSEWHERE, typed_on_wrong_invoice, "across"),
        (Flag.LEFTOVER_ELSEWHERE, typed_in_pieces_elsewhere, "across"),
        (Flag.LEFTOVER_ELSEWHERE, typed_in_pieces_on_several, "across"),
        (Flag.SAME_REMITTANCE, whole_on_one, "across"),
        (Flag.MOVED, moved, "across"),
        (Flag.NAMED_ELSEWHERE, copy_on_wrong_invoice, "across"),
        (FAR, bounced, "merged"),
        (Flag.REPLACEMENT_AHEAD, edited_ahead, "lost"),
    ],
)
def test_a_flag_that_is_taken_out_is_missed(flag: Flag, tale: Tale, figure: str) -> None:
    assert faults(tale, frozenset({flag}), figure) > INVOICES // 20
    assert not faults(tale, frozenset(), figure)


def test_a_copy_that_somebody_changed_is_not_overwritten_in_bulk() -> None:
    assert faults(key_used_again, frozenset({Flag.EDITED_HERE}), "lost", 2 * INVOICES) > 1


@pytest.mark.parametrize(
    ("flag", "first", "tale", "figure"),
    [
        (BALANCE, {BESIDE}, net_of_fee, "doubled"),
        (Flag.JOURNALLED_COUNTERPART, {BESIDE, BALANCE}, locked_edited, "doubled"),
        (Flag.WOULD_OVERPAY, {BESIDE, BALANCE}, net_of_fee, "doubled"),
        (Flag.NEAR_DOUBLE, {BESIDE, BALANCE}, other_date, "doubled"),
        (Flag.FORMER_ORIGINAL, {FAR}, bounced, "merged"),
    ],
)
def test_a_flag_behind_others_is_missed_once_they_are_gone(
    flag: Flag, first: Collection[Flag], tale: Tale, figure: str
) -> None:
    assert faults(tale, frozenset({*first, flag}), figure) > faults(tale, frozenset(first), figure)


def test_money_of_months_ago_is_not_accepted_as_what_its_wrong_invoice_got_since() -> None:
    """Of one standard fee both invoices agree with Xero then, and no list shows that a receipt stands twice."""
    style = Style(name="wrong", mistakes=0.3, tales={typed_on_wrong_invoice: 1}, has_standard_fees=True)
    assert not run(style, 4, 400).unseen
