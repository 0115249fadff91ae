"""The two ways in: `cmxero` on the command line, `cmxero-desktop` for the window."""

import os
import sys

from cmxero_desktop.runtime.last_word import not_loaded, system_box
from cmxero_desktop.runtime.loading import collect_seldom, without_collecting

# Whatever this program writes is about other people's money: its files are for the person who runs it alone, also
# where a library makes them (SQLite's, the log's, a workbook's), and whatever the folder's own rights are.
_FOR_THE_OWNER_ALONE = 0o077


def cmxero() -> int:
    """Run the command line."""
    os.umask(_FOR_THE_OWNER_ALONE)
    try:
        with without_collecting():
            from cmxero_desktop.app.command_line import run_command_line
    except Exception as error:  # noqa: BLE001 - whatever is broken, it is said
        return not_loaded(error, None)
    collect_seldom()
    return run_command_line(sys.argv[1:])


def desktop() -> int:
    """Open the window."""
    os.umask(_FOR_THE_OWNER_ALONE)
    try:
        from cmxero_desktop.app.first_frame import show_first_frame

        take_away = show_first_frame(sys.argv[1:])
        # Loading the rest takes a second, in which the person already sees where the window will be.
        with without_collecting():
            from cmxero_desktop.app.desktop import run_desktop
    except Exception as error:  # noqa: BLE001 - a program without a console would end here without a word
        return not_loaded(error, system_box())
    return run_desktop(sys.argv[1:], take_away)


if __name__ == "__main__":
    sys.exit(desktop())
