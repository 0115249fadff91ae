"""What takes long is made once, and its other readers get an equal one."""

from pathlib import Path

import pytest

from tests.support import made_once as module
from tests.support.made_once import made_once
from tests.support.servers import FOLDER_VARIABLE


def test_another_process_reads_what_the_first_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert made_once("three/3", lambda: {"of": 3}) == {"of": 3}
    # What a process knows by itself is forgotten, as another one never knew it.
    monkeypatch.setattr(module, "_known", {})
    assert made_once("three/3", lambda: {"of": 4}) == {"of": 3}
    assert made_once("four/4", lambda: {"of": 4}) == {"of": 4}


def test_what_failed_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(ZeroDivisionError):
        made_once("part", lambda: 1 / 0)
    assert made_once("part", lambda: 2) == 2


def test_outside_a_run_each_process_makes_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert made_once("alone", lambda: 1) == 1
    assert made_once("alone", lambda: 2) == 1
    assert not list(tmp_path.iterdir())
