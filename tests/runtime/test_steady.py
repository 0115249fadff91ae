"""The clock by which readings grow old counts the hours that a computer sleeps, on each system by what that has."""

import runpy
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cmxero_desktop.runtime import steady

AN_HOUR = 3600.0
_BOOT, _STEADY = 101, 102


@pytest.mark.parametrize(
    ("clocks", "counting"),
    [
        pytest.param({"CLOCK_BOOTTIME": _BOOT, "CLOCK_MONOTONIC": _STEADY}, _BOOT, id="Linux"),
        pytest.param({"CLOCK_MONOTONIC": _STEADY}, _STEADY, id="macOS"),
        pytest.param({}, None, id="Windows"),
    ],
)
def test_an_hour_of_sleep_is_an_hour(
    monkeypatch: pytest.MonkeyPatch, clocks: dict[str, int], counting: int | None
) -> None:
    """Of Linux's clocks only one goes on; macOS names the one that does as Linux names the one that stops."""
    asleep = {None: 0.0, _BOOT: 0.0, _STEADY: 0.0}
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        monkeypatch.delattr(time, name, raising=False)
    for name, clock in clocks.items():
        monkeypatch.setattr(time, name, clock, raising=False)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: 5.0 + asleep[clock], raising=False)
    monkeypatch.setattr(time, "monotonic", lambda: 5.0 + asleep[None])
    read: Callable[[], float] = runpy.run_path(str(Path(steady.__file__)))["steady_s"]
    before = read()
    asleep[counting] = AN_HOUR
    assert read() - before == AN_HOUR


def test_it_never_goes_back() -> None:
    before = steady.steady_s()
    assert steady.steady_s() >= before
