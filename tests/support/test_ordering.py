"""The longest tests come first, and nothing else about the order changes."""

from pathlib import Path
from types import SimpleNamespace

from tests.support.ordering import LONGEST, pytest_collection_modifyitems

TESTS = Path(__file__).parents[1]


def test_whatever_lasts_long_is_there() -> None:
    assert {place for place in LONGEST if (TESTS / place).exists()} == LONGEST


def test_the_longest_come_first_and_the_others_as_they_were() -> None:
    files = (
        TESTS / "ui" / "test_b.py",
        TESTS / "kill" / "test_d.py",
        Path("/elsewhere/kill/test_c.py"),
        TESTS / "ui" / "window" / "test_gallery.py",
        TESTS / "domain" / "test_a.py",
        TESTS / "kill" / "test_a.py",
    )
    items = [SimpleNamespace(path=file) for file in files]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]  # as much of an item as is asked for
    assert [item.path for item in items] == [files[1], files[3], files[5], files[0], files[2], files[4]]
