"""A bundle is written whole or not at all, the same bytes for the same bundle, for its owner only."""

import os
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from cmxero_desktop.adapters.bundle_file import write_bundle
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.services.records.reports import Bundle, BundlePart

BUNDLE = Bundle((BundlePart("about.txt", "Zoë\n"), BundlePart("log.txt", "one\ntwo \ud800\n")))


def test_each_part_is_a_file(tmp_path: Path) -> None:
    path = write_bundle(BUNDLE, tmp_path / "d.zip")
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == ["about.txt", "log.txt"]
        assert packed.read("about.txt").decode() == "Zoë\n"
        assert packed.read("log.txt") == b"one\ntwo \\ud800\n"


def test_the_same_bundle_gives_the_same_bytes_and_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    first = write_bundle(BUNDLE, tmp_path / "one.zip")
    second = tmp_path / "two.zip"
    second.write_bytes(b"something old")
    write_bundle(BUNDLE, second)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    assert stat.S_IMODE(write_bundle(BUNDLE, tmp_path / "d.zip").stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "words"), [("d.txt", "does not end in .zip"), ("no/d.zip", "could not be written")])
def test_a_place_that_does_not_do_is_named(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(DeskError, match=words):
        write_bundle(BUNDLE, tmp_path / name)


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "d.zip"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DeskError, match="could not be written: No space left"):
        write_bundle(BUNDLE, path)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["d.zip"]
