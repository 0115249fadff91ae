"""Install on a computer that nobody used before, go the whole way with what was installed, and remove it again."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from tools.installer.asking import FOLDER, OWN, Installed, same, wait_until
from tools.installer.folders import (
    SETUP_LIMIT_S,
    install_with_umlauts,
    refuse_folder_of_others,
    remove,
    upgrade_while_scanned,
)
from tools.installer.news import hear_news
from tools.installer.sign_in import keep_home_at_sign_in, start_at_sign_in, switch_off_in_windows, value_at_sign_in
from tools.windows.journey import WrongError, travel
from tools.windows.looking import see_window
from tools.windows.wine import Visit

_SHORTCUT: Final = "users/root/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/CM-Xero Desk.lnk"
# What Wine and Windows keep of themselves while programs run.
_NOT_OURS: Final = ("users/root/Temp/", "users/root/AppData/Local/Temp/", "windows/", "ProgramData/", "firm/")
_REFUSED: Final = 3


def go_through(visit: Visit, setup: str, picture: Path, say: Callable[[str], None]) -> list[str]:
    """Go the whole way, and return a line for each stage; WrongError names what was not so.

    `setup` is the setup program's name inside the system; `picture` shows the demo of what was installed.
    """
    told: list[str] = []

    def done(sentence: str) -> None:
        told.append(sentence)
        say(sentence)

    files, registry = _files(visit), _registry(visit)
    refuse_folder_of_others(visit, partial(_install, visit, setup))
    done("a folder that holds something else is refused, and stays as it is")
    install_with_umlauts(visit, partial(_install, visit, setup))
    done("installed in a folder with letters of other languages, started, and removed")
    same("the files after that", _files(visit), files)
    _install(visit, setup)
    installed = _files(visit) - files
    weight = sum((visit.drive_c / name).stat().st_size for name in installed)
    done(f"installed silently: {len(installed):,} files, {weight / 1e6:.1f} MB; nothing starts by itself")
    ticked = _require(visit, setup)
    program = Installed(visit)
    steps = travel(visit, [program.command_line], say)
    done(f"the command line's journey: {len(steps)} commands, each of them right")
    _have_own_data(program)
    start_at_sign_in(program, ticked)
    done("`cmxero autostart`: on writes what the setup's tick writes, off takes it away; Task Manager's word counts")
    keep_home_at_sign_in(program, lambda: _install(visit, setup))
    done("an upgrade keeps which desk starts at sign-in")
    hear_news(program)
    done("`cmxero updates`: a signed manifest is told; one that was changed, another's and an older one are refused")
    see_window(visit, [program.desktop, "--demo"], picture)
    done("the demo's window was seen")
    _refuse_while_running(visit, setup)
    done("a program that stays open is not overwritten: the setup ends with 3 and changes nothing")
    _upgrade_while_running(program, setup)
    done("an open window is asked to close, and the new version takes the place of the old one")
    upgrade_while_scanned(visit, partial(_install, visit, setup))
    program.tell("--version")
    done("a file that a scanner has open keeps nobody from a whole program")
    own = _own_data(visit)
    remove(visit, visit.drive_c / FOLDER)
    same("the person's own data", _own_data(visit), own)
    left = {name for name in _files(visit) - files if not name.startswith(f"{OWN}/")}
    same("the files that are left", left, set())
    same("the registry", _registry(visit), registry)
    left_over = "in the registry nothing but the keyring, which Wine keeps there"
    done(f"removed silently: no file is left but the person's own {len(own)}; {left_over}")
    return told


def _install(visit: Visit, setup: str, *words: str, expect: int = 0) -> None:
    told = visit.run(setup, "/S", *words, limit_s=SETUP_LIMIT_S)
    same("the setup's exit status", told.status, expect)


def _require(visit: Visit, setup: str) -> tuple[str, str]:
    """Require the start menu, the list of programs, and no start at sign-in before it is asked for; return that."""
    if not (visit.drive_c / _SHORTCUT).is_file():
        raise WrongError(f"the start menu has no entry: {_SHORTCUT}")
    shown = visit.run(
        "reg", "query", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\CM-Xero Desk", limit_s=60
    )
    for name in ("DisplayName", "DisplayVersion", "UninstallString", "QuietUninstallString"):
        if name not in shown.out:
            raise WrongError(f"the list of programs lacks {name}: {shown.out}")
    same("starting by itself", value_at_sign_in(visit), None)
    switch_off_in_windows(visit)
    _install(visit, setup, "/AUTOSTART")
    ticked = value_at_sign_in(visit)
    if ticked is None:
        raise WrongError("what was asked for at sign-in does not start")
    _install(visit, setup)
    same("starting by itself, after an upgrade", value_at_sign_in(visit), ticked)
    return ticked


def _have_own_data(program: Installed) -> None:
    """Set the program up for whoever uses this computer, in the folder that is the usual one."""
    case_url = "sqlite:///C:/firm/Desk Hämé 5/case manager.db"
    program.tell("init", "--case-manager-url", case_url, "--xero-client-id", "PLAIN")
    same("the settings", program.settings.is_file(), expected=True)


def _refuse_while_running(visit: Visit, setup: str) -> None:
    """Leave the demo open: its window has a home of its own, so nobody asks it to close."""
    before = _stamps(visit)
    _install(visit, setup, expect=_REFUSED)
    same("the files under an open program", _stamps(visit), before)
    visit.run("taskkill", "/f", "/im", "cmxero-desktop.exe", limit_s=60)


def _upgrade_while_running(program: Installed, setup: str) -> None:
    visit = program.visit
    visit.start(program.desktop, "--hidden")
    port = visit.drive_c / OWN / "window.port"
    wait_until(port.is_file, "the window did not open")
    before = _stamps(visit)
    _install(visit, setup)
    same("the window that was open", port.exists(), expected=False)
    if _stamps(visit) == before:
        raise WrongError("the upgrade changed nothing")
    program.tell("--version")


def _files(visit: Visit) -> set[str]:
    names = (path.relative_to(visit.drive_c).as_posix() for path in visit.drive_c.rglob("*") if path.is_file())
    return {name for name in names if not name.startswith(_NOT_OURS)}


def _stamps(visit: Visit) -> dict[str, int]:
    folder = visit.drive_c / FOLDER
    return {path.as_posix(): path.stat().st_ino for path in folder.rglob("*.exe")}


def _own_data(visit: Visit) -> dict[str, bytes]:
    folder = visit.drive_c / OWN
    return {path.as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _registry(visit: Visit) -> list[str]:
    """Return every line of the person's registry that speaks of us, but for the keyring, which is the person's own."""
    target = visit.place.work / "registry.reg"
    visit.run("reg", "export", r"HKCU\Software", visit.place.on_windows(target), "/y", limit_s=120)
    return lines_about_us(target.read_text(encoding="utf-16"))


def lines_about_us(export: str) -> list[str]:
    """Return the lines of an exported registry that speak of us. Wine keeps the keyring there, Windows elsewhere."""
    found: list[str] = []
    for key in export.split("\n["):
        name, *values = key.splitlines()
        if "\\Credential Manager\\" not in name:
            found += [line for line in (name, *values) if "xero" in line.casefold()]
    return found
