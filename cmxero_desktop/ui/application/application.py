"""The way in: build the Qt application and the window, run them, and take everything down again."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from cmxero_desktop.services.records.runs import PollAsk
from cmxero_desktop.services.verbs.desk import Desk
from cmxero_desktop.ui.application.qt_messages import qt_messages_logged
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.desk.jobs import JobBridge, OnWorker
from cmxero_desktop.ui.desk.look import apply_look
from cmxero_desktop.ui.desk.pauses import without_pauses
from cmxero_desktop.ui.desk.preferences import APPROVER, FilePreferences, MemoryPreferences, Preferences
from cmxero_desktop.ui.desk.schedule import NoSchedule, ScheduleView
from cmxero_desktop.ui.theme.colours import undressed, use_look
from cmxero_desktop.ui.theme.formatting import utc_now
from cmxero_desktop.ui.window.demo_story import DemoAction
from cmxero_desktop.ui.window.window import DeskWindow

_PAINTED_BY_MS = 150


class WindowHandle(QObject):
    """What other threads may ask of the window; every wish crosses to the window's thread by itself."""

    _check_wanted = Signal(object)
    _show_wanted = Signal()
    _quit_wanted = Signal()
    _refresh_wanted = Signal()
    _uncaught = Signal(object)

    def __init__(self, window: DeskWindow) -> None:
        """Connect the wishes."""
        super().__init__()
        queued = Qt.ConnectionType.QueuedConnection
        self._check_wanted.connect(window.desk.check, queued)
        self._show_wanted.connect(window.come_forward, queued)
        self._quit_wanted.connect(window.leave, queued)
        self._refresh_wanted.connect(window.desk.refresh, queued)
        self._uncaught.connect(window.desk.tell_uncaught, queued)

    def check_now(self, ask: PollAsk) -> None:
        """Check Xero, as the schedule wants it; a check that runs is joined."""
        self._check_wanted.emit(ask)

    def show_window(self) -> None:
        """Show and raise the window, for a second start of the program."""
        self._show_wanted.emit()

    def refresh(self) -> None:
        """Read the view again, because someone else changed the store."""
        self._refresh_wanted.emit()

    def tell_uncaught(self, error: Exception) -> None:
        """Say that something failed of which nobody would hear, such as a button that does nothing."""
        self._uncaught.emit(error)

    def quit(self) -> None:
        """Close for good."""
        self._quit_wanted.emit()


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """The parts of an open window, for `run_window`, for pictures and for tests."""

    window: DeskWindow
    bridge: JobBridge

    def close(self) -> None:
        """Take the window down without a question, and ignore results that are still to come."""
        self.bridge.close()
        if self.window.isVisible() or not self.window.leaving.is_quitting:
            self.window.leave()
        self.window.deleteLater()


def application() -> QApplication:
    """Return the one Qt application, in our look."""
    app = _running()
    app.setApplicationName("cmxero-desktop")
    app.setQuitOnLastWindowClosed(False)
    use_look(app)
    return app


def _running() -> QApplication:
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(sys.argv[:1])


def open_window(
    desk: Desk,
    *,
    on_worker: OnWorker,
    approver: str,
    schedule: ScheduleView | None = None,
    preferences: Preferences | None = None,
    is_demo: bool = False,
    demo_actions: Sequence[DemoAction] = (),
    start_over: Callable[[], object] | None = None,
    now: Callable[[], datetime] = utc_now,
    content: DeskContent | None = None,
) -> OpenWindow:
    """Build the window without showing it, and begin to read the view on the worker.

    `content` saves the first reading where the caller has it already.
    """
    remembered = preferences or MemoryPreferences()
    bridge = JobBridge(on_worker)
    window_desk = WindowDesk(desk, bridge, remembered.get(APPROVER) or approver)
    with undressed(_running()):
        window = DeskWindow(
            window_desk,
            schedule or NoSchedule(),
            remembered,
            now=now,
            is_demo=is_demo,
            demo_actions=demo_actions,
            start_over=lambda: _start_over(window, start_over),
        )
    window_desk.setParent(window)
    bridge.busy_changed.connect(window.follow_work)
    if content is None:
        window_desk.refresh()
    else:
        content = replace(content, approver=window_desk.approver if window_desk.is_approver_known else "")
        window_desk.content = content
        window.show_content(content)
    return OpenWindow(window, bridge)


def _start_over(window: DeskWindow, then: Callable[[], object] | None) -> None:
    """Close the window for good, so that whoever opened it may open the first minute again."""
    if then is not None:
        then()
        window.leave()


def run_window(
    desk: Desk,
    *,
    on_worker: OnWorker,
    approver: str,
    schedule: ScheduleView | None = None,
    preferences_file: Path | None = None,
    demo_actions: Sequence[DemoAction] = (),
    start_over: Callable[[], object] | None = None,
    is_hidden: bool = False,
    on_ready: Callable[[WindowHandle], None] | None = None,
    on_shown: Callable[[], object] | None = None,
) -> int:
    """Show the window and run until the person quits; return the exit status.

    `on_worker` runs a callable on the one worker thread. `on_ready` gets the handle through which the scheduler and
    a second start reach the window; it is called before the first event. `is_hidden` starts in the tray.
    `start_over` is told that the demo is wanted from its first minute, before the window is closed for it.
    `on_shown` is called when the window stands where it was painted before it was built.
    """
    app = application()
    preferences = FilePreferences(preferences_file) if preferences_file else None
    if preferences is not None:
        apply_look(preferences)
    opened = open_window(
        desk,
        on_worker=on_worker,
        approver=approver,
        schedule=schedule,
        preferences=preferences,
        is_demo=bool(demo_actions),
        demo_actions=demo_actions,
        start_over=start_over,
    )
    app.styleHints().colorSchemeChanged.connect(lambda: apply_look(opened.window.preferences))
    opened.window.quit_asked.connect(app.quit)
    handle = WindowHandle(opened.window)
    if on_ready is not None:
        on_ready(handle)
    opened.window.tray.appear()
    if not (is_hidden and opened.window.tray.is_there):
        opened.window.show()
        opened.window.wishes.focus_table()
    if on_shown is not None:
        # The window has not been painted yet: until then what was shown before it stays behind it.
        QTimer.singleShot(_PAINTED_BY_MS, on_shown)
    with qt_messages_logged(), without_pauses():
        status = app.exec()
        opened.close()
        # No loop runs any more that would do it, and what Python drops later it may drop on the worker's thread.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return status
