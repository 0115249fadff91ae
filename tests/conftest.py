"""Gives every test its fixtures and its guards, and keeps it away from this machine's screen, home and keyring."""

import ctypes
import os
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine makes no example wrong: hypothesis would fail one that takes more than a fifth of a second.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Before anything imports Qt or keyring: no window on the screen, and never the real person's keyring.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

if sys.platform == "win32":
    # A box of Windows' own waits for a person.
    ctypes.windll.user32.MessageBoxW = lambda *_: 1

pytest_plugins = [
    "tests.support.collecting",
    "tests.support.guards",
    "tests.support.databases",
    "tests.support.ordering",
    "tests.support.secret_service",
    "tests.support.tracing",
]


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the program's home folder at a place that does not exist, so that no test can touch a real one."""
    monkeypatch.setenv("CMXERO_HOME", str(tmp_path_factory.getbasetemp() / "no-home"))


@pytest.fixture
def in_sydney(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this computer's clock show the time of Sydney, where a day begins hours before it does in UTC."""
    if sys.platform == "win32":
        pytest.skip("Windows has one zone for all programs.")
    monkeypatch.setenv("TZ", "Australia/Sydney")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
