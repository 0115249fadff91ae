"""The program names itself to Windows, and nothing that Windows answers stops it."""

import pytest

from cmxero_desktop.app.taskbar import PROGRAM_ID, name_program, windows_call

PYTHON = r"C:\firm\.venv\Scripts\pythonw.exe"


def test_windows_hears_one_name_without_blanks() -> None:
    told: list[str] = []
    name_program(told.append, PYTHON)
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

    name_program(refuse, PYTHON)
    assert asked == [PROGRAM_ID]


@pytest.mark.skipif(windows_call() is not None, reason="Windows is asked")
def test_elsewhere_nobody_is_asked() -> None:
    name_program(program=PYTHON)


@pytest.mark.parametrize("program", [r"C:\Users\Ann\AppData\Local\Programs\CM-Xero Desk\cmxero-desktop.exe", ""])
def test_the_installed_program_goes_by_its_own_file(program: str) -> None:
    told: list[str] = []
    name_program(told.append, program)
    assert told == []
