"""Say why the program cannot run where nothing else of it may work: on standard error, and in a box of the system's.

A program without a console, started by a click, would end here without a word.
"""

import ctypes
import sys
from collections.abc import Callable
from contextlib import suppress

from cmxero_desktop.domain.strangers import harmless

TITLE = "CM-Xero Desk"
_STOP_SIGN = 0x10


def write_last_word(sentence: str) -> None:
    """Write a sentence to standard error, which a program without a console lacks."""
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(harmless(f"{sentence}\n"))
        sys.stderr.flush()


def system_box() -> Callable[[str], object] | None:
    """Return what shows a sentence in a box of the system's and waits; None where the system has none of its own."""
    if sys.platform == "win32":
        return lambda sentence: ctypes.windll.user32.MessageBoxW(None, sentence, TITLE, _STOP_SIGN)
    return None


def not_loaded(error: Exception, show: Callable[[str], object] | None) -> int:
    """Say that a part cannot be loaded, and which, and `show` it too; return the exit status."""
    sentence = (
        f"CM-Xero Desk cannot run: a part of it cannot be loaded ({type(error).__name__}: {error}). "
        "Install it again; on Linux, its README names the libraries of the system that it needs."
    )
    write_last_word(sentence)
    if show is not None:
        show(harmless(sentence))
    return 1
