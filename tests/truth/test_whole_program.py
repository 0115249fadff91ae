"""The same truth, held against the whole program: sandbox Xero, our reader and store, checks, approvals, SQLite."""

import logging
import os
from functools import partial
from pathlib import Path

import pytest

from cmxero_desktop.services.records.settings import PolicySettings
from tests.truth.campaign import Tally, drive, type_meanwhile
from tests.truth.firms import DIRTY, MIXED, Firm, Style
from tests.truth.judging import Judge
from tests.truth.whole_program import WholeProgram

INVOICES = int(os.environ.get("TRUTH_WHOLE_INVOICES", "80"))
SEED = int(os.environ.get("TRUTH_SEED", "1"))
_log = logging.getLogger(__name__)


def tally_of(style: Style, folder: Path) -> Tally:
    firm = Firm(style, SEED, INVOICES)
    judge, tally = Judge(firm), Tally()
    policy = PolicySettings(start_date=style.start_date)
    program = WholeProgram(firm.books, policy, folder, partial(type_meanwhile, firm))
    try:
        tally.add(judge, drive(firm, program, judge), without_strays=True)
    finally:
        program.close()
    _log.info("%s\n%s", style.name, tally.table())
    return tally


@pytest.mark.parametrize("style", [DIRTY, MIXED], ids=lambda style: style.name)
def test_money_without_a_mistake_is_never_doubled_lost_or_forgotten(style: Style, tmp_path: Path) -> None:
    tally = tally_of(style, tmp_path)
    for figures in (tally.doubled, tally.across, tally.lost, tally.merged, tally.forgotten):
        assert not figures["clean"]
    assert tally.bulk_share >= 0.98
    if "TRUTH_STRICT" in os.environ:
        for figures in (tally.doubled, tally.across, tally.lost, tally.merged, tally.forgotten):
            assert not figures, tally.table()
