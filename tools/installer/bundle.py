"""Lay the folder that is installed on Windows: a Python, the wheels of our pins, the program, and what starts it.

PyInstaller would do the same, but only on Windows itself, or under Wine in more than the quarter of an hour that was
waited for it; and its starters are what virus scanners know from elsewhere. Here nothing is guessed from imports: what
the pins name is there, less what `keeping` leaves out.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cmxero_desktop import __version__
from tools.installer.icon import write_icon
from tools.installer.keeping import is_kept
from tools.notices import notices_of, written
from tools.windows.environment import python_inside
from tools.windows.pins import fetch_wheels, unpack_wheels
from tools.windows.place import ROOT, Place
from tools.windows.python import lay_python, open_to_packages
from tools.windows.system import run_inside
from tools.windows.wine import Visit

HERE = Path(__file__).parent
NAME = "cm-xero-desk"
PROGRAMS = {"cmxero": "the command line", "cmxero-desktop": "CM-Xero Desk"}
_COMPILE_LIMIT_S = 900
_BUILD_LIMIT_S = 300
# Of the embeddable Python: what starts it by itself, its list of hashes, and sounds.
_NOT_OF_PYTHON = ("python.exe", "pythonw.exe", "python.cat", "winsound.pyd", "LICENSE.txt")
# Alembic reads the store's migrations as files.
_AS_SOURCE = "migrations"
_COMPILE = "import compileall, py_compile, sys; sys.exit(not compileall.compile_dir(sys.argv[1], quiet=1, legacy=True, \
stripdir=sys.argv[2], optimize=0, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH))"
_START = "import sys\n\nfrom cmxero_desktop.__main__ import {function}\n\nsys.exit({function}())\n"


class NotCompiledError(Exception):
    """Python refused a file."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where its parts lie."""

    folder: Path

    @property
    def runtime(self) -> Path:
        """Python and everything that it loads."""
        return self.folder / "runtime"

    @property
    def site_packages(self) -> Path:
        """The packages."""
        return self.runtime / "Lib" / "site-packages"

    @property
    def licences(self) -> Path:
        """What everything stands under."""
        return self.folder / "licences"


def make_bundle(place: Place, visit: Visit) -> Bundle:
    """Make it anew in the place's work."""
    bundle = Bundle(place.work / "bundle" / NAME)
    shutil.rmtree(bundle.folder.parent, ignore_errors=True)
    lay_python(place.downloads, bundle.runtime)
    wheels = fetch_wheels("runtime", place.downloads)
    unpack_wheels([*wheels, _own_wheel(place)], bundle.site_packages)
    _lay_licences(bundle)
    for name in _NOT_OF_PYTHON:
        (bundle.runtime / name).unlink()
    _leave_out(bundle.site_packages)
    open_to_packages(bundle.runtime)
    _compile(visit, bundle.site_packages)
    _lay_starters(place, bundle)
    return bundle


def _own_wheel(place: Place) -> Path:
    target = place.work / "own"
    shutil.rmtree(target, ignore_errors=True)
    words = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    subprocess.run(words, check=True, cwd=ROOT, timeout=_BUILD_LIMIT_S, stdout=subprocess.DEVNULL)  # noqa: S603
    (wheel,) = target.glob("*.whl")
    return wheel


def _lay_licences(bundle: Bundle) -> None:
    bundle.licences.mkdir()
    shutil.copy(ROOT / "LICENSE", bundle.licences / "LICENSE.txt")
    python = (bundle.runtime / "LICENSE.txt").read_text(encoding="utf-8")
    text = written(notices_of(bundle.site_packages, python))
    (bundle.licences / "THIRD-PARTY-NOTICES.txt").write_text(text, encoding="utf-8")


def _leave_out(site_packages: Path) -> None:
    for path in sorted(site_packages.rglob("*"), reverse=True):
        if path.is_file() and not is_kept(path.relative_to(site_packages).as_posix()):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _compile(visit: Visit, site_packages: Path) -> None:
    """Compile every file by the Windows Python: the program starts at once, and needs to write nothing beside it."""
    where = visit.place.on_windows(site_packages)
    told = visit.run(str(python_inside()), "-c", _COMPILE, where, where, limit_s=_COMPILE_LIMIT_S)
    if told.status != 0:
        raise NotCompiledError(told.out + told.error)
    for path in site_packages.rglob("*.py"):
        if _AS_SOURCE in path.parts:
            path.with_suffix(".pyc").unlink()
        else:
            path.unlink()


def _lay_starters(place: Place, bundle: Bundle) -> None:
    making = place.work / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    for name in ("launcher.c", "launcher.rc", "launcher.manifest"):
        shutil.copy(HERE / name, making)
    write_icon(making / "app.ico")
    (bundle.runtime / "start").mkdir()
    for program, description in PROGRAMS.items():
        function = program.rpartition("-")[2]
        (bundle.runtime / "start" / f"{program}.py").write_text(_START.format(function=function), encoding="utf-8")
        (making / "names.h").write_text(_names(program, description, __version__), encoding="utf-8")
        for words in _making(program):
            run_inside(place, ROOT, ["env", "--chdir=/work/making", *words], limit_s=_BUILD_LIMIT_S)
        shutil.copy(making / f"{program}.exe", bundle.folder)


def _names(program: str, description: str, version: str) -> str:
    """Return what a starter shows of itself, as its sources read it."""
    numbers = ",".join([*re.findall(r"\d+", version)[:3], "0", "0", "0"][:4])
    shown = {"NAME": program, "DESCRIPTION": description, "VERSION": version}
    texts = "".join(f'#define {name} "{text}"\n' for name, text in shown.items())
    return f'{texts}#define NUMBERS {numbers}\n#define START L"{program}"\n'


def _making(program: str) -> list[list[str]]:
    """Return the two commands that make a starter: the resources, then the program."""
    windowed = ["-mconsole"] if program == "cmxero" else ["-mwindows", "-DWITH_WINDOW"]
    hard = ["-municode", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-Wl,--no-insert-timestamp"]
    return [
        ["x86_64-w64-mingw32-windres", "launcher.rc", "resources.o"],
        ["x86_64-w64-mingw32-gcc", *hard, *windowed, "launcher.c", "resources.o", "-o", f"{program}.exe"],
    ]


def weights(bundle: Bundle) -> list[tuple[str, int]]:
    """Return what weighs what, in bytes, the heaviest first: each package, Python, and the rest."""
    found: dict[str, int] = {}
    for path in bundle.folder.rglob("*"):
        if path.is_file():
            part = _part(path.relative_to(bundle.folder).parts)
            found[part] = found.get(part, 0) + path.stat().st_size
    return sorted(found.items(), key=lambda pair: -pair[1])


def _part(parts: Sequence[str]) -> str:
    match parts:
        case ("runtime", "Lib", "site-packages", package, *_):
            return package.partition(".libs")[0].partition("-")[0]
        case ("runtime", *_):
            return "Python"
        case _:
            return "starters and licences"


def total_bytes(bundle: Bundle) -> int:
    """Return how many bytes all of it has."""
    return sum(size for _, size in weights(bundle))
