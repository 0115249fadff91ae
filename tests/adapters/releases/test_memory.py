"""What the maker told last is kept in the home folder, whole or not at all, and odd contents are none."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmxero_desktop import held_files
from cmxero_desktop.adapters.releases.memory import MEMORY_FILE, ReleaseMemoryFile
from cmxero_desktop.domain.errors import ReleaseError
from cmxero_desktop.services.records.releases import ReleasesRemembered

FULL = ReleasesRemembered(
    key="A6EH",
    text='{"version": "1.4.0 …\ud800"}',
    asked_at=datetime(2026, 12, 3, 9, 5, tzinfo=UTC),
    due_at=None,
    trouble="It is away.",
    remedy="Check it.",
)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    memory = ReleaseMemoryFile(tmp_path / "home")
    assert memory.load() == ReleasesRemembered()
    memory.save(FULL)
    assert memory.load() == FULL
    memory.save(ReleasesRemembered())
    assert memory.load() == ReleasesRemembered()
    assert [file.name for file in (tmp_path / "home").iterdir()] == [MEMORY_FILE]
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "home" / MEMORY_FILE).stat().st_mode) & 0o077 == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.just(b"[" * 20_000), st.just(b'{"key": 1}')))
def test_a_file_that_makes_no_sense_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MEMORY_FILE).write_bytes(content)
    assert ReleaseMemoryFile(tmp_path).load() == ReleasesRemembered()


def test_a_file_that_is_held_for_a_moment_is_not_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory, opened, tries = ReleaseMemoryFile(tmp_path), Path.open, []
    memory.save(FULL)

    def held_once(path: Path, mode: str = "r") -> IO[Any]:
        tries.append(path)
        if len(tries) == 1:
            error = PermissionError(13, "in use")
            error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise error
        return opened(path, mode)

    monkeypatch.setattr(held_files, "_EVERY_S", 0)
    monkeypatch.setattr(Path, "open", held_once)
    assert memory.load() == FULL


def test_an_instant_without_a_zone_is_none(tmp_path: Path) -> None:
    memory = ReleaseMemoryFile(tmp_path)
    memory.save(FULL)
    path = tmp_path / MEMORY_FILE
    path.write_text(path.read_text("ascii").replace("+00:00", ""), "ascii")
    assert memory.load() == ReleasesRemembered()


def test_what_cannot_be_kept_says_where_and_why(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", "ascii")
    with pytest.raises(ReleaseError, match=MEMORY_FILE) as caught:
        ReleaseMemoryFile(tmp_path / "home").save(FULL)
    assert "Make room" in caught.value.remedy
