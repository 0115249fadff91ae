"""Gather the licences of everything that the installer carries into one text, to lie beside the program.

Each package's own licence files are taken as they are. `python -m tools.notices FILE` writes the text.
"""

import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
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

psycopg_binary brings libpq, PostgreSQL's own library, under the licence that stands last here, and OpenSSL, under the
Apache licence, version 2, whose text stands with Python's.
"""
_POSTGRESQL = """Portions Copyright (c) 1996, The PostgreSQL Global Development Group
Portions Copyright (c) 1994, The Regents of the University of California

Permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and
without a written agreement is hereby granted, provided that the above copyright notice and this paragraph and the
following two paragraphs appear in all copies.

IN NO EVENT SHALL THE UNIVERSITY OF CALIFORNIA BE LIABLE TO ANY PARTY FOR DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR
CONSEQUENTIAL DAMAGES, INCLUDING LOST PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION, EVEN IF
THE UNIVERSITY OF CALIFORNIA HAS BEEN ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

THE UNIVERSITY OF CALIFORNIA SPECIFICALLY DISCLAIMS ANY WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS IS"
BASIS, AND THE UNIVERSITY OF CALIFORNIA HAS NO OBLIGATIONS TO PROVIDE MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR
MODIFICATIONS.
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


def notices_of(site_packages: Path, python: str) -> list[Notice]:
    """Return one notice for each package that lies in a folder, and for Python by its own text; NoLicenceError."""
    packages = sorted(distributions(path=[str(site_packages)]), key=lambda each: canonicalize_name(each.name))
    shipped = [_notice(each) for each in packages]
    return [Notice("Python", "PSF-2.0", python), *shipped, Notice("libpq", "PostgreSQL", _POSTGRESQL)]


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


def licence_of(package: Distribution) -> str:
    """Return what a package says of its licence, in the first of the places where packages say it."""
    facts = package.metadata
    classifiers = [each.rsplit(" :: ", 1)[-1] for each in facts.get_all("Classifier") or [] if "License ::" in each]
    return "; ".join(facts.get_all("License-Expression") or classifiers or facts.get_all("License") or ["see below"])


def _notice(package: Distribution) -> Notice:
    name = package.metadata["Name"]
    text = _text(package) or (_text(distribution(_LGPL_TEXT_OF)) if canonicalize_name(name) in _UNDER_LGPL else "")
    if not text:
        raise NoLicenceError(f"{name} has no licence file: read its licence before it is shipped")
    return Notice(f"{name} {package.version}", licence_of(package), text)


def _text(package: Distribution) -> str:
    files = [file for file in package.files or [] if ".dist-info" in str(file) and _LICENCE_FILE.search(str(file))]
    return "\n\n".join(Path(str(file.locate())).read_text(encoding="utf-8", errors="replace") for file in files)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written(notices()), encoding="utf-8")
