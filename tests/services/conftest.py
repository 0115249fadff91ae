"""Give each test a desk of its own over a store in memory."""

import pytest

from tests.services.desk import Desk
from tests.services.fake_store import MemoryStore


@pytest.fixture
def memory() -> MemoryStore:
    """Return the empty store of the desk."""
    return MemoryStore()


@pytest.fixture
def desk(memory: MemoryStore) -> Desk:
    """Return a desk with nothing in it, whose store keeps its time: what day it is really is nobody's business."""
    made = Desk(memory)
    memory.clock = lambda: made.clock.now
    return made
