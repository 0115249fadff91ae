"""A frame is painted before the program is loaded, where a window is certain to follow, and goes away behind it."""

import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from cmxero_desktop.app import desktop, first_frame
from cmxero_desktop.app.first_frame import keep_nothing, show_first_frame
from cmxero_desktop.domain.errors import StoreError
from cmxero_desktop.ui import first_paint
from cmxero_desktop.ui.desk.preferences import FilePreferences
from cmxero_desktop.ui.theme.colours import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "settings.toml").touch()
    return tmp_path


def frame_of(take_away: object) -> first_paint.FirstFrame:
    frame = getattr(take_away, "__self__", None)
    assert isinstance(frame, first_paint.FirstFrame)
    return frame


def test_the_frame_is_painted_where_the_window_was_left(home: Path, qtbot: QtBot) -> None:
    left = first_paint.FirstFrame(home / "window.ini")
    qtbot.addWidget(left)
    left.setGeometry(QRect(40, 50, 700, 500))
    FilePreferences(home / "window.ini").set("geometry", b64encode(left.saveGeometry().data()).decode())
    take_away = show_first_frame(["--home", str(home)])
    frame = frame_of(take_away)
    qtbot.addWidget(frame)
    assert frame.is_painted
    assert frame.geometry() == QRect(40, 50, 700, 500)
    take_away()
    assert not frame.isVisible()


def test_a_place_that_makes_no_sense_is_forgotten(home: Path, qtbot: QtBot) -> None:
    FilePreferences(home / "window.ini").set("geometry", "no base 64")
    frame = frame_of(show_first_frame(["--home", str(home)]))
    qtbot.addWidget(frame)
    assert frame.is_painted
    frame.close()


def test_what_keeps_the_frame_from_being_painted_is_left_to_whoever_opens_the_window(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr(Path, "exists", refuse)
    assert show_first_frame(["--home", str(home)]) is keep_nothing


@pytest.mark.parametrize("more", [["--hidden"], ["--demo"]])
def test_what_stays_hidden_or_takes_longer_anyway_shows_no_frame(home: Path, more: list[str]) -> None:
    assert show_first_frame(["--home", str(home), *more]) is keep_nothing


def test_no_frame_is_shown_beside_a_window_that_is_open_nor_before_the_wizard(home: Path) -> None:
    (home / "window.port").touch()
    assert show_first_frame(["--home", str(home)]) is keep_nothing
    (home / "window.port").unlink()
    (home / "settings.toml").unlink()
    assert show_first_frame(["--home", str(home)]) is keep_nothing


def test_no_frame_is_shown_where_nothing_can_be_seen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_frame, "has_display", lambda: False)
    assert show_first_frame(["--home", str(home)]) is keep_nothing


def test_the_frame_has_the_colours_of_the_window() -> None:
    for ground, tones in ((first_paint.LIGHT_GROUND, LIGHT), (first_paint.DARK_GROUND, DARK)):
        assert ground == (tones.window, tones.base, tones.line, tones.muted)


def test_nothing_but_widgets_is_loaded_before_the_frame() -> None:
    seen = "import sys, cmxero_desktop.app.first_frame, cmxero_desktop.ui.first_paint; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in loaded if name.startswith("cmxero_desktop.")}
    assert not {name for name in ours if name.split(".")[1] in {"services", "adapters", "domain", "runtime"}}
    assert not {"sqlalchemy", "tomlkit", "apscheduler", "urllib3"} & set(loaded)


def test_the_frame_goes_away_where_the_program_cannot_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise StoreError("The store is away.", "Check the network.")

    taken: list[bool] = []
    monkeypatch.setattr(desktop, "_run_firm", broken)
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    assert desktop.run_desktop(["--home", str(tmp_path)], lambda: taken.append(True)) == 1
    assert taken == [True]
    assert "The store is away" in capsys.readouterr().err
