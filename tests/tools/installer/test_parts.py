"""The small parts that a setup program is made of are what Windows expects."""

import struct

import pytest

from tools.installer.__main__ import chosen_steps
from tools.installer.bundle import _making, _names
from tools.installer.icon import packed
from tools.installer.setup import four_numbers


def test_an_icon_file_says_where_each_picture_lies() -> None:
    made = packed([(16, b"small"), (256, b"a large one")])
    assert struct.unpack_from("<HHH", made) == (0, 1, 2)
    small, large = (struct.unpack_from("<BBBBHHII", made, 6 + 16 * each) for each in range(2))
    assert small[:2] == (16, 16)
    assert large[:2] == (0, 0)
    assert made[small[-1] : small[-1] + small[-2]] == b"small"
    assert made[large[-1] : large[-1] + large[-2]] == b"a large one"


def test_windows_numbers_a_version_by_four() -> None:
    assert [four_numbers(version) for version in ("0.1.0", "1.12.3rc1", "2")] == ["0.1.0.0", "1.12.3.0", "2.0.0.0"]


def test_only_the_window_s_starter_has_no_console() -> None:
    assert "-mconsole" in _making("cmxero")[1]
    assert "-mwindows" in _making("cmxero-desktop")[1]
    assert '#define START L"cmxero-desktop"' in _names("cmxero-desktop", "CM-Xero Desk", "0.1.0")


def test_without_a_word_everything_is_made() -> None:
    assert chosen_steps([]) == ("bundle", "setup", "journey")
    assert chosen_steps(["journey", "setup"]) == ("journey", "setup")


def test_a_word_that_is_no_step_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        chosen_steps(["bundel"])
    assert "bundel is none of bundle, setup, journey" in capsys.readouterr().err
