"""After thousands of random changes, faults and wrong clocks, our store holds what Xero holds, row by row.

SOAK_SEED and SOAK_STEPS in the environment repeat one run, or make it as long as one likes.
"""

import logging
import os
from collections import Counter
from pathlib import Path

import pytest

from cmxero_desktop.services.records.runs import PollOutcome
from tests.soak.soaking import Soak

STEPS = int(os.environ.get("SOAK_STEPS", "750"))
# One for each way that Sydney's clocks change; the second one of the short run meets fewer troubles.
SEEDS = [(int(os.environ["SOAK_SEED"]), STEPS)] if "SOAK_SEED" in os.environ else [(1, STEPS), (2, STEPS // 2)]
_log = logging.getLogger(__name__)
_ALWAYS_MET = {PollOutcome.DONE, PollOutcome.PAUSED, PollOutcome.BROKEN, PollOutcome.OFFLINE, PollOutcome.SIGNED_OUT}


@pytest.mark.parametrize(("seed", "steps"), SEEDS)
def test_after_every_settled_check_the_store_is_what_xero_is(seed: int, steps: int, tmp_path: Path) -> None:
    soak = Soak(tmp_path, seed)
    soak.run(steps)
    _log.info("%d changes, %d comparisons, %s", soak.changes.made, soak.compared, dict(soak.outcomes))
    assert soak.compared > steps // 40
    if steps >= 700:
        assert soak.troubles.seen == soak.troubles.kinds
        assert Counter(soak.outcomes).keys() >= _ALWAYS_MET, soak.outcomes
        assert soak.full_by_schedule
