"""Run `cmxero-desktop`: the window on a home folder or on the demo, with worker, schedule and one instance only."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from cmxero_desktop import __version__
from cmxero_desktop.app.demo import Demo, open_demo
from cmxero_desktop.app.desks import Desks, OpenDesk
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.runtime.logs import start_logging
from cmxero_desktop.runtime.schedule import Schedule
from cmxero_desktop.runtime.single_instance import SingleInstance
from cmxero_desktop.runtime.worker import Worker

_PICTURES = "cmxero-demo-pictures"


def run_desktop(arguments: Sequence[str]) -> int:
    """Open the window and return the exit status; say in a sentence why it could not."""
    options = _parser().parse_args(arguments)
    try:
        if options.demo:
            return _run_demo(options.pictures)
        return _run_firm(options.home, is_hidden=options.hidden)
    except DeskError as error:
        return _could_not(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cmxero-desktop", description="Opens the desk between Xero and Case Manager.")
    parser.add_argument("--demo", action="store_true", help="on an invented firm; nothing is sent anywhere")
    parser.add_argument("--home", type=Path, metavar="DIR", help="the home folder")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, as at sign-in to the computer")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="with --demo: save pictures of the pages and end")
    parser.add_argument("--version", action="version", version=f"CM-Xero Desk {__version__}")
    return parser


def has_display() -> bool:
    """Say whether a window can appear here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


def _run_demo(pictures: Path | None) -> int:
    start_logging(None, to_stderr=True)
    if has_display() and pictures is None:
        with open_demo() as demo:
            return _run_window(demo.desk, demo=demo, is_hidden=False)
    return _run_demo_without_screen(pictures)


def _run_demo_without_screen(pictures: Path | None) -> int:
    """Save pictures of the pages and tell the story in the terminal."""
    from cmxero_desktop.app.story import tell_story

    say = sys.stdout.write
    if not has_display():
        say("There is no display here, so the demo runs without a window.\n")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with open_demo() as demo:
        saved = _save_pictures(demo, pictures or Path(_PICTURES))
        if pictures is None:
            tell_story(demo)
    say(f"\nPictures of the window's pages: {', '.join(str(path) for path in saved)}\n")
    return 0


def _save_pictures(demo: Demo, folder: Path) -> list[Path]:
    from cmxero_desktop.ui.application import application, open_window
    from cmxero_desktop.ui.content import load_content
    from cmxero_desktop.ui.pictures import save_pictures

    app = application()
    content = load_content(demo.desk.verbs)
    opened = open_window(demo.desk.verbs, on_worker=lambda job: job(), approver="demo", is_demo=True, content=content)
    try:
        opened.window.resize(1440, 900)
        return save_pictures(opened.window, folder)
    finally:
        opened.close()
        app.processEvents()


def _run_firm(home: Path | None, *, is_hidden: bool) -> int:
    from cmxero_desktop.adapters.settings_file import home_folder
    from cmxero_desktop.app.command_line import real_parts

    folder = home_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    start_logging(folder, to_stderr=False)
    wake = _Calls()
    with SingleInstance(folder, on_raise=wake) as instance:
        if not instance.acquire():
            return 0
        with Desks(real_parts()).open_desk(folder) as desk:
            return _run_window(desk, demo=None, is_hidden=is_hidden, wake=wake)


def _run_window(desk: OpenDesk, *, demo: Demo | None, is_hidden: bool, wake: "_Calls | None" = None) -> int:
    """Start worker and schedule, run the window, and stop them in the opposite order."""
    from cmxero_desktop.ui.application import WindowHandle, run_window

    worker = Worker()
    check = _Calls()
    schedule = Schedule(check, desk.verbs.settings().poll.interval_min)

    def ready(handle: WindowHandle) -> None:
        check.append(handle.check_now)
        if wake is not None:
            wake.append(handle.show_window)
        schedule.start()
        if demo is None:
            handle.check_now()

    with ExitStack() as stopping:
        stopping.callback(worker.stop)
        stopping.callback(schedule.stop)
        return run_window(
            desk.verbs,
            on_worker=worker.submit,
            approver=_user(),
            schedule=schedule,
            preferences_file=desk.home / "window.ini",
            is_demo=demo is not None,
            demo_actions=[(event.label, partial(_happen, event.happen)) for event in demo.firm.happenings.events()]
            if demo
            else (),
            is_hidden=is_hidden,
            on_ready=ready,
        )


class _Calls(list[Callable[[], None]]):
    """What is called once the window is there; before that a wish finds nothing to call."""

    def __call__(self) -> None:
        """Call each."""
        for call in self:
            call()


def _happen(event: Callable[[], object]) -> None:
    event()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _could_not(error: DeskError) -> int:
    """Say why, in a window where there is one and on standard error always."""
    sys.stderr.write(f"{error.title}: {error}\n")
    if has_display():
        from cmxero_desktop.ui.trouble import show_trouble

        show_trouble(error)
    return 1
