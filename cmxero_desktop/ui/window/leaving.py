"""What the close button does: hide into the tray, minimise where there is none, quit, or ask the first time."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.preferences import KEEP_RUNNING, ON_CLOSE, QUIT, Preferences
from cmxero_desktop.ui.sheets.questions import ask_close
from cmxero_desktop.ui.window.tray import Tray


class Leaving:
    """Decides what becomes of a window that a person closes; `leave` closes it for good."""

    def __init__(
        self,
        window: QMainWindow,
        preferences: Preferences,
        tray: Tray,
        leave: Callable[[], object],
        content: Callable[[], DeskContent | None],
    ) -> None:
        """Keep the window and the ways out; `content` is what is shown when it is asked for."""
        self._content = content
        self._window = window
        self._preferences = preferences
        self._tray = tray
        self._leave = leave
        self.is_quitting = False

    def answer(self, event: QCloseEvent) -> None:
        """Let the window close only where it closes for good; else do what the person chose once."""
        if self.is_quitting:
            event.accept()
            return
        event.ignore()
        choice = self._preferences.get(ON_CLOSE)
        if choice == KEEP_RUNNING:
            self._step_aside()
        elif choice == QUIT:
            QTimer.singleShot(0, self._window, self._leave)
        else:
            content = self._content()
            ask_close(
                self._window,
                len(content.approved) if content is not None else 0,
                lambda: self._remember(KEEP_RUNNING, self._step_aside),
                lambda: self._remember(QUIT, self._leave),
            )

    def _remember(self, choice: str, then: Callable[[], object]) -> None:
        self._preferences.set(ON_CLOSE, choice)
        then()

    def _step_aside(self) -> None:
        if self._tray.is_there:
            self._window.hide()
        else:
            self._window.showMinimized()
