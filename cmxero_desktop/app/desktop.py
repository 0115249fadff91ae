"""Run `cmxero-desktop`: the window on a home folder or on the demo, with worker, schedule and one instance only."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Generic, ParamSpec

from cmxero_desktop.adapters.settings_file import TomlSettingsFile, home_folder
from cmxero_desktop.app.clock import local_zone, user
from cmxero_desktop.app.first_frame import PREFERENCES_NAME, TakeAway, has_display, keep_nothing
from cmxero_desktop.app.lazy_desk import LazyDesk
from cmxero_desktop.app.taskbar import name_program
from cmxero_desktop.cli.desktop_arguments import build_desktop_parser
from cmxero_desktop.domain.errors import DeskError
from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.runtime.home import require_usable
from cmxero_desktop.runtime.last_word import system_box, write_last_word
from cmxero_desktop.runtime.logs import start_logging, uncaught_told
from cmxero_desktop.runtime.missed_notes import MissedNotes
from cmxero_desktop.runtime.schedule import Schedule, Wishes
from cmxero_desktop.runtime.single_instance import STILL_OPEN, SingleInstance
from cmxero_desktop.runtime.starting import start_trouble
from cmxero_desktop.runtime.worker import Worker
from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.records.settings import PollSettings
from cmxero_desktop.services.records.setup import WizardEnd
from cmxero_desktop.services.verbs.commands.checking import NoteMissed, RenewSignIn
from cmxero_desktop.services.verbs.commands.computer import AskForUpdatesIfDue
from cmxero_desktop.services.verbs.desk import Desk

if TYPE_CHECKING:
    from cmxero_desktop.ui.application.application import WindowHandle

P = ParamSpec("P")

_PICTURES = "cmxero-demo-pictures"
_log = logging.getLogger(__name__)


def run_desktop(arguments: Sequence[str], take_away: TakeAway = keep_nothing) -> int:
    """Open the window and return the exit status; say in a sentence why it could not, whatever it was.

    `take_away` is called once the window is shown in place of what was painted first, or where there will be none.
    """
    options = build_desktop_parser().parse_args(arguments)
    name_program()
    try:
        if options.demo:
            return _run_demo(options.pictures)
        if options.quit:
            take_away()
            return _end_running(home_folder(options.home))
        return _run_firm(options.home, is_hidden=options.hidden, take_away=take_away)
    except DeskError as error:
        take_away()
        return _could_not(error)
    except Exception as error:  # noqa: BLE001 - nobody hears of what ends the program before its window is there
        find_folder = _temporary_folder if options.demo else partial(home_folder, options.home)
        log_file = None if options.demo else _log_of(find_folder)
        _log.exception("The program could not be started")
        take_away()
        return _could_not(start_trouble(error, find_folder, log_file))


def _run_demo(pictures: Path | None) -> int:
    from cmxero_desktop.app.demo import open_demo

    start_logging(None, to_stderr=True)
    if not has_display() or pictures is not None:
        return _run_demo_without_screen(pictures)
    wishes: list[str] = []
    while True:
        wishes.clear()
        with open_demo() as demo:
            actions = [(event.label, partial(_happen, event.happen)) for event in demo.firm.happenings.events()]
            opened = demo.opened
            window = _Window(opened.desk, opened.home, opened.settings_file.load().poll)
            status = window.run(demo_actions=actions, start_over=partial(wishes.append, "again"))
        if not wishes:
            return status


def _run_demo_without_screen(pictures: Path | None) -> int:
    """Save pictures of the pages and tell the story in the terminal."""
    from cmxero_desktop.app.demo import open_demo
    from cmxero_desktop.app.demo_pictures import save_pages
    from cmxero_desktop.cli.story import tell_no_display, tell_pictures, tell_story

    if not has_display():
        tell_no_display()
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        # The platform without a screen complains of what it cannot do, which nobody here asks of it.
        os.environ["QT_LOGGING_RULES"] = "default.warning=false"
    with open_demo() as demo:
        saved = save_pages(demo.opened.desk, pictures or Path(_PICTURES))
        if pictures is None:
            tell_story(demo.opened.desk)
    tell_pictures(saved)
    return 0


def _run_firm(home: Path | None, *, is_hidden: bool, take_away: TakeAway = keep_nothing) -> int:
    """Open the window on a firm's home folder; a second start raises the window that is open already."""
    folder = home_folder(home)
    file = TomlSettingsFile(folder)
    # Settings that are broken, and a wizard that nobody could see, end here with a sentence.
    if file.exists() or not has_display():
        file.load()
    require_usable(folder)
    start_logging(folder, to_stderr=False)
    asked = _Asked()
    with SingleInstance(folder, on_raise=asked.show, on_quit=asked.quit) as instance:
        if not instance.acquire():
            take_away()
            return 0
        end = None if file.exists() else _first_run(folder, asked.show)
        if end in {None, WizardEnd.DONE}:
            # Whoever has just set the program up wants to see it.
            return _run_window(folder, instance, asked, is_hidden=is_hidden and end is None, take_away=take_away)
    return _run_demo(None) if end is WizardEnd.DEMO else 0


