"""The tray icon: the state by shape, a menu with the few things that are wanted from there, and notifications."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from cmxero_desktop.services.records.runs import PollRun
from cmxero_desktop.ui.desk.content import DeskContent
from cmxero_desktop.ui.desk.freshness import TrayState, tray_state, tray_tooltip
from cmxero_desktop.ui.desk.notices import Notice, NoticeBoard
from cmxero_desktop.ui.desk.preferences import QUIET_ON, MemoryPreferences, Preferences
from cmxero_desktop.ui.desk.schedule import ScheduleView
from cmxero_desktop.ui.desk.silence import SilenceWatch
from cmxero_desktop.ui.theme.icons import Shape, badge_icon
from cmxero_desktop.ui.theme.strangers import without_marks
from cmxero_desktop.ui.window.pause_menu import PauseMenu

_INK = "#ffffff"
# What is said of the SOR watch all the same: by its setting all of it, else what would come too late tomorrow (S4).
_SOR_COMES, _SOR_WAITS = "SOR warnings still come", "SOR warnings only where tomorrow is too late"
_LOOK: dict[TrayState, tuple[Shape | None, str]] = {
    TrayState.UP_TO_DATE: (Shape.TICK, "#146c3f"),
    TrayState.WAITING: (None, "#1f5fa8"),
    TrayState.ATTENTION: (Shape.TRIANGLE, "#9a6200"),
    TrayState.NOT_CHECKING: (Shape.CROSS, "#a5231b"),
    TrayState.PAUSED: (Shape.PAUSE, "#55606e"),
}


def state_icon(state: TrayState, waiting: int) -> QIcon:
    """Return the icon of a state; the badge carries the number that waits."""
    shape, ground = _LOOK[state]
    return badge_icon(shape, waiting, ground, _INK)


def _waiting(content: DeskContent | None) -> int:
    return len(content.to_approve) if content is not None else 0


class Tray(QObject):
    """Shows state and news; it never takes the focus by itself."""

    open_asked = Signal()
    check_asked = Signal()
    settings_asked = Signal()
    quit_asked = Signal()
    pause_changed = Signal()
    notice_clicked = Signal(object)

    def __init__(
        self,
        schedule: ScheduleView,
        now: Callable[[], datetime],
        parent: QObject | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        """Build icon and menu; `appear` shows the icon where there is a tray. `preferences` know what was told."""
        super().__init__(parent)
        self._schedule = schedule
        self._now = now
        self._state: tuple[TrayState, int] | None = None
        # Whether something did not work of which the window tells.
        self.is_troubled = False
        self._preferences = preferences or MemoryPreferences()
        self.board = NoticeBoard(preferences)
        self._silence = SilenceWatch()
        self.last_notice: Notice | None = None
        # Said before there was a tray to say it from: at sign-in the desktop's may come after the first reading.
        self._unsaid: Notice | None = None
        self.menu = QMenu()
        self._fill_menu()
        # Somebody switched them off for this day, whatever was started anew since.
        self.quiet_action.setChecked(self._preferences.get(QUIET_ON) == self._today().isoformat())
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(lambda: self.notice_clicked.emit(self.last_notice))

    @property
    def is_there(self) -> bool:
        """Whether the desktop has a tray and our icon is in it."""
        return self.icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def appear(self) -> None:
        """Show the icon where there is a tray; a tray that comes late is found at a later try."""
        if not self.icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable():
            self.icon.show()
            unsaid, self._unsaid = self._unsaid, None
            self._notify(unsaid if not self.board.is_quiet(self._now()) else None)

    def show_content(self, content: DeskContent | None) -> None:
        """Show state, tooltip and count, and say what is new."""
        now = self._now()
        waiting = _waiting(content)
        self.show_state(content)
        self.waiting.setText(f"{waiting} to approve")
        self.waiting.setVisible(waiting > 0)
        if content is not None:
            breaks = content.settings.sor.breaks_quiet_hours
            self.quiet_action.setText(f"&Notifications off for today ({_SOR_COMES if breaks else _SOR_WAITS})")
        self._notify(self.board.notice_for(content, now) if content else None)

    def show_state(self, content: DeskContent | None) -> None:
        """Show state and tooltip as time goes by."""
        now, is_troubled = self._now(), self.is_troubled
        if self.board.quiet_on not in {None, self._today()}:
            # That day is over.
            self.quiet_action.setChecked(False)
        state = tray_state(content, self._schedule, now, is_troubled=is_troubled), _waiting(content)
        if state != self._state:
            self._state = state
            self.icon.setIcon(state_icon(*state))
        self.icon.setToolTip(without_marks(tray_tooltip(content, self._schedule, now, is_troubled=is_troubled)))
        self.resume_action.setVisible(self._schedule.is_paused)
        self._notify(self.board.summary(now))
        self._notify(self.board.standstill_notice(self._schedule.still_since, now))
        self._notify(self.board.silence_notice(self._silence.look(content, self._schedule, now), now))

    def check_began(self) -> None:
        """Take in that a check was begun."""
        self._silence.check_began(self._now())

    def check_ended(self, run: PollRun | None) -> None:
        """Take in how a check ended, and say so where it left no run."""
        now = self._now()
        self._silence.check_ended(now)
        self._notify(self.board.lost_notice(run, now))

    def tell(self, notice: Notice) -> None:
        """Say what came to light elsewhere."""
        self._notify(notice)

    def close(self) -> None:
        """Take the icon away."""
        self.icon.hide()
        self.menu.deleteLater()

    def _notify(self, notice: Notice | None) -> None:
        if notice is not None:
            self.last_notice = notice
            if self.is_there:
                self.icon.showMessage(without_marks(notice.title), without_marks(notice.text), self.icon.icon())
            else:
                self._unsaid = notice

    def _fill_menu(self) -> None:
        menu = self.menu
        menu.addAction("&Open", self.open_asked.emit)
        menu.addAction("&Check Xero now", self.check_asked.emit)
        self.waiting = menu.addAction("0 to approve", self.open_asked.emit)
        menu.addSeparator()
        self.pause_menu = PauseMenu(self._schedule, self._now, menu)
        self.pause_menu.changed.connect(self.pause_changed)
        menu.addMenu(self.pause_menu)
        self.resume_action = menu.addAction("&Resume checking", self.pause_menu.resume)
        self.quiet_action = menu.addAction(f"&Notifications off for today ({_SOR_COMES})")
        self.quiet_action.setCheckable(True)
        self.quiet_action.toggled.connect(self._set_quiet)
        menu.addSeparator()
        menu.addAction("&Settings…", self.settings_asked.emit)
        menu.addAction("&Quit", self.quit_asked.emit)

    def _set_quiet(self, is_quiet: bool) -> None:  # noqa: FBT001 - the signature of Qt's toggled signal
        self.board.quiet_on = self._today() if is_quiet else None
        self._preferences.set(QUIET_ON, self._today().isoformat() if is_quiet else "")

    def _today(self) -> date:
        return self._now().astimezone().date()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        wanted = {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}
        if reason in wanted:
            self.open_asked.emit()
