"""Say in words what keeps the program from running, whatever it is: where there is no window, nobody else would."""

import errno
from collections.abc import Callable
from pathlib import Path

from cmxero_desktop.domain.errors import DeskError, StartError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})


def start_trouble(error: Exception, find_folder: Callable[[], Path], log_file: Path | None = None) -> DeskError:
    """Return the error as one of our family. The words of what nobody foresaw stay out: they may hold anything.

    `find_folder` gives the folder that the program works in; `log_file` is where the trace of the error stands, if
    anywhere.
    """
    try:
        folder = find_folder()
    except DeskError as trouble:
        return trouble
    except Exception as lacking:  # noqa: BLE001 - whatever it is, there is no folder to work in
        return StartError(
            f"The program has no folder to work in ({type(lacking).__name__}).",
            "Check the space on this computer's disks, or choose a folder with --home or CMXERO_HOME.",
        )
    return _trouble(error, folder, log_file)


def _trouble(error: Exception, home: Path, log_file: Path | None) -> DeskError:
    if isinstance(error, NotImplementedError) or (isinstance(error, OSError) and error.errno in _NO_LOCKS):
        message = f"The disk that holds the program's folder {home} has no file locks."
        return StartError(message, "Choose a folder on a disk of this computer, with --home or CMXERO_HOME.")
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return StartError(
            f"The disk that holds the program's folder {home} is full, or takes no more of this user.",
            "Make room on it, then start the program again.",
        )
    if isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename else f"{error.strerror or type(error).__name__}"
        return StartError(f"The program could not use what it needs ({what}).", f"Check the folder {home}.")
    if isinstance(error, ImportError):
        # The words of Python or the system's linker, and the name of what is missing.
        return StartError(
            f"A part of the program cannot be loaded ({error}).",
            "Install it again; on Linux, its README names the libraries of the system that it needs.",
        )
    message = f"The program met something that it does not expect ({type(error).__name__})."
    send = f"send {log_file} to your support" if log_file is not None else "tell your support"
    return StartError(message, f"Start it again; if it stays, {send}.")
