"""Choose how this system starts a program at sign-in, and which program that is."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from cmxero_desktop.adapters.autostart import NoAutostart, WindowsAutostart, XdgAutostart, person_registry
from cmxero_desktop.places import platform_home
from cmxero_desktop.services.ports.computer import Autostart
from cmxero_desktop.services.records.autostart import INVENTED, NO_PROGRAM, NO_WAY


def autostart_of(home: Path) -> Autostart:
    """Return what starts the window of a home folder, hidden in the tray, at sign-in."""
    program = starter()
    if program is None:
        return NoAutostart(NO_PROGRAM)
    command = [str(program), "--hidden", *_home_words(home)]
    if (registry := person_registry()) is not None:
        return WindowsAutostart(registry, command)
    # Whoever checks types knows on which system, and would take one of the ways for dead.
    system: str = sys.platform
    if system.startswith("linux"):
        return XdgAutostart(xdg_config_home() / "autostart", command)
    return NoAutostart(NO_WAY)


def xdg_config_home() -> Path:
    """Return the person's folder of settings, as the XDG Base Directory Specification has it."""
    named = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".config"


def starter() -> Path | None:
    """Return the program that opens the window; None where it was not found."""
    return next((place for place in _places() if place.is_file()), None)


def _places() -> Iterator[Path]:
    name = f"cmxero-desktop{'.exe' if sys.platform == 'win32' else ''}"
    # In a bundle the program lies beside this one, in an environment beside its Python.
    yield Path(sys.executable).with_name(name)
    yield Path(sysconfig.get_path("scripts"), name)
    if (found := shutil.which(name)) is not None:
        yield Path(found).absolute()


def _home_words(home: Path) -> list[str]:
    """Name the home folder where it is not the usual one: at sign-in nobody else does."""
    return [] if home.absolute() == platform_home() else ["--home", str(home.absolute())]


def not_by_itself(_home: Path) -> Autostart:
    """Return what starts nothing, for an invented firm."""
    return NoAutostart(INVENTED)
