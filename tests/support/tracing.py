"""Has coverage trace only the tests that its gates stand on.

Tracing makes a test of the window half as long again, and one of the rules twice as long. What the gates are for has
tests of its own, in a folder of the same name, and these are traced. Whatever drives the whole window, databases,
servers or whole programs is not: a line that only such a test runs has no test that says what it is for.

A long test whose lines others run as well says so by the mark `untraced`; pytest-cov's own, `no_cover`, would go on
tracing in the middle of it. Examples made at random are never traced: a gate that stands on one opens today and not
tomorrow. For the same reason what such a test left in a function's cache is thrown away before one that is traced.
"""

import sys
from collections.abc import Callable, Collection, Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol
from weakref import WeakKeyDictionary

import pytest

TRACED: Final = frozenset(
    {
        "cli",
        "domain",
        "services",
        "ui/desk",
        "ui/evidence",
        "ui/history",
        "ui/payments",
        "ui/review",
        "ui/sheets",
        "ui/sor",
        "ui/widgets",
    }
)
"""The folders of tests that are traced: those of what has a gate (`COVERED` in noxfile.py)."""

UNTRACED: Final = frozenset({"untraced", "hypothesis"})
"""The marks of a test that is not traced, nor what it has made for itself."""

_TESTS: Final = Path(__file__).parents[1]
_RESTED: Final = pytest.StashKey[bool]()
_FOUND: Final = WeakKeyDictionary[ModuleType, tuple[Callable[[], None], ...]]()


class Controller(Protocol):
    """Of pytest-cov's way to trace, what is used here."""

    def pause(self) -> None:
        """Trace no more."""

    def resume(self) -> None:
        """Trace again."""


def is_traced(path: Path, marks: Collection[str] = ()) -> bool:
    """Tell whether coverage looks at a test of a file; a file that is not ours is left as it is."""
    if not UNTRACED.isdisjoint(marks):
        return False
    if not path.is_relative_to(_TESTS):
        return True
    parts = path.relative_to(_TESTS).parts
    return parts[0] in TRACED or "/".join(parts[:2]) in TRACED


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "untraced: coverage does not look at this test (tests/support/tracing.py)")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In one of several workers, end what pytest-cov began to trace before it knew that it is in one.

    It begins a second time here. While the first went on underneath, a pause of the second only let it take over.
    """
    controller = _controller(session.config)
    if controller is not None and hasattr(session.config, "workerinput"):
        controller.pause()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop tracing for the whole of a test, its fixtures included, where no gate needs it."""
    controller = _controller(item.config)
    if controller is None:
        return (yield)
    if is_traced(item.path, {mark.name for mark in item.iter_markers()}):
        if item.config.stash.get(_RESTED, False):
            item.config.stash[_RESTED] = False
            for forget in _caches():
                forget()
        return (yield)
    item.config.stash[_RESTED] = True
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


def _controller(config: pytest.Config) -> Controller | None:
    plugin = config.pluginmanager.getplugin("_cov")
    return plugin.cov_controller if plugin is not None else None


def _caches() -> Iterator[Callable[[], None]]:
    """Give what empties each cache of the program's own functions, as far as their modules were loaded.

    Each module is looked through once: to look through all of them takes longer than most tests.
    """
    for name, module in sys.modules.copy().items():
        if name.startswith("cmxero_desktop."):
            if module not in _FOUND:
                found = (getattr(value, "cache_clear", None) for value in vars(module).values())
                _FOUND[module] = tuple(forget for forget in found if callable(forget))
            yield from _FOUND[module]
