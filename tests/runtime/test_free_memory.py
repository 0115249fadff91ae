"""What is free is read where the computer says it, and is not known anywhere else."""

import sys
from pathlib import Path

import pytest

from cmxero_desktop.runtime.free_memory import free_memory_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked itself, and always knows")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MemTotal: 9 kB\nMemAvailable:    7 kB\n", 7 * 1024),
        ("MemTotal: 9 kB\n", None),
        ("MemAvailable: much\n", None),
        ("MemAvailable:\n", None),
    ],
)
def test_available_memory_is_read(tmp_path: Path, text: str, expected: int | None) -> None:
    told = tmp_path / "meminfo"
    told.write_text(text)
    assert free_memory_bytes(told) == expected


def test_where_nobody_says_it_is_not_known(tmp_path: Path) -> None:
    assert free_memory_bytes(tmp_path / "none") is None
