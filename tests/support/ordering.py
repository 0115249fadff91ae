"""Begins a run with the tests that last longest, so that at its end no worker is alone with one of them."""

from pathlib import Path
from typing import Final

import pytest

LONGEST: Final = frozenset(
    {
        "app/test_demo_shows.py",
        "end_to_end/test_no_secret.py",
        "kill",
        "soak",
        "ui/window/test_forty_decisions.py",
        "ui/window/test_gallery.py",
        "ui/window/test_keys_in_sight.py",
    }
)
"""The folders and files of tests that take up to minutes each; all others take seconds."""

_TESTS: Final = Path(__file__).parents[1]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; otherwise the order stays as chance made it."""
    items.sort(key=lambda item: not lasts_long(item.path))


def lasts_long(path: Path) -> bool:
    """Tell whether the tests of a file are among the longest; a file that is not ours is not."""
    if not path.is_relative_to(_TESTS):
        return False
    place = path.relative_to(_TESTS)
    return place.parts[0] in LONGEST or place.as_posix() in LONGEST
