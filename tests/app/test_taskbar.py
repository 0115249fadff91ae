"""The program names itself to Windows, and nothing that Windows answers stops it."""

import pytest

from cmxero_desktop.app.taskbar import PROGRAM_ID, name_program, windows_call


def test_windows_hears_one_name_without_blanks() -> None:
    told: list[str] = []
    name_program(told.append)
    assert told == [PROGRAM_ID]
    # Windows takes at most 128 characters, and no blank.
    assert len(PROGRAM_ID) <= 128
    assert " " not in PROGRAM_ID


@pytest.mark.parametrize("trouble", [OSError("no"), AttributeError("an old shell")])
def test_a_windows_that_cannot_is_left_alone(trouble: Exception) -> None:
    asked: list[str] = []

    def refuse(name: str) -> None:
        asked.append(name)
        raise trouble

    name_program(refuse)
    assert asked == [PROGRAM_ID]


@pytest.mark.skipif(windows_call() is not None, reason="Windows is asked")
def test_elsewhere_nobody_is_asked() -> None:
    name_program()
