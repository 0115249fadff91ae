"""The second implementation agrees with correlation on thousands of invented invoices."""

import random
from dataclasses import replace

import pytest

from cmxero_desktop.domain.records import Decisions
from tests.domain.generated import situation
from tests.domain.oracle import verdict
from tests.domain.support import TODAY, changes, rows, run

_INVOICES_PER_SEED = 500


@pytest.mark.parametrize("seed", range(12))
def test_both_implementations_agree(seed: int) -> None:
    source = random.Random(seed)
    for number in range(_INVOICES_PER_SEED):
        invented = situation(source.choice)
        links = invented.facts.decisions.links
        facts = replace(invented.facts, decisions=Decisions(links=links))
        found = run(facts, invented.policy)
        expected = verdict(facts, invented.policy, TODAY)
        where = f"seed {seed}, invoice {number}: {facts} {invented.policy}"
        assert rows(found) == expected.rows, where
        assert changes(found) == expected.changes, where
        assert found.out_of_scope == expected.left_out, where
        assert len(found.placements) == len(expected.rows), where
