"""Measure the time from start to the first painted frame and to a Review with rows, beside a bare PySide6 window.

    python -m benchmarks.bench_start [--runs 5]

All run offscreen in processes of their own, in turn; a figure is the time from before the process starts, and the CPU
that it took until then. Ours opens the demo firm's desk that an earlier process left behind, with its store already
filled: the frame that is painted first, then the window, until the rows of Review are painted.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

Moment = tuple[float, float]

# Both end at once after the paint: how long a window takes to close is not the question.
BARE = """
import os, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print(time.time(), time.process_time(), flush=True)
        os._exit(0)
app = QApplication(sys.argv)
window = Window()
window.resize(1280, 800)
window.show()
app.exec()
"""

OURS = """
import os, sys, time
from cmxero_desktop.app.first_frame import show_first_frame
take_away = show_first_frame(["--home", sys.argv[1]])
assert take_away.__self__.is_painted
print(time.time(), time.process_time(), flush=True)
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
        if event.type() == QEvent.Type.Paint and opened.window.review.model.rowCount():
            print(time.time(), time.process_time(), flush=True)
            os._exit(0)
        return False
app = application()
desk = LazyDesk(partial(open_desk, Path(sys.argv[1])), nullcontext)
opened = open_window(desk, on_worker=Worker().submit, approver="benchmark")
watch = Watch()
opened.window.review.table.viewport().installEventFilter(watch)
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
            bare += painted(BARE)
            ours.append(painted(OURS, str(Path(folder, "home"))))
    _print("bare PySide6 window, painted", bare, bare)
    _print("this program, first frame painted", [frame for frame, _ in ours], bare)
    _print("this program, rows of Review painted", [review for _, review in ours], bare)


def _print(name: str, ours: list[Moment], bare: list[Moment]) -> None:
    wall, cpu = (statistics.median(moment[i] for moment in ours) * 1000 for i in (0, 1))
    beside = [statistics.median(moment[i] for moment in bare) * 1000 for i in (0, 1)]
    print(f"{name:<38}{wall:7.0f} ms {wall / beside[0]:5.2f} x   {cpu:7.0f} ms CPU {cpu / beside[1]:5.2f} x")


def painted(code: str, *arguments: str) -> list[Moment]:
    """Return for each line that a process prints how long after its start that was, and its CPU until then."""
    begun = time.time()
    finished = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True, env=environment()
    )
    lines = (line.split() for line in finished.stdout.splitlines())
    return [(float(at) - begun, float(cpu)) for at, cpu in lines]


def environment() -> dict[str, str]:
    """Return an environment without a screen."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(__file__).parents[1])}


if __name__ == "__main__":
    main()
