"""Only one window opens a home folder; the second start raises the first."""

import subprocess
import sys
import threading
from pathlib import Path

from cmxero_desktop.runtime.single_instance import SingleInstance

_SECOND = """
import sys
from pathlib import Path
from cmxero_desktop.runtime.single_instance import SingleInstance
with SingleInstance(Path(sys.argv[1]), lambda: None) as second:
    print(second.acquire())
"""


def test_a_second_process_raises_the_first_and_gives_way(tmp_path: Path) -> None:
    raised = threading.Event()
    with SingleInstance(tmp_path, raised.set) as first:
        assert first.acquire()
        second = subprocess.run(
            [sys.executable, "-c", _SECOND, str(tmp_path)], check=True, capture_output=True, text=True, timeout=60
        )
        assert second.stdout.strip() == "False"
        assert raised.wait(10)


def test_the_right_is_free_again_after_a_release(tmp_path: Path) -> None:
    with SingleInstance(tmp_path, lambda: None) as first:
        assert first.acquire()
    with SingleInstance(tmp_path, lambda: None) as second:
        assert second.acquire()
    assert not (tmp_path / "window.port").exists()


def test_the_right_of_a_killed_process_is_free(tmp_path: Path) -> None:
    code = _SECOND.replace(
        "print(second.acquire())", "second.acquire(); import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=60)
    assert killed.returncode == -9
    assert (tmp_path / "window.port").exists()
    with SingleInstance(tmp_path, lambda: None) as second:
        assert second.acquire()
