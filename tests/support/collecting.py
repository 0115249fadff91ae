"""Keeps Python's collector away from what all tests stand on: it would look at each of them again and again."""

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Gather the tests without it, and put all that is there by then where it does not look.

    A fifth of the gathering was spent on it, in each worker anew, and its share of each full collection later.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
