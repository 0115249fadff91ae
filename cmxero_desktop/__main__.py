"""The two ways in: `cmxero` on the command line, `cmxero-desktop` for the window."""

import sys


def cmxero() -> int:
    """Run the command line."""
    from cmxero_desktop.app.command_line import run_command_line

    return run_command_line(sys.argv[1:])


def desktop() -> int:
    """Open the window."""
    from cmxero_desktop.app.desktop import run_desktop

    return run_desktop(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(desktop())
