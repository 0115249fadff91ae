"""Screens of other sizes than the one that tests have: for a program that is started, and for a window."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QPoint, QRect, QSize

Size = tuple[int, int]


def a_screen(width: int, height: int) -> SimpleNamespace:
    """Return what a screen tells a window of its room; it stands in for `QWidget.screen`."""
    size = QSize(width, height)
    return SimpleNamespace(availableSize=lambda: size, availableGeometry=lambda: QRect(QPoint(0, 0), size))


def run_on_screen(size: Size, percent: int, words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run Python with these words where the only screen has so many pixels, and return what it printed."""
    screen = {"name": "screen", "x": 0, "y": 0, "width": size[0], "height": size[1], "logicalDpi": 96, "dpr": 1.0}
    with tempfile.TemporaryDirectory() as place:
        config = Path(place, "screens.json")
        config.write_text(json.dumps({"screens": [screen]}), encoding="ascii")
        surroundings = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
        surroundings |= {"QT_SCALE_FACTOR": str(percent / 100)}
        return subprocess.run(
            [sys.executable, *words], env=surroundings, check=False, stdout=subprocess.PIPE, encoding="utf-8"
        )