def _end_running(folder: Path) -> int:
    """Have the window of a home folder quit, as the setup program does before it lays a new version."""
    if not folder.is_dir():
        return 0
    is_gone = SingleInstance(folder, on_raise=_Calls()).ask_to_end()
    if not is_gone:
        write_last_word(STILL_OPEN)
    return 0 if is_gone else 1


def _first_run(folder: Path, wake: "_Calls[[]]") -> WizardEnd:
    """Have the program set up; meanwhile a second start raises the wizard."""
    from cmxero_desktop.app.first_run import first_setup, run_first

    try:
        return run_first(first_setup(folder), folder, lambda handle: wake.append(handle.show_window))
    finally:
        wake.clear()


def _run_window(
    folder: Path, instance: SingleInstance, asked: "_Asked", *, is_hidden: bool, take_away: TakeAway
) -> int:
    lazy = LazyDesk(partial(_open, folder), partial(_closed, folder))
    return _Window(lazy, folder, TomlSettingsFile(folder).load().poll).run(
        is_hidden=is_hidden, asked=asked, on_shown=take_away, on_closed=instance.step_down, on_end=lazy.close
    )


@contextmanager
def _open(folder: Path) -> Iterator[Desk]:
    """Load databases and the Xero client only now: on the worker, while the window is painted already."""
    from cmxero_desktop.app.command_line import real_parts
    from cmxero_desktop.app.desks import Desks

    with Desks(real_parts()).open(folder) as desk:
        yield desk


@contextmanager
def _closed(folder: Path) -> Iterator[Desk]:
    from cmxero_desktop.app.command_line import real_parts
    from cmxero_desktop.app.desks import Desks

    with Desks(real_parts()).closed(folder) as desk:
        yield desk


