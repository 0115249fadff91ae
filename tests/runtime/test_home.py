"""A home folder that cannot be used is said so before anything else begins."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.runtime.home import open_to_others, require_usable, synchronised_by


def test_a_folder_is_made_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    require_usable(tmp_path / "new" / "home")
    assert list((tmp_path / "new" / "home").iterdir()) == []


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"file[/\\]home cannot be used: "):
        require_usable(tmp_path / "file" / "home")


def test_a_disk_that_is_full_is_said_so_although_it_has_room_for_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, data: bytes) -> int:
        assert data
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SettingsError, match="No space left on device") as caught:
        require_usable(tmp_path)
    assert "not full" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a home folder that everybody can reach, with one file that only its owner can read.

    It lies beside pytest's own folders: those are closed to others, for all tests of a run alike.
    """
    if os.name != "posix":
        pytest.skip("Windows has no such rights")
    with TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        for place in (home.parent, home):
            place.chmod(0o755)
        (home / "store.db").touch()
        (home / "store.db").chmod(0o600)
        yield home


def test_files_of_the_owner_alone_are_private_in_an_open_folder(home: Path) -> None:
    assert open_to_others(home).paths == ()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_file_that_others_can_use_is_named(home: Path, mode: int) -> None:
    (home / "logs").mkdir()
    (home / "logs").chmod(0o755)
    (home / "logs" / "desk.log").touch()
    (home / "logs" / "desk.log").chmod(mode)
    assert open_to_others(home).paths == (str(home / "logs" / "desk.log"),)


def test_a_folder_into_which_others_can_put_a_file_is_named(home: Path) -> None:
    home.chmod(0o777)
    assert open_to_others(home).paths == (str(home),)


def test_nobody_reaches_what_lies_behind_a_closed_folder(home: Path) -> None:
    (home / "store.db").chmod(0o644)
    home.chmod(0o700)
    assert open_to_others(home).paths == ()
    home.chmod(0o755)
    home.parent.chmod(0o700)
    assert open_to_others(home).paths == ()


def test_a_store_that_lies_elsewhere_is_looked_at_too(home: Path) -> None:
    elsewhere = home.parent / "store.db"
    elsewhere.touch()
    elsewhere.chmod(0o644)
    assert open_to_others(home, [elsewhere, elsewhere.with_name("gone")]).paths == (str(elsewhere),)


def test_windows_is_asked_only_where_the_folder_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmxero_desktop.runtime.home.IS_POSIX", False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert (found := open_to_others(tmp_path / "desk")).is_in_own_folder
    assert not found.is_known
    assert not open_to_others(tmp_path.parent / "other").is_in_own_folder


@pytest.mark.parametrize(
    ("folder", "environment", "expected"),
    [
        ("/people/ann/Firm cloud/desk", {"OneDriveCommercial": "/people/ann/Firm cloud"}, "OneDrive"),
        ("/people/ann/OneDrive - Brightside Pty Ltd/desk", {}, "OneDrive"),
        ("/people/ann/dropbox/desk", {"OneDrive": ""}, "Dropbox"),
        ("/people/ann/Firm cloud 2/desk", {"OneDrive": "/people/ann/Firm cloud"}, ""),
        ("/people/ann/My OneDriver/desk", {}, ""),
    ],
)
def test_a_folder_that_is_copied_to_other_computers_is_known(
    folder: str, environment: dict[str, str], expected: str
) -> None:
    assert synchronised_by(Path(folder), environment) == expected


def test_it_is_said_on_every_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDrive", str(tmp_path))
    assert open_to_others(tmp_path / "desk").synchronised_by == "OneDrive"
    monkeypatch.setattr("cmxero_desktop.runtime.home.IS_POSIX", False)
    assert open_to_others(tmp_path / "desk").synchronised_by == "OneDrive"
