"""Where the command line has a password from: a person, standard input, or a file; never its own words."""

import argparse
import sys
from getpass import getpass
from pathlib import Path

from cmxero_desktop.domain.errors import SettingsError
from cmxero_desktop.services.verbs.commands.connecting import ReadAddress
from cmxero_desktop.services.verbs.desk import Desk

STANDARD_INPUT = "-"
_LONGEST = 4_096


def password_of(url: str, option: str, asked: argparse.Namespace, desk: Desk) -> str | None:
    """Find the password that goes with the address that `option` gave: from a file, or asked of a person.

    Where no option gave it, it stood by itself, and goes with `--password-file`. None leaves the one in the keyring,
    or the one in the address, of which a person is warned.
    Raises SettingsError where a file cannot be read or the address holds one too, DeskError for no address at all.
    """
    begins = f"{option}-" if option else ""
    file: str = getattr(asked, f"{begins.replace('-', '_')}password_file")
    if not url:
        return None
    address = desk.run(ReadAddress(url))
    place = f"--{option}-url" if option else "the address"
    if address.has_password and file:
        where = f"The address in {place}" if option else "The address"
        message = f"{where} holds a password, and --{begins}password-file names another."
        raise SettingsError(message, "Leave it out of the address.")
    if address.has_password:
        asked.warn(_stood_in_the_open(place, f"--{begins}password-file"))
        return None
    if file:
        return read_secret(file)
    if not address.login:
        return None
    typed: str | None = asked.ask_secret(f"Password of {address.login} for {address.label} (Enter: unchanged): ")
    return typed or None


def read_secret(file: str, what: str = "password") -> str:
    """Read the first line of a file, or of standard input where it is called "-"; sentences name it `what` it is.

    Raises SettingsError.
    """
    place = "Standard input" if file == STANDARD_INPUT else file
    try:
        if file == STANDARD_INPUT:
            line = sys.stdin.readline(_LONGEST)
        else:
            with Path(file).open(encoding="utf-8-sig") as opened:
                line = opened.readline(_LONGEST)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        message = f"{place} cannot be read as a {what}: {why}."
        raise SettingsError(message, f"Give a file whose first line is the {what}, or - for standard input.") from None
    secret = line.rstrip("\r\n")
    if not secret:
        message = f"{place} holds no {what} in its first line."
        raise SettingsError(message, f"Write the {what} there, and nothing before it.")
    return secret


def ask_secret(prompt: str) -> str | None:
    """Ask a person at a terminal without showing what is typed; None where nobody sits at one."""
    if not sys.stdin.isatty():
        return None
    try:
        return getpass(prompt)
    except EOFError:
        return ""


def _stood_in_the_open(place: str, option: str) -> str:
    return (
        f"Warning: other people of this computer can see the password in {place} while the command runs, and "
        "the shell may keep it. The program keeps it in the keyring alone. Take that line out of the shell's history. "
        f"Next time leave the password out: you are asked for it, or give {option} FILE."
    )
