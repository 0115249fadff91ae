"""Tell Windows that our windows and notices belong to this program, not to the Python that runs it from a checkout."""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import PureWindowsPath

PROGRAM_ID = "CMXeroDesk.CMXeroDesk"


def name_program(tell: Callable[[str], object] | None = None, program: str = sys.executable) -> None:
    """Name the program before its first window; elsewhere than on Windows nobody asks for it.

    The installed one starts by a file of its own, by which Windows knows it, its entry in the start menu and what is
    pinned of it as one: another name would part them. `tell` stands in for Windows' own call.
    """
    if not PureWindowsPath(program).stem.lower().startswith("python"):
        return
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
