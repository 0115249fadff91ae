"""The menu that pauses checking and goes on with it, the same in the window's head and in the tray."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget
from tzlocal import get_localzone

from cmxero_desktop.services.timetable.planning import tomorrow_morning
from cmxero_desktop.ui.desk.schedule import ScheduleView


class PauseMenu(QMenu):
    """Three pauses and their end. It changes the schedule itself and says so."""

    changed = Signal()

    def __init__(self, schedule: ScheduleView, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """Offer the pauses."""
        super().__init__("&Pause", parent)
        self._schedule = schedule
        self._now = now
        self.addAction("For an &hour", lambda: self.pause(self._now() + timedelta(hours=1)))
        self.addAction("Until &tomorrow", lambda: self.pause(tomorrow_morning(self._now(), get_localzone())))
        self.addAction("Until &resumed", lambda: self.pause(None))
        self.addSeparator()
        self.resume_action = self.addAction("Resume &checking", self.resume)
        self.aboutToShow.connect(lambda: self.resume_action.setEnabled(self._schedule.is_paused))

    def pause(self, until: datetime | None) -> None:
        """Stop checking for a while."""
        self._schedule.pause(until)
        self.changed.emit()

    def resume(self) -> None:
        """Go on checking."""
        self._schedule.resume()
        self.changed.emit()
