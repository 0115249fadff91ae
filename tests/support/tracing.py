"""Has coverage trace only the tests that its gates stand on.

Tracing makes a test half as long again. The gates are for the domain, the services, the command line and the window,
and these have quick tests of their own. Whatever drives databases, servers or whole programs is not traced: a line
that only such a test runs has no test that says what it is for.

A long test whose lines others run as well says so by pytest-cov's mark `no_cover`. Examples made at random are never
traced: a gate that stands on one opens today and not tomorrow.
"""

from collections.abc import Collection, Generator
from pathlib import Path
from typing import Final

import pytest

TRACED: Final = frozenset({"app", "cli", "domain", "services", "ui"})
"""The folders of tests that are traced."""

UNTRACED: Final = frozenset({"no_cover", "hypothesis"})
"""The marks of a test that is not traced, nor what it has made for itself."""

_TESTS: Final = Path(__file__).parents[1]


def is_traced(path: Path, marks: Collection[str] = ()) -> bool:
    """Tell whether coverage looks at a test of a file; a file that is not ours is left as it is."""
    if not UNTRACED.isdisjoint(marks):
        return False
    if not path.is_relative_to(_TESTS):
        return True
    return path.relative_to(_TESTS).parts[0] in TRACED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop tracing for the whole of a test, its fixtures included, where no gate needs it."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = plugin.cov_controller if plugin is not None else None
    if controller is None or is_traced(item.path, _marks(item)):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def _marks(item: pytest.Item) -> Collection[str]:
    return {mark.name for mark in item.iter_markers()}
