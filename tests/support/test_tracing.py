"""Coverage looks at the tests that its gates stand on, and at no other."""

import sys
from pathlib import Path

import pytest

from tests.support.tracing import TRACED, is_traced

TESTS = Path(__file__).parents[1]


def test_every_traced_folder_is_there() -> None:
    assert {folder for folder in TRACED if (TESTS / folder).is_dir()} == TRACED


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (TESTS / "domain" / "test_room.py", True),
        (TESTS / "services" / "writing" / "test_applying.py", True),
        (TESTS / "kill" / "test_sqlite.py", False),
        (TESTS / "adapters" / "store" / "test_audit.py", False),
        (Path("/elsewhere/test_other.py"), True),
    ],
)
def test_what_is_traced(path: Path, *, expected: bool) -> None:
    assert is_traced(path) is expected


def test_this_test_is_not_traced() -> None:
    assert sys.gettrace() is None
