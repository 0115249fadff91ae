"""Connect the tray with the window: what its menu asks for, and where a click on a notice leads."""

from collections.abc import Callable

from cmxero_desktop.ui.desk.desk import WindowDesk
from cmxero_desktop.ui.window.bell import Bell
from cmxero_desktop.ui.window.tray import Tray


def connect_tray(
    tray: Tray,
    bell: Bell,
    desk: WindowDesk,
    *,
    come_forward: Callable[[], object],
    leave: Callable[[], object],
    tick: Callable[[], object],
) -> None:
    """Let the tray's menu and its notices reach the window."""
    for asked in (tray.open_asked, tray.settings_asked):
        asked.connect(come_forward)
    tray.notice_clicked.connect(lambda notice: bell.follow(notice, come_forward))
    tray.check_asked.connect(desk.check)
    tray.quit_asked.connect(leave)
    tray.pause_changed.connect(tick)
