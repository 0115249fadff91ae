"""What all tests stand on is gathered without Python's collector, and is nothing that it looks at later."""

import gc

import pytest

from tests.support.collecting import pytest_collection


def test_the_collector_rests_while_tests_are_gathered_and_passes_over_what_was_there() -> None:
    gathering = pytest_collection()
    next(gathering)
    assert not gc.isenabled()
    gc.unfreeze()
    with pytest.raises(StopIteration):
        gathering.send(None)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
