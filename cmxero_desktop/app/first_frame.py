"""Show at once where the window will be, where that is certain: before settings, databases and services are loaded."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from cmxero_desktop.app.taskbar import name_program
from cmxero_desktop.cli.desktop_arguments import build_desktop_parser
from cmxero_desktop.places import SETTINGS_NAME, usual_home

TakeAway = Callable[[], object]
PREFERENCES_NAME = "window.ini"


def show_first_frame(arguments: Sequence[str]) -> TakeAway:
    """Paint a frame where a firm's window is about to be opened; return what takes it away.

    Nothing is shown where another window may come to the front instead, where a wizard comes first, or where the window
    stays hidden. What goes wrong here is met again by whoever opens the window, and said there.
    """
    options = build_desktop_parser().parse_args(arguments)
    try:
        return _frame_for(options)
    except Exception:  # noqa: BLE001 - as above: a folder that cannot be looked into, a Qt that cannot be loaded
        return keep_nothing


def _frame_for(options: argparse.Namespace) -> TakeAway:
    home = usual_home(options.home)
    is_open_already = (home / "window.port").exists()
    is_set_up = (home / SETTINGS_NAME).is_file()
    stays_away = options.demo or options.hidden or options.quit
    if stays_away or is_open_already or not is_set_up or not has_display():
        return keep_nothing
    from cmxero_desktop.ui.first_paint import painted_frame

    name_program()
    return painted_frame(home / PREFERENCES_NAME).close


def has_display() -> bool:
    """Say whether a window can appear here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


def keep_nothing() -> None:
    """Take nothing away, where nothing was shown."""
