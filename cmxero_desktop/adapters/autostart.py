"""Have the program start in the tray when a person signs in: by Windows' Run key, or by the desktops of Linux.

Each is the person's own, without an administrator, and stands where the system's own settings show it too.
"""

import configparser
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cmxero_desktop.domain.errors import AutostartError
from cmxero_desktop.held_files import write_whole
from cmxero_desktop.services.records.autostart import ELSEWHERE, AutostartSeen

VALUE_NAME = "CM-Xero Desk"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
"""Where the setup program writes the same value (`tools/installer/setup.nsi`)."""

APPROVED_KEY = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
"""Where Windows keeps what a person switched off in its Task Manager or settings."""

ENTRY_NAME = "cm-xero-desk.desktop"
_SAID_WINDOWS = "Windows keeps it for you alone; Task Manager shows it under Startup apps."
_ENTRY = """[Desktop Entry]
Type=Application
Name=CM-Xero Desk
Comment=Checks Xero from the tray
Exec={command}
Icon=cm-xero-desk
Terminal=false
X-GNOME-Autostart-enabled=true
"""
_SECTION = "Desktop Entry"
_MOST_CHARACTERS = 65_536


class Registry(Protocol):
    """What a person's own part of Windows' registry does. Every method raises OSError."""

    def get(self, key: str, name: str) -> str | bytes | None:
        """Return a value, None where there is none."""

    def set(self, key: str, name: str, text: str) -> None:
        """Keep a text."""

    def delete(self, key: str, name: str) -> None:
        """Take a value away; one that is not there is no error."""


class WindowsAutostart:
    """Implements `Autostart` by the Run key of the person."""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        """Remember what is to be started; nothing is read yet."""
        self._registry = registry
        self._command = command

    def seen(self) -> AutostartSeen:
        """Say how it is; what starts the program with another of its folders is not this one's."""
        try:
            value = self._registry.get(RUN_KEY, VALUE_NAME)
            approved = self._registry.get(APPROVED_KEY, VALUE_NAME)
        except OSError as error:
            return AutostartSeen(is_supported=False, said=f"Windows does not say it: {error.strerror}.")
        # An odd first byte says that a person switched it off there.
        is_off = isinstance(approved, bytes) and bool(approved[:1]) and approved[0] % 2 == 1
        return _seen(starts=bool(value) and not is_off, is_own=self._is_own(value), said=_SAID_WINDOWS)

    def set(self, *, is_on: bool) -> None:
        """Switch it on or off; off leaves what starts another folder. Raises AutostartError."""
        try:
            if is_on:
                self._registry.set(RUN_KEY, VALUE_NAME, run_value(self._command))
            elif not self._is_own(self._registry.get(RUN_KEY, VALUE_NAME)):
                return
            else:
                self._registry.delete(RUN_KEY, VALUE_NAME)
            self._registry.delete(APPROVED_KEY, VALUE_NAME)
        except OSError as error:
            message = f"Windows did not take it: {error.strerror}."
            raise AutostartError(message, "Whoever looks after this computer may have forbidden it.") from error

    def _is_own(self, value: str | bytes | None) -> bool:
        """Say whether a value starts the program with this folder, wherever the program itself lies."""
        _, *words = self._command
        return isinstance(value, str) and value.casefold().endswith(run_value(("", *words))[2:].casefold())


def run_value(command: Sequence[str]) -> str:
    """Return what stands in the Run key: the program always in quotes, as the setup program writes it."""
    program, *words = command
    return " ".join([f'"{program}"', *([subprocess.list2cmdline(words)] if words else [])])


class XdgAutostart:
    """Implements `Autostart` by a file in the autostart folder of the person's desktop."""

    def __init__(self, folder: Path, command: Sequence[str]) -> None:
        """Remember the folder of autostart files; nothing is read yet."""
        self._path = folder / ENTRY_NAME
        self._command = command

    def seen(self) -> AutostartSeen:
        """Say how it is; a file that a desktop marked as switched off counts as off."""
        command, starts = self._read()
        return _seen(starts=starts, is_own=self._is_own(command), said=f"The file is {self._path}.")

    def set(self, *, is_on: bool) -> None:
        """Write the file, or take it away, but for one that starts another folder. Raises AutostartError."""
        try:
            if not is_on:
                command, _ = self._read()
                if not command or self._is_own(command):
                    self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._path, _ENTRY.format(command=exec_line(self._command)).encode("utf-8"))
        except OSError as error:
            message = f"{self._path} could not be changed: {error.strerror}."
            raise AutostartError(message, "Make room on that disk, or check your rights in the folder.") from error

    def _is_own(self, command: str) -> bool:
        """Say whether a command starts the program with this folder, wherever the program itself lies."""
        return command.endswith(exec_line(("", *self._command[1:]))[2:])

    def _read(self) -> tuple[str, bool]:
        """Return the command in the file, and whether a desktop starts it."""
        entry = configparser.RawConfigParser(strict=False)
        try:
            with self._path.open(encoding="utf-8") as file:
                entry.read_string(file.read(_MOST_CHARACTERS))
            fields = dict(entry.items(_SECTION))
        except (OSError, ValueError, configparser.Error):
            return "", False
        is_hidden = fields.get("hidden", "false").strip().lower() == "true"
        is_off = fields.get("x-gnome-autostart-enabled", "true").strip().lower() == "false"
        command = fields.get("exec", "")
        return command, bool(command) and not is_hidden and not is_off


def _seen(*, starts: bool, is_own: bool, said: str) -> AutostartSeen:
    is_elsewhere = starts and not is_own
    said = f"{ELSEWHERE} {said}" if is_elsewhere else said
    return AutostartSeen(is_supported=True, is_on=starts and is_own, is_elsewhere=is_elsewhere, said=said)


def exec_line(command: Sequence[str]) -> str:
    """Return a command as the Desktop Entry Specification has it: each word in quotes, then escaped as any text."""
    return " ".join(_quoted(word) for word in command)


def _quoted(word: str) -> str:
    inside = "".join(f"\\{c}" if c in '"`$\\' else c for c in word).replace("%", "%%")
    return f'"{inside}"'.replace("\\", "\\\\")


class NoAutostart:
    """Implements `Autostart` where it cannot be."""

    def __init__(self, why: str) -> None:
        """Keep the sentence that says why."""
        self._why = why

    def seen(self) -> AutostartSeen:
        """Say why it cannot be."""
        return AutostartSeen(is_supported=False, said=self._why)

    def set(self, *, is_on: bool) -> None:  # noqa: ARG002 - neither can be
        """Refuse. Raises AutostartError."""
        raise AutostartError(self._why, "Use what your system has for that.")


def person_registry() -> Registry | None:
    """Return the person's own part of Windows' registry; None on other systems."""
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows alone has it

        class PersonRegistry:
            """Implements `Registry` by HKEY_CURRENT_USER."""

            def get(self, key: str, name: str) -> str | bytes | None:
                try:
                    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                        found, _ = winreg.QueryValueEx(opened, name)
                except FileNotFoundError:
                    return None
                return found if isinstance(found, str | bytes) else str(found)

            def set(self, key: str, name: str, text: str) -> None:
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

            def delete(self, key: str, name: str) -> None:
                rights = winreg.KEY_SET_VALUE
                with (
                    suppress(FileNotFoundError),
                    winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, rights) as opened,
                ):
                    winreg.DeleteValue(opened, name)

        return PersonRegistry()
    return None
