"""Without a display the demo says so, tells its story in the terminal, and saves pictures of the pages."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.patience import HUNG_S

ROOT = Path(__file__).parents[2]


def test_the_story_is_told_and_the_pages_are_pictured(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    finished = subprocess.run(
        [sys.executable, "-m", "cmxero_desktop", "--demo"],
        check=False,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=HUNG_S,
    )
    assert finished.returncode == 0, finished.stderr
    assert "no display" in finished.stdout
    for word in ("near_double", "JOURNALLED", "FUTURE_DATED", "held back", "Difference not explained"):
        assert word in finished.stdout
    pictures = {path.name for path in (tmp_path / "cmxero-demo-pictures").glob("*.png")}
    assert {"review.png", "matched.png", "unmatched.png", "skipped.png", "history.png"} <= pictures
