"""Start Python on a screen of a given size and scale, which Qt asks for before anything else."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

Size = tuple[int, int]


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
