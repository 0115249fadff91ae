"""Have an installed program start at sign-in by its own command, and compare that with what the setup writes."""

from collections.abc import Callable
from typing import Final

from cmxero_desktop.adapters.autostart import APPROVED_KEY, RUN_KEY, VALUE_NAME
from tools.installer.asking import Installed, contains, same
from tools.windows.wine import Visit

_RUN: Final = f"HKCU\\{RUN_KEY}"
_APPROVED: Final = f"HKCU\\{APPROVED_KEY}"
# What Windows writes where a person switches a program off in Task Manager: an odd first byte, and when.
_SWITCHED_OFF: Final = "030000000000000000000000"
_LIMIT_S: Final = 60
_OTHER_HOME: Final = r"C:\firm\another desk"


def value_at_sign_in(visit: Visit) -> tuple[str, str] | None:
    """Return kind and text of what the person's Run key starts of us; None where it starts nothing."""
    return value_in(visit.run("reg", "query", _RUN, "/v", VALUE_NAME, limit_s=_LIMIT_S).out, VALUE_NAME)


def value_in(said: str, name: str) -> tuple[str, str] | None:
    """Read kind and text of a value out of what `reg query` says; None where it is not there."""
    for line in said.splitlines():
        if line.strip().startswith(name):
            kind, _, text = line.strip().removeprefix(name).strip().partition(" ")
            return kind, text.strip()
    return None


def switch_off_in_windows(visit: Visit) -> None:
    """Do what a person does in Windows' Task Manager."""
    words = ("add", _APPROVED, "/v", VALUE_NAME, "/t", "REG_BINARY", "/d", _SWITCHED_OFF, "/f")
    visit.run("reg", *words, limit_s=_LIMIT_S)


def start_at_sign_in(installed: Installed, ticked: tuple[str, str] | None) -> None:
    """Switch it on and off by `cmxero autostart`; on is what the setup's tick wrote. WrongError."""
    same("whether it starts by the setup's tick", _says(installed), expected=True)
    _is_off_again(installed)
    same("whether it starts, switched on", _says(installed, "on"), expected=True)
    same("what starts at sign-in", value_at_sign_in(installed.visit), ticked)
    switch_off_in_windows(installed.visit)
    same("whether it starts, switched off in Task Manager", _says(installed), expected=False)
    same("whether it starts, switched on again", _says(installed, "on"), expected=True)
    same("whether that stays", _says(installed), expected=True)
    _is_off_again(installed)


def keep_home_at_sign_in(installed: Installed, upgrade: Callable[[], None]) -> None:
    """Have a desk in another folder start at sign-in, and upgrade: that folder is still named. WrongError."""
    installed.ask("--home", _OTHER_HOME, "autostart", "on")
    before = value_at_sign_in(installed.visit)
    contains("what starts another desk", str(before and before[1]), f'--home "{_OTHER_HOME}"')
    upgrade()
    same("what starts after an upgrade", value_at_sign_in(installed.visit), before)
    _is_off_again(installed)


def _is_off_again(installed: Installed) -> None:
    same("whether it starts, switched off", _says(installed, "off"), expected=False)
    same("what starts then", value_at_sign_in(installed.visit), None)


def _says(installed: Installed, *turn: str) -> bool:
    return bool(installed.ask("autostart", *turn)["is_on"])
