"""The clean-up of old leftovers in one act, at every check: it doubles no money and hides none that may stand twice."""

import pytest

from cmxero_desktop.domain.memory import Explained
from cmxero_desktop.domain.policy import Policy
from tests.truth.books import AUD
from tests.truth.campaign import FIGURES, Tally, drive, run
from tests.truth.firms import MISLED, Firm
from tests.truth.in_memory import InMemory
from tests.truth.judging import Judge

_SEED, _INVOICES = 1, 500


class SayingTooMuch(InMemory):
    """The rules, with a clean-up that calls all it finds other money, as nobody may in bulk."""

    bulk_word = Explained.OTHER


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_set_aside_at_every_check_hides_no_money_of_another_invoice(seed: int) -> None:
    tally = run(MISLED, seed, _INVOICES)
    assert tally.set_aside > 50
    assert not any(getattr(tally, figure) for figure in FIGURES), tally.table()


def test_what_is_set_aside_changes_nothing_that_goes_in_bulk() -> None:
    with_it, without = (run(MISLED, 3, _INVOICES, with_cleanup=cleanup) for cleanup in (True, False))
    assert with_it.set_aside
    assert (with_it.clean_in_bulk, with_it.clean) == (without.clean_in_bulk, without.clean)


def test_to_say_more_than_that_in_bulk_would_double_money() -> None:
    firm = Firm(MISLED, _SEED, _INVOICES)
    judge, tally = Judge(firm), Tally()
    program = SayingTooMuch(firm.books, Policy(currency=AUD, forward_dating_days=5))
    tally.add(judge, drive(firm, program, judge), without_strays=True)
    assert tally.across
    assert tally.unseen
