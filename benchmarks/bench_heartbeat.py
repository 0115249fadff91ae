"""Measure how long the window's thread is held up while real checks run on the worker and publish many payments.

    python -m benchmarks.bench_heartbeat [--payments 5000 50000 200000] [--seconds 3]

A timer of the window's beats every 4 ms. Between two beats the thread either worked (its own CPU time) or waited: for
the worker, which holds Python's lock, or for the computer. The peer, in the same run, is the same window while another
thread does nothing but count: what no program in Python with two threads can be better than, on a computer as busy.
The firm runs in a process of its own. The first check loads every payment, the second one finds one change.
"""

import argparse
import os
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from math import log
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.sandboxed import Firm, change, sandbox
from cmxero_desktop.adapters.memory_secrets import MemorySecrets
from cmxero_desktop.adapters.settings_file import TomlSettingsFile
from cmxero_desktop.app.demo import _consent
from cmxero_desktop.app.desks import Desks, Parts
from cmxero_desktop.runtime.worker import Worker
from cmxero_desktop.services.records.settings import CaseManagerSettings, Mode, Settings, XeroSettings
from cmxero_desktop.services.verbs.commands.connecting import Pin, SignIn
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.ui.application.application import application, open_window
from cmxero_desktop.ui.desk.pauses import without_pauses
from cmxero_desktop.ui.desk.preferences import MemoryPreferences
from cmxero_desktop.ui.window.window import DeskWindow

_BEAT_MS = 4


@dataclass
class Heart:
    """Beats on the window's thread and keeps the gaps: their length, and how much of it was the thread's own work."""

    gaps: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to beat."""
        self._last = (time.perf_counter(), time.thread_time())
        self._timer = QTimer()
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def while_(self, is_over: Callable[[], bool]) -> tuple[float, float, int]:
        """Return the longest gap, the longest own work (milliseconds), and how many gaps were over 16 ms."""
        self.gaps = []
        self._last = (time.perf_counter(), time.thread_time())
        while not is_over():
            QApplication.processEvents()
            time.sleep(0.001)
        longest = max(gap for gap, _ in self.gaps) * 1000
        return longest, max(own for _, own in self.gaps) * 1000, sum(gap > 0.016 for gap, _ in self.gaps)  # noqa: PLR2004 - a frame

    def _beat(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        self.gaps.append((now[0] - self._last[0], now[1] - self._last[1]))
        self._last = now


def main() -> None:
    """Measure each size and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, nargs="+", default=[5_000, 50_000, 200_000])
    parser.add_argument("--seconds", type=float, default=3.0, help="how long the peer counts")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
    application()
    print(f"{'payments':>10} {'while':<34}{'longest gap ms':>16}{'own work ms':>13}{'gaps > 16 ms':>14}")
    before: dict[str, tuple[int, float]] = {}
    for payments in options.payments:
        with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder), payments) as firm, without_pauses():
            for name, (longest, own, many) in _measured(Path(folder), firm, options.seconds).items():
                power = ""
                if name in before:
                    size, earlier = before[name]
                    power = f"  power of own work {log(own / earlier) / log(payments / size):.2f}"
                before[name] = (payments, own)
                print(f"{payments:>10,} {name:<34}{longest:>16.1f}{own:>13.1f}{many:>14}{power}", flush=True)


def _measured(folder: Path, firm: Firm, seconds: float) -> dict[str, tuple[float, float, int]]:
    home = folder / "home"
    secrets = MemorySecrets()
    TomlSettingsFile(home).save(_settings(firm))
    desks = Desks(Parts(secrets=lambda: secrets, open_browser=_consent))
    with desks.closed(home) as closed:
        closed.run(SignIn())
        closed.run(Pin(tenant_id=firm["tenant_id"], by="benchmark"))
    worker = Worker()
    opened: list[Desk] = []
    closing: list[Callable[[], None]] = []

    def open_it() -> None:
        manager = desks.open(home)
        opened.append(manager.__enter__())
        closing.append(partial(_leave, manager))

    worker.submit(open_it)
    while not opened:
        time.sleep(0.01)
    handle = open_window(opened[0], on_worker=worker.submit, approver="benchmark", preferences=MemoryPreferences())
    handle.window.show()
    try:
        return _beaten(handle.window, worker, firm, seconds)
    finally:
        handle.close()
        worker.submit(closing[0])
        worker.stop()


def _beaten(window: DeskWindow, worker: Worker, firm: Firm, seconds: float) -> dict[str, tuple[float, float, int]]:
    heart, found = Heart(), {}
    counted: list[int] = []
    worker.submit(lambda: counted.append(_count(seconds)))
    found["the peer counts"] = heart.while_(lambda: bool(counted))
    for name in ("everything is loaded", "one change is found", "nothing is new"):
        if name == "one change is found":
            change(firm, "delete-payment", payment_id=_some_payment(window))
        ended: list[object] = []
        window.desk.check_finished.connect(ended.append)
        window.desk.check()
        found[name] = heart.while_(lambda: bool(ended))  # noqa: B023 - asked at once
        window.desk.check_finished.disconnect(ended.append)
    content = window.desk.content
    assert content is not None
    assert len(content.view.matched) > 1_000, "nothing was published"  # noqa: PLR2004
    found["the view is shown again"] = heart.while_(_once(lambda: window.show_content(content)))
    return found


def _once(work: Callable[[], object]) -> Callable[[], bool]:
    """Do it with the first question, and say that it is over with the tenth."""
    asked = iter(range(10))

    def is_over() -> bool:
        number = next(asked)
        if number == 1:
            QTimer.singleShot(0, work)
        return number == 9  # noqa: PLR2004 - the last question

    return is_over


def _count(seconds: float) -> int:
    until, number = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        number += 1
    return number


def _leave(manager: AbstractContextManager[Desk]) -> None:
    manager.__exit__(None, None, None)


def _some_payment(window: DeskWindow) -> str:
    content = window.desk.content
    rows = content.view.matched if content is not None else ()
    return next(row.placement.xero.payment_id for row in rows if row.placement.xero is not None)


def _settings(firm: Firm) -> Settings:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return Settings(
        mode=Mode.APPROVE,
        xero=XeroSettings(
            client_id=firm["client_id"],
            redirect_port=port,
            identity_url=firm["identity_url"],
            api_url=firm["api_url"],
        ),
        case_manager=CaseManagerSettings(url=firm["case_manager_url"]),
    )


if __name__ == "__main__":
    main()
