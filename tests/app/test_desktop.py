"""The desktop program starts and stops its parts in order: it checks at once, and loses no missed check at its end."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir

import pytest
from PySide6.QtCore import QTimer

from cmxero_desktop.app import desktop
from cmxero_desktop.domain.errors import SettingsError, StoreError
from cmxero_desktop.runtime import logs
from cmxero_desktop.runtime.logs import stop_logging
from cmxero_desktop.runtime.single_instance import SingleInstance
from cmxero_desktop.services.records.runs import MissedChecks
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.verbs.commands.computer import AskForUpdatesIfDue
from cmxero_desktop.ui.application import application, trouble
from cmxero_desktop.ui.application.application import WindowHandle
from tests.support.patience import HUNG_S
from tests.ui.fake_desk import FakeDesk
from tests.ui.views import firm_view

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Person:
    """Pauses checking once the first check has ended, comes back an hour later and quits."""

    def __init__(self, program: desktop._Window, fake: FakeDesk) -> None:
        self.program = program
        self.fake = fake
        self.timer = QTimer()
        self.timer.setInterval(10)

    def sit_down(self, handle: WindowHandle) -> None:
        self.handle = handle
        self.listens = len(logs._listeners)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self) -> None:
        schedule = self.program._schedule
        if ("poll", False) in self.fake.calls and schedule._timetable._running is None:
            self.timer.stop()
            schedule.pause(None)
            schedule._now = lambda: datetime.now(UTC) + timedelta(hours=1)
            self.handle.quit()


def test_it_checks_at_its_start_and_writes_what_was_missed_before_it_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake, ended = FakeDesk(firm_view()), list[str]()
    program = desktop._Window(fake, tmp_path, PollSettings())
    person, run_window = Person(program, fake), application.run_window

    def run_with_person(*arguments: object, on_ready: Callable[[WindowHandle], None], **named: object) -> int:
        def ready(handle: WindowHandle) -> None:
            on_ready(handle)
            person.sit_down(handle)

        status: int = run_window(*arguments, on_ready=ready, **named)  # type: ignore[arg-type] # passed on as they are
        return status

    application.application()
    monkeypatch.setattr(application, "run_window", run_with_person)
    status = program.run(on_closed=lambda: ended.append("closed"), on_end=lambda: ended.append("ended"))
    assert (status, ended) == (0, ["closed", "ended"])
    noted = [call for call in fake.calls if call[0] == "note_missed"]
    missed = noted[0][1]
    assert isinstance(missed, MissedChecks)
    assert missed.count in {5, 6}
    assert "checking was paused by" in missed.why
    assert not program._worker._thread.is_alive()
    assert (person.listens, len(logs._listeners)) == (1, 0), "while it is open it tells what nobody caught"


@pytest.mark.allow_log("cmxero_desktop.app.desktop")
def test_trouble_with_the_sign_in_is_logged_and_missed_checks_are_written_all_the_same(tmp_path: Path) -> None:
    fake = FakeDesk(firm_view())
    program = desktop._Window(fake, tmp_path, PollSettings())
    program._notes._waiting.append(MissedChecks(count=1, first_at=NINE, last_at=NINE, why="this computer was asleep."))
    fake.error = StoreError("The store is away.", "Check the network.")
    program._look_after_sign_in()
    assert [call[0] for call in fake.calls] == ["renew_sign_in", "note_missed"]
    program._worker.stop()


@pytest.mark.allow_log("cmxero_desktop.app.desktop")
def test_news_of_a_newer_version_is_shown_when_it_was_asked_for_and_trouble_is_quiet(tmp_path: Path) -> None:
    fake = FakeDesk(firm_view())
    shown: list[str] = []
    program = desktop._Window(fake, tmp_path, PollSettings())
    program._refresh.append(lambda: shown.append("again"))
    program._ask_for_updates()
    assert (fake.calls, shown) == ([("ask_for_updates_if_due",)], [])
    fake.answer(AskForUpdatesIfDue.handled_by(lambda _: True))
    program._ask_for_updates()
    assert shown == ["again"]

    def broken(_: AskForUpdatesIfDue) -> bool:
        raise SettingsError("Line 3 is no line.", "Correct it.")

    fake.answer(AskForUpdatesIfDue.handled_by(broken))
    program._ask_for_updates()
    assert shown == ["again"]
    program._worker.stop()


def test_a_folder_that_cannot_be_used_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    (tmp_path / "file").touch()
    assert desktop.run_desktop(["--home", str(tmp_path / "file" / "home")]) == 1
    assert capsys.readouterr().err


def broken(error: Exception) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


@pytest.mark.allow_log
@pytest.mark.parametrize("step", ["require_usable", "start_logging", "SingleInstance", "_first_run"])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "is full"),
        (NotImplementedError("no flock"), "has no file locks"),
        (TypeError("odd"), "does not expect (TypeError)"),
    ],
)
@pytest.mark.parametrize("is_shown", [False, True])
def test_whatever_happens_before_the_window_is_there_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: Exception,
    sentence: str,
    *,
    is_shown: bool,
) -> None:
    boxes: list[str] = []
    monkeypatch.setattr(desktop, step, broken(error))
    monkeypatch.setattr(desktop, "has_display", lambda: True)
    monkeypatch.setattr(trouble, "show_trouble_box", (lambda e: boxes.append(str(e))) if is_shown else broken(error))
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 1
    stop_logging()
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said.partition("CM-Xero Desk cannot run")[2]
    assert [sentence in text for text in boxes] == ([True] if is_shown else [])


@pytest.mark.allow_log
def test_what_ends_the_program_before_its_log_is_open_is_logged_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "require_usable", broken(TypeError("odd")))
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    (tmp_path / "settings.toml").touch()
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 1
    stop_logging()
    log = tmp_path / "logs" / "desk.log"
    assert "TypeError: odd" in log.read_text("utf-8")
    said = capsys.readouterr().err
    assert f"send {log} to your support" in said
    assert "Traceback" not in said


@pytest.mark.allow_log
def test_a_demo_without_room_names_the_folder_that_it_lives_in(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "_run_demo", broken(OSError(errno.ENOSPC, "No space left on device")))
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    assert desktop.run_desktop(["--demo"]) == 1
    stop_logging()
    assert f"{gettempdir()} is full" in capsys.readouterr().err


@pytest.mark.allow_log
def test_a_demo_without_any_temporary_folder_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = broken(FileNotFoundError(errno.ENOENT, "No usable temporary directory found"))
    monkeypatch.setattr(desktop, "_run_demo", nowhere)
    monkeypatch.setattr(desktop, "gettempdir", nowhere)
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    assert desktop.run_desktop(["--demo"]) == 1
    stop_logging()
    assert "no folder to work in" in capsys.readouterr().err


@pytest.mark.allow_log
def test_where_qt_cannot_be_loaded_the_box_of_the_system_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(desktop, "SingleInstance", broken(ImportError("libEGL.so.1: cannot open shared object file")))
    monkeypatch.setattr(desktop, "has_display", lambda: True)
    monkeypatch.setattr(trouble, "show_trouble_box", broken(ImportError("libEGL.so.1")))
    monkeypatch.setattr(desktop, "system_box", lambda: shown.append)
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 1
    stop_logging()
    assert "(libEGL.so.1: cannot open shared object file)" in shown[0]
    assert shown[0] in capsys.readouterr().err


@pytest.mark.allow_log
def test_a_person_who_does_not_exist_has_no_home_folder(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "has_display", lambda: False)
    assert desktop.run_desktop(["--home", "~nobody-of-that-name/desk"]) == 1
    assert "cannot be found out" in capsys.readouterr().err


@pytest.mark.allow_log
def test_a_program_without_a_console_shows_it_in_a_window_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes: list[str] = []
    monkeypatch.setattr(desktop, "require_usable", broken(OSError(errno.ENOLCK, "No locks available")))
    monkeypatch.setattr(desktop, "has_display", lambda: True)
    monkeypatch.setattr(trouble, "show_trouble_box", lambda e: boxes.append(str(e)))
    monkeypatch.setattr(sys, "stderr", None)
    assert desktop.run_desktop(["--home", str(tmp_path)]) == 1
    assert "has no file locks" in boxes[0]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limit on the size of a process's files")
def test_a_disk_that_takes_no_byte_more_ends_a_real_start_with_a_sentence(tmp_path: Path) -> None:
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        "from cmxero_desktop.app.desktop import run_desktop; sys.exit(run_desktop(sys.argv[1:]))"
    )
    (tmp_path / "settings.toml").write_text('mode = "observe"\n')
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "--home", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=HUNG_S,
        env=environment,
    )
    assert done.returncode == 1
    assert "cannot be used: File too large." in done.stderr
    assert "not full" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_starts_over_with_a_new_firm_until_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []

    class Window:
        """Asks for the first minute once more, then leaves."""

        def __init__(self, desk: object, home: Path, poll: PollSettings) -> None:
            opened.append(desk)
            assert home.exists()
            assert poll.interval_min

        def run(
            self, *, demo_actions: Sequence[tuple[str, Callable[[], object]]], start_over: Callable[[], object]
        ) -> int:
            happen = dict(demo_actions)
            assert str(happen["A payment is deleted"]()).startswith("CM-")
            assert happen["The connection to Xero is lost"]() == ""
            if len(opened) == 1:
                start_over()
            return len(opened)

    monkeypatch.setattr(desktop, "has_display", lambda: True)
    monkeypatch.setattr(desktop, "start_logging", lambda *_, **__: None)
    monkeypatch.setattr(desktop, "_Window", Window)
    assert desktop._run_demo(None) == 2
    assert opened[0] is not opened[1]


def test_another_start_has_the_open_window_of_a_home_folder_quit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = threading.Event()
    monkeypatch.setattr("cmxero_desktop.runtime.single_instance._PATIENCE_S", 0)
    assert desktop.run_desktop(["--home", str(tmp_path / "none"), "--quit"]) == 0
    with SingleInstance(tmp_path, lambda: None, on_quit=asked.set) as open_window:
        assert open_window.acquire()
        assert desktop.run_desktop(["--home", str(tmp_path), "--quit"]) == 1
    assert asked.is_set()
    assert "still open" in capsys.readouterr().err
    assert desktop.run_desktop(["--home", str(tmp_path), "--quit"]) == 0
