"""Say in words what keeps the program from running, whatever it is: where there is no window, nobody else would."""

import errno
from collections.abc import Callable
from pathlib import Path

from cmxero_desktop.domain.errors import DeskError, StartError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_LOCKS = frozenset({errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP})


def start_trouble(error: Exception, find_home: Callable[[], Path]) -> DeskError:
    """Return the error as one of our family. The words of what nobody foresaw stay out: they may hold anything."""
    try:
        return _trouble(error, find_home())
    except DeskError as trouble:
        return trouble


def _trouble(error: Exception, home: Path) -> DeskError:
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
    message = f"The program met something that it does not expect ({type(error).__name__})."
    remedy = f"Start it again; if it stays, send {home / 'logs' / 'desk.log'} to your support."
    return StartError(message, remedy)
