"""Tell Windows that our windows and notices belong to this program, not to the Python or the launcher that runs it."""

import sys
from collections.abc import Callable
from contextlib import suppress

PROGRAM_ID = "CMXeroDesk.CMXeroDesk"
"""What the installer's start menu entry carries too: a pinned icon and a notice then open and name one program."""


def name_program(tell: Callable[[str], object] | None = None) -> None:
    """Name the program before its first window; elsewhere than on Windows nobody asks for it.

    `tell` stands in for Windows' own call.
    """
    named = tell or windows_call()
    if named is not None:
        with suppress(OSError, AttributeError):
            named(PROGRAM_ID)


def windows_call() -> Callable[[str], object] | None:
    """Return Windows' call that names a process; None on other systems."""
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID
    return None
