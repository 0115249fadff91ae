"""A file that a scanner has open for a moment is waited for; one that stays refused is an error as ever."""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cmxero_desktop.adapters.bundle_file import write_bytes
from cmxero_desktop.adapters.releases.memory import MEMORY_FILE, ReleaseMemoryFile
from cmxero_desktop.held_files import patiently, write_whole
from cmxero_desktop.runtime.home import require_usable
from cmxero_desktop.services.records.releases import ReleasesRemembered

SHARING_VIOLATION = 32


def refused(winerror: int | None = SHARING_VIOLATION) -> OSError:
    """Return what Windows raises; on Linux an error knows no `winerror`."""
    error = PermissionError(errno.EACCES, "The file is in use")
    if winerror is not None:
        error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


def held_for(tries: int, error: OSError, then: Callable[[], str] = lambda: "done") -> Callable[[], str]:
    left = [error] * tries

    def act() -> str:
        if left:
            raise left.pop()
        return then()

    return act


@pytest.mark.parametrize("winerror", [5, 32, 33])
def test_what_is_in_use_for_a_moment_is_done_afterwards(winerror: int) -> None:
    waits: list[float] = []
    assert patiently(held_for(3, refused(winerror)), waits.append) == "done"
    assert len(waits) == 3


def test_what_stays_in_use_is_an_error_after_a_moment() -> None:
    waits: list[float] = []
    with pytest.raises(PermissionError):
        patiently(held_for(1_000, refused()), waits.append)
    assert 1 <= sum(waits) <= 2


@pytest.mark.parametrize("error", [refused(None), refused(3), OSError(errno.ENOSPC, "full")])
def test_any_other_refusal_is_told_at_once(error: OSError) -> None:
    waits: list[float] = []
    with pytest.raises(OSError, match=re.escape(str(error))):
        patiently(held_for(1, error), waits.append)
    assert waits == []


@pytest.fixture
def _scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file refused twice to whoever moves or deletes it, as by a scanner that looks at what is new."""
    seen: dict[str, int] = {}

    def first_refused(method: str) -> None:
        real = getattr(Path, method)

        def act(path: Path, *rest: object, **named: object) -> object:
            seen[f"{method} {path}"] = seen.get(f"{method} {path}", 0) + 1
            if seen[f"{method} {path}"] <= 2:
                raise refused()
            return real(path, *rest, **named)

        monkeypatch.setattr(Path, method, act)

    first_refused("replace")
    first_refused("unlink")


@pytest.mark.usefixtures("_scanner")
def test_what_a_scanner_looks_at_is_written_all_the_same(tmp_path: Path) -> None:
    require_usable(tmp_path / "home")
    assert list((tmp_path / "home").iterdir()) == []
    write_bytes(b"all", tmp_path / "file.zip")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["file.zip"]


def test_two_who_write_one_file_at_once_take_nothing_away_from_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, path = ReleaseMemoryFile(tmp_path), tmp_path / MEMORY_FILE
    first, second, replace = ReleasesRemembered(key="first"), ReleasesRemembered(key="second"), Path.replace
    found: list[ReleasesRemembered] = []

    def while_another_writes(half: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        memory.save(second)
        found.append(memory.load())
        return replace(half, target)

    monkeypatch.setattr(Path, "replace", while_another_writes)
    memory.save(first)
    assert (found, memory.load()) == ([second], first)
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_the_old_file_and_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])
