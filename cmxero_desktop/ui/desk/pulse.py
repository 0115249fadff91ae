"""The window's two timers: what depends on the time of day follows it, and the worker is watched while it works."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from cmxero_desktop.services.records.runs import PollProgress

_TICK_MS = 15_000
_LOOK_MS = 300


class Pulse(QObject):
    """Ticks for ever, and looks where the worker is as long as it works.

    `ticked` is also emitted at once where there is nothing more to tell of the worker.
    """

    ticked = Signal()
    told = Signal(object)

    def __init__(self, progress: Callable[[], PollProgress | None], parent: QObject) -> None:
        """Begin to tick; `progress` must not block."""
        super().__init__(parent)
        self._progress = progress
        self._is_told = False
        self.ticks = QTimer(self)
        self.ticks.timeout.connect(self.ticked)
        self.ticks.start(_TICK_MS)
        self.looks = QTimer(self)
        self.looks.setInterval(_LOOK_MS)
        self.looks.timeout.connect(self.look)

    def follow(self, *, is_working: bool) -> None:
        """Watch the worker while it works: a check tells how far it is, and an apply may have to wait for Xero."""
        if is_working:
            self.looks.start()
        else:
            self.looks.stop()
            self.look()

    def look(self) -> None:
        """Look where the worker is."""
        progress = self._progress()
        if progress is not None:
            self.told.emit(progress)
        elif self._is_told:
            self.ticked.emit()
        self._is_told = progress is not None

    def stop(self) -> None:
        """Tick no more."""
        self.ticks.stop()
        self.looks.stop()
