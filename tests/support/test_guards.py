"""The guards fail noisy tests, and only those."""

from pathlib import Path

import pytest

_NOISE = """
import logging
import threading

import pytest

def test_quiet_log():
    logging.getLogger("app").info("nothing to see")

def test_loud_log():
    logging.getLogger("app").warning("something is off")

@pytest.mark.allow_log
def test_allowed_log():
    logging.getLogger("app").warning("expected")

@pytest.mark.allow_log("app")
def test_allowed_child_log():
    logging.getLogger("app.part").error("expected")

@pytest.mark.allow_log("app")
def test_other_log():
    logging.getLogger("apple").error("not expected")

RELEASE = threading.Event()

def test_thread_left():
    threading.Thread(target=RELEASE.wait, name="left", daemon=True).start()

@pytest.mark.allow_threads("lasting")
def test_thread_allowed():
    threading.Thread(target=RELEASE.wait, name="lasting-1", daemon=True).start()

def test_thread_ended():
    thread = threading.Thread(target=print)
    thread.start()

def test_window_left(qapp):
    from PySide6.QtWidgets import QLabel
    global kept
    kept = QLabel("left")
    kept.setObjectName("forgotten")

def test_window_closed(qtbot):
    from PySide6.QtWidgets import QLabel
    label = QLabel("fine")
    qtbot.addWidget(label)
    label.show()

def test_qt_message():
    from PySide6.QtCore import qWarning
    qWarning("Qt is unhappy")

def test_release():
    RELEASE.set()
    globals()["kept"].deleteLater()
"""


def test_each_kind_of_noise_fails_its_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    # Set back by a fixture it would be waited for in full: what a test was given goes before its guards look.
    pytester.makeconftest(
        "from tests.support import guards\nguards.JOIN_TIMEOUT_S = 0.1\npytest_plugins = ['tests.support.guards']"
    )
    pytester.makepyfile(test_noise=_NOISE)
    pytester.makeini("[pytest]\nqt_log_level_fail = WARNING\nmarkers =\n  allow_log\n  allow_threads\n")
    result = pytester.runpytest_subprocess("-rfE", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider")
    outcomes = [line for line in result.outlines if line.startswith(("FAILED", "ERROR test_noise.py"))]
    assert {line.split("::")[1].split()[0] for line in outcomes} == {
        "test_loud_log",
        "test_other_log",
        "test_thread_left",
        "test_window_left",
        "test_qt_message",
    }
    result.stdout.fnmatch_lines_random(
        [
            "*WARNING app: something is off*",
            "*threads left behind: left*",
            "*top-level widgets left behind: QLabel(forgotten)*",
        ]
    )