class _Calls(list[Callable[P, None]], Generic[P]):
    """What is called once the window is there; before that a wish finds nothing to call."""

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> None:
        """Call each."""
        for call in self:
            call(*arguments, **named)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What another start of the program may ask of the window that is open."""

    show: _Calls[[]] = field(default_factory=_Calls)
    quit: _Calls[[]] = field(default_factory=_Calls)


class _Window:
    """The window with its worker and its schedule, which are stopped in the opposite order."""

    def __init__(self, desk: Desk, home: Path, poll: PollSettings) -> None:
        self._desk = desk
        self._home = home
        self._check: _Calls[[PollAsk]] = _Calls()
        self._refresh: _Calls[[]] = _Calls()
        self._worker = Worker()
        self._notes = MissedNotes(lambda missed: desk.run(NoteMissed(missed)), self._worker.submit, then=self._refresh)
        wishes = Wishes(
            ask=self._check,
            missed=self._notes.add,
            renew_sign_in=lambda: self._worker.submit(self._look_after_sign_in),
            ask_for_updates=lambda: self._worker.submit(self._ask_for_updates),
        )
        self._schedule = Schedule(wishes, poll, local_zone(), user())

    def run(
        self,
        *,
        demo_actions: Sequence[tuple[str, Callable[[], object]]] = (),
        start_over: Callable[[], object] | None = None,
        is_hidden: bool = False,
        asked: "_Asked | None" = None,
        on_shown: TakeAway = keep_nothing,
        on_closed: Callable[[], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> int:
        """Run until the person quits; return the exit status.

        `on_shown` is called when the window is there, `on_closed` when it is gone, and `on_end` on the worker as its
        last job.
        """
        from cmxero_desktop.ui.application.application import run_window

        def ready(handle: "WindowHandle") -> None:
            stopping.enter_context(uncaught_told(handle.tell_uncaught))
            self._check.append(handle.check_now)
            self._refresh.append(handle.refresh)
            if asked is not None:
                asked.show.append(handle.show_window)
                asked.quit.append(handle.quit)
            self._schedule.start(asks_now=not demo_actions)

        with ExitStack() as stopping:
            # Stopped in the opposite order: the schedule tells what was not made, the worker writes it, then ends.
            stopping.callback(self._worker.stop)
            if on_end is not None:
                stopping.callback(self._worker.submit, on_end)
            stopping.callback(self._worker.submit, self._notes.write)
            stopping.callback(self._schedule.stop)
            stopping.callback(self._refresh.clear)
            # Nobody is left to wait for: a check in Xero's pause, or a sign-in in the browser.
            stopping.callback(self._desk.waits.stop_waiting)
            stopping.callback(self._desk.waits.cancel_sign_in)
            if on_closed is not None:
                stopping.callback(on_closed)
            return run_window(
                self._desk,
                on_worker=self._worker.submit,
                approver=user(),
                schedule=self._schedule,
                preferences_file=self._home / PREFERENCES_NAME,
                demo_actions=demo_actions,
                start_over=start_over,
                is_hidden=is_hidden,
                on_ready=ready,
                on_shown=on_shown,
            )

    def _look_after_sign_in(self) -> None:
        """Renew a sign-in that nothing uses, warn of its end, and write what the store did not take before."""
        try:
            self._desk.run(RenewSignIn())
        except DeskError as error:
            _log.warning("The sign-in could not be looked after: %s", error)
        self._notes.write()
        self._refresh()

    def _ask_for_updates(self) -> None:
        """Ask for news of a newer version where a day has passed, and show what came of it."""
        try:
            if self._desk.run(AskForUpdatesIfDue()):
                self._refresh()
        except DeskError as error:
            _log.warning("Whether there is a newer version could not be asked: %s", type(error).__name__)


def _happen(event: Callable[[], Mapping[str, object]]) -> str:
    """Let something happen to the firm; return the number of the invoice it is about, nothing where it is no one's."""
    return str(event().get("invoice_number", ""))


def _temporary_folder() -> Path:
    """Return where the demo keeps its firm. Raises OSError where there is no such place."""
    return Path(gettempdir())


def _log_of(find_folder: Callable[[], Path]) -> Path | None:
    """Log what ended the program, also before the log was opened; return the log's path, None where there is none."""
    with suppress(Exception):
        return start_logging(find_folder(), to_stderr=False)
    # What keeps the program from starting mostly keeps the log from being opened, too.
    with suppress(Exception):
        start_logging(None, to_stderr=True)
    return None


def _could_not(error: DeskError) -> int:
    """Say why, in a window where there is one and on standard error, which a program without a console lacks."""
    sentence = f"{error.title}: {error}"
    write_last_word(sentence)
    if has_display():
        try:
            from cmxero_desktop.ui.application.trouble import show_trouble_box

            show_trouble_box(error)
        except Exception:  # noqa: BLE001 - it stands on standard error, and the system may have a box of its own
            _log.exception("What kept the program from starting could not be shown")
            if (show := system_box()) is not None:
                show(harmless(sentence))
    return 1
