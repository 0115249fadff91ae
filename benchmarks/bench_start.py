"""Measure the time from start to the first painted window, beside a bare PySide6 window in the same run.

    python -m benchmarks.bench_start [--runs 5]

Both run offscreen in processes of their own; the figure is wall time from before the process starts to its first
paint. Ours opens the demo firm's desk that an earlier process left behind, with its store already filled.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Both end at once after the paint: how long a window takes to close is not the question.
BARE = """
import os, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time(), flush=True)
        os._exit(0)
app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

OURS = """
import os, sys, time
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from cmxero_desktop.app.lazy_desk import LazyDesk
from cmxero_desktop.runtime.worker import Worker
from cmxero_desktop.ui.application.application import application, open_window
@contextmanager
def open_desk(home):
    from cmxero_desktop.adapters.memory_secrets import MemorySecrets
    from cmxero_desktop.app.desks import Desks, Parts
    with Desks(Parts(secrets=MemorySecrets, open_browser=lambda url: True)).open(home) as desk:
        yield desk
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time(), flush=True)
            os._exit(0)
        return False
app = application()
desk = LazyDesk(partial(open_desk, Path(sys.argv[1])), nullcontext)
opened = open_window(desk, on_worker=Worker().submit, approver="benchmark")
watch = Watch()
opened.window.installEventFilter(watch)
opened.window.show()
app.exec()
"""

LEAVE_A_DESK = """
import shutil, sys
from cmxero_desktop.app.demo import open_demo
with open_demo() as demo:
    shutil.copytree(demo.opened.home.parent, sys.argv[1], dirs_exist_ok=True)
"""


def main() -> None:
    """Run both alternately and print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", LEAVE_A_DESK, folder], check=True, env=environment())
        bare, ours = [], []
        for _ in range(runs):
            bare.append(first_paint(BARE))
            ours.append(first_paint(OURS, str(Path(folder, "home"))))
    print(f"bare PySide6 window: {statistics.median(bare) * 1000:6.0f} ms to the first paint (median of {runs})")
    print(f"this program:        {statistics.median(ours) * 1000:6.0f} ms")
    print(f"ratio: {statistics.median(ours) / statistics.median(bare):.2f}")


def first_paint(code: str, *arguments: str) -> float:
    """Return the seconds from before the process starts to its first paint."""
    begun = time.time()
    finished = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True, env=environment()
    )
    return float(finished.stdout.split()[0]) - begun


def environment() -> dict[str, str]:
    """Return an environment without a screen."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[1])}


if __name__ == "__main__":
    main()
