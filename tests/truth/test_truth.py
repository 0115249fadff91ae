"""Firms invented as receipts are driven through the rules: no money may stand in Case Manager twice.

The figures are logged by kind of mistake. TRUTH_INVOICES in the environment makes the firms larger, TRUTH_SEED others;
`benchmarks/bench_truth.py` drives many more.
"""

import logging
import os

import pytest

from tests.support.made_once import made_once
from tests.truth.campaign import Tally, run
from tests.truth.firms import DIRTY, MIXED, OLD_LEFTOVERS, ORDINARY, STYLES

INVOICES = int(os.environ.get("TRUTH_INVOICES", "425"))
SEED = int(os.environ.get("TRUTH_SEED", "1"))
NAMES = [style.name for style in STYLES]
_log = logging.getLogger(__name__)


def tally_of(name: str) -> Tally:
    return made_once(f"tally of {name}, {SEED}, {INVOICES}", lambda: _driven(name))


def _driven(name: str) -> Tally:
    tally = run(next(style for style in STYLES if style.name == name), SEED, INVOICES)
    _log.info("%s\n%s", name, tally.table())
    return tally


@pytest.mark.parametrize("name", NAMES)
def test_money_without_a_mistake_is_never_doubled_lost_or_forgotten(name: str) -> None:
    tally = tally_of(name)
    assert tally.receipts["clean"] > 40
    for figures in (tally.doubled, tally.across, tally.lost, tally.merged, tally.forgotten):
        assert not figures["clean"]


@pytest.mark.parametrize(("name", "least"), [(MIXED.name, 0.98), (ORDINARY.name, 0.88), (OLD_LEFTOVERS.name, 0.88)])
def test_clean_additions_go_in_bulk(name: str, least: float) -> None:
    assert tally_of(name).bulk_share >= least


def test_the_same_seed_is_the_same_firm() -> None:
    one, two = (run(DIRTY, SEED, 150).table() for _ in range(2))
    assert one == two


@pytest.mark.parametrize("name", NAMES)
def test_bulk_doubles_loses_and_forgets_nothing(name: str) -> None:
    tally = tally_of(name)
    for figures in (tally.doubled, tally.lost, tally.merged, tally.forgotten, tally.unseen):
        assert not figures, tally.table()


def test_hardly_any_money_stands_on_two_invoices() -> None:
    tallies = [tally_of(name) for name in NAMES]
    assert sum(tally.invoices for tally in tallies) >= 2_500
    across = sum(tally.across.total() for tally in tallies)
    assert across * 1000 <= sum(tally.receipts.total() for tally in tallies), "\n".join(t.table() for t in tallies)


@pytest.mark.parametrize("name", NAMES)
def test_after_three_rounds_nothing_more_can_be_approved(name: str) -> None:
    assert tally_of(name).restless == 0
