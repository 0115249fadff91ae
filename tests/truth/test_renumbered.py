"""Firms whose invoices get other numbers: no money may stand twice, nor on an invoice that is not its own (R1)."""

import logging
import os

import pytest

from cmxero_desktop.domain.policy import Policy
from tests.truth.books import AUD
from tests.truth.campaign import FIGURES, Tally, drive
from tests.truth.firms import RENUMBERED, Firm
from tests.truth.in_memory import InMemory
from tests.truth.judging import Judge

INVOICES = int(os.environ.get("TRUTH_INVOICES", "300"))
SEED = int(os.environ.get("TRUTH_SEED", "1"))
_log = logging.getLogger(__name__)


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_r1_bulk_writes_nothing_twice_and_nothing_on_the_wrong_invoice(seed: int) -> None:
    firm, tally = Firm(RENUMBERED, seed, INVOICES), Tally()
    judge = Judge(firm)
    program = InMemory(firm.books, Policy(currency=AUD, forward_dating_days=5))
    tally.add(judge, drive(firm, program, judge), without_strays=True)
    _log.info("%s", tally.table())
    for name in FIGURES:
        assert not getattr(tally, name), f"{name}\n{tally.table()}\n{tally.faults[name][0]}"
    assert tally.restless == 0
    # What somebody said which invoice it is goes as all the others do.
    told = {key for key in judge.bulk if firm.books.xero_payments[key].invoice_id in program.told}
    assert len(told) > INVOICES // 30, len(told)
