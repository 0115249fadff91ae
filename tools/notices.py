"""Gather the licences of everything that the installer carries into one text, to lie beside the program.

Each package's own licence files are taken as they are. `python -m tools.notices FILE` writes the text.
"""

import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
RUNTIME = ROOT / "requirements" / "runtime.txt"
# These publish no licence file of their own; the LGPL's text comes with psycopg.
_UNDER_LGPL = ("pyside6-essentials", "shiboken6")
_LGPL_TEXT_OF = "psycopg"
_LICENCE_FILE = re.compile(r"(?:^|[/.])(?:licen[cs]es?|copying|notice)\b[^/]*$", re.IGNORECASE)
_RULE = "=" * 100
_HEAD = """CM-Xero Desk carries the packages below. Each stands under its own licence, given in full.

Qt and PySide6 are used under the LGPL, version 3: their libraries lie as files of their own in the program's folder and
can be replaced by changed ones of the same interface. Their sources are published by the Qt Project.
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """One package: its name and version, what it says of its licence, and the licence's text."""

    name: str
    licence: str
    text: str


class NoLicenceError(Exception):
    """A package has no licence text: it must not be shipped before somebody has read it."""


def notices() -> list[Notice]:
    """Return one notice for each pinned package that is installed here, and for Python; NoLicenceError."""
    found = [_notice(each) for each in _installed(RUNTIME.read_text(encoding="utf-8"))]
    python = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    text = python.read_text(encoding="utf-8") if python.is_file() else sys.copyright
    return [Notice(f"Python {sys.version.split()[0]}", "PSF-2.0", text), *found]


def written(found: Iterable[Notice]) -> str:
    """Return the whole text."""
    parts = [f"{_RULE}\n{each.name}: {each.licence}\n{_RULE}\n\n{each.text.strip()}\n" for each in found]
    return "\n\n".join([_HEAD, *parts])


def _installed(pins: str) -> Iterable[Distribution]:
    lines = (line.strip() for line in pins.replace("\\\n", " ").splitlines())
    for line in (line for line in lines if line and not line.startswith("#")):
        try:
            yield distribution(Requirement(line.split(" --hash=")[0]).name)
        except PackageNotFoundError:
            continue


def _notice(package: Distribution) -> Notice:
    facts = package.metadata
    classifiers = [each.rsplit(" :: ", 1)[-1] for each in facts.get_all("Classifier") or [] if "License ::" in each]
    licence = facts.get_all("License-Expression") or classifiers or facts.get_all("License") or ["see below"]
    name = facts["Name"]
    text = _text(package) or (_text(distribution(_LGPL_TEXT_OF)) if canonicalize_name(name) in _UNDER_LGPL else "")
    if not text:
        raise NoLicenceError(f"{name} has no licence file: read its licence before it is shipped")
    return Notice(f"{name} {package.version}", "; ".join(licence), text)


def _text(package: Distribution) -> str:
    files = [file for file in package.files or [] if ".dist-info" in str(file) and _LICENCE_FILE.search(str(file))]
    return "\n\n".join(Path(str(file.locate())).read_text(encoding="utf-8", errors="replace") for file in files)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(notices()), encoding="utf-8")
