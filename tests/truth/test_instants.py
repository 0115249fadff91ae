"""What `show --as-of` tells of an instant is what the desk held at it (R34), for hundreds of random instants.

INSTANTS in the environment asks for more of them, INSTANTS_SEED for others.
"""

import os
from pathlib import Path

import pytest

from cmxero_desktop.adapters.store.store import SqlStore
from tests.support.stores import lay_out_store
from tests.truth.instants import Life

INSTANTS = int(os.environ.get("INSTANTS", "160"))
SEED = int(os.environ.get("INSTANTS_SEED", "1"))
_LIVES = 2


@pytest.mark.parametrize("seed", range(SEED, SEED + _LIVES))
def test_r34_an_instant_is_told_as_it_was(seed: int, tmp_path: Path) -> None:
    life = live(tmp_path, seed, INSTANTS // _LIVES)
    assert life.differing() == []
    assert len({repr(stood) for stood in life.written.values()}) > len(life.written) // 2


def live(folder: Path, seed: int, instants: int) -> Life:
    """Let a firm live until so many instants are written down."""
    told: list[Life] = []
    store = SqlStore(lay_out_store(folder / "store.db"), clock=lambda: told[0].desk.clock.now)
    life = Life(store, seed, instants)
    told.append(life)
    life.live()
    return life
