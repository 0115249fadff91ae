"""A program that cannot even be loaded says which part is lacking, by whatever way there is."""

import subprocess
import sys
from pathlib import Path

import pytest

from cmxero_desktop.runtime.last_word import not_loaded, system_box, write_last_word
from tests.support.patience import HUNG_S

_NO_BOX = pytest.mark.skipif(sys.platform == "win32", reason="Windows shows a box, which waits for a person")
MISSING = ImportError("libEGL.so.1: cannot open\x1b[2J")


def test_a_part_that_cannot_be_loaded_is_named_on_standard_error_and_in_a_box(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown: list[str] = []
    assert not_loaded(MISSING, shown.append) == 1
    said = capsys.readouterr().err
    assert "cannot be loaded (ImportError: libEGL.so.1: cannot open\\u001b[2J)" in said
    assert said == f"{shown[0]}\n"


def test_where_there_is_neither_nothing_else_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    write_last_word("Nobody hears this.")
    assert not_loaded(MISSING, None) == 1


def test_only_windows_has_a_box_of_its_own() -> None:
    assert (system_box() is None) is (sys.platform != "win32")


@pytest.mark.parametrize(
    ("entry", "lacking"),
    [
        pytest.param("desktop", "cmxero_desktop.app.desktop", marks=_NO_BOX),
        pytest.param("desktop", "filelock", marks=_NO_BOX),
        pytest.param("desktop", "cmxero_desktop.app.first_frame", marks=_NO_BOX),
        ("cmxero", "cmxero_desktop.app.command_line"),
        ("cmxero", "sqlalchemy"),
    ],
)
def test_a_real_start_that_lacks_a_part_ends_with_a_sentence(tmp_path: Path, entry: str, lacking: str) -> None:
    start = (
        f"import sys; sys.modules[{lacking!r}] = None; sys.argv[1:] = ['--home', {str(tmp_path)!r}];"
        f"from cmxero_desktop.__main__ import {entry}; sys.exit({entry}())"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", start], check=False, capture_output=True, text=True, timeout=HUNG_S
    )
    assert done.returncode == 1
    assert "a part of it cannot be loaded" in done.stderr
    assert lacking in done.stderr
    assert "Traceback" not in done.stderr
