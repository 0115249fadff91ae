"""The collector is away while the program is loaded, and back whatever comes of it."""

import gc
from collections.abc import Iterator

import pytest

from cmxero_desktop.runtime.loading import collect_seldom, without_collecting


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_the_collector_is_away_and_comes_back() -> None:
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_loaded_is_out_of_its_sight() -> None:
    with without_collecting():
        loaded: list[object] = [[]]
    assert not any(one is loaded for one in gc.get_objects())


def test_it_comes_back_where_the_program_cannot_be_loaded() -> None:
    with pytest.raises(ImportError), without_collecting():
        raise ImportError
    assert gc.isenabled()


def test_it_comes_seldom_to_a_command() -> None:
    before = gc.get_threshold()
    collect_seldom()
    assert all(now > then for now, then in zip(gc.get_threshold(), before, strict=True))
    assert gc.isenabled()
