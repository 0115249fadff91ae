"""A home folder that cannot be used is said so before anything else begins."""

from pathlib import Path

import pytest

from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.runtime.home import require_usable


def test_a_folder_is_made_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    require_usable(tmp_path / "new" / "home")
    assert list((tmp_path / "new" / "home").iterdir()) == []


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"file/home cannot be used: "):
        require_usable(tmp_path / "file" / "home")
