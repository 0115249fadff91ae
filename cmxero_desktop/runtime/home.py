"""See whether the home folder can be used, before anything stumbles over it, and whether others can read it."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.held_files import patiently
from cmxero_desktop.services.records.reports import OpenToOthers

IS_POSIX = os.name == "posix"
_OTHERS_MAY_PASS = stat.S_IXGRP | stat.S_IXOTH
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS_MAY_USE = stat.S_IRGRP | stat.S_IROTH | _OTHERS_MAY_WRITE
# A home folder holds some twenty files; whoever points it at a whole disk still gets an answer.
_LOOKED_AT = 5_000
# Where Windows says that OneDrive keeps its folders, and what such folders are called by themselves.
_ONEDRIVE = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_COPIERS = {name.casefold(): name for name in ("OneDrive", "Dropbox", "Google Drive", "iCloudDrive")}
_PROBE_BYTES = 4_096


def require_usable(folder: Path) -> None:
    """Make the home folder where there is none. Raises SettingsError where it cannot be written to, or is full."""
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            # An empty file has room on a full disk too.
            probe.write_bytes(bytes(_PROBE_BYTES))
        finally:
            patiently(lambda: probe.unlink(missing_ok=True))
    except OSError as error:
        message = f"The program's folder {folder} cannot be used: {error.strerror}."
        remedy = "Check that its drive is there and not full, and that you may write to it."
        raise SettingsError(message, remedy) from error


def open_to_others(home: Path, beside: Iterable[Path] = ()) -> OpenToOthers:
    """Say which files of the home folder, and which `beside` it, other people of this computer can read or change.

    Windows has no such rights; there it is said only whether the folder lies in the person's own.
    """
    copied_by = synchronised_by(home, os.environ)
    if not IS_POSIX:
        is_own = home.resolve().is_relative_to(Path.home().resolve())
        return OpenToOthers(is_known=False, is_in_own_folder=is_own, synchronised_by=copied_by)
    looked_at = islice(chain(_within(home), beside), _LOOKED_AT)
    return OpenToOthers(paths=tuple(str(path) for path in looked_at if _is_open(path)), synchronised_by=copied_by)


def synchronised_by(folder: Path, environment: Mapping[str, str]) -> str:
    """Return by what a folder is copied to other computers while it is in use, empty where nothing is known of it."""
    for name in _ONEDRIVE:
        if (place := environment.get(name)) and folder.is_relative_to(place):
            return "OneDrive"
    names = (part.partition(" - ")[0] for part in folder.parts)
    return next((_COPIERS[name.casefold()] for name in names if name.casefold() in _COPIERS), "")


def _within(home: Path) -> Iterator[Path]:
    if _mode(home) & _OTHERS_MAY_PASS:
        yield home
        yield from sorted(home.rglob("*"))


def _is_open(path: Path) -> bool:
    """Say whether others can use a file, or put another into a folder; the names in a folder tell them nothing."""
    mode = _mode(path)
    if not mode & (_OTHERS_MAY_WRITE if stat.S_ISDIR(mode) else _OTHERS_MAY_USE):
        return False
    ways = _OTHERS_MAY_PASS
    for folder in path.absolute().parents:
        ways &= _mode(folder)
    return bool(ways)


def _mode(path: Path) -> int:
    # A file may go away while we look.
    with suppress(OSError):
        return path.stat().st_mode
    return 0
