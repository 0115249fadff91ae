"""The two ways in: `cmxero` on the command line, `cmxero-desktop` for the window."""

import os
import sys

# Whatever this program writes is about other people's money: its files are for the person who runs it alone, also
# where a library makes them (SQLite's, the log's, a workbook's), and whatever the folder's own rights are.
_FOR_THE_OWNER_ALONE = 0o077


def cmxero() -> int:
    """Run the command line."""
    os.umask(_FOR_THE_OWNER_ALONE)
    from cmxero_desktop.app.command_line import run_command_line

    return run_command_line(sys.argv[1:])


def desktop() -> int:
    """Open the window."""
    os.umask(_FOR_THE_OWNER_ALONE)
    from cmxero_desktop.app.desktop import run_desktop

    return run_desktop(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(desktop())
