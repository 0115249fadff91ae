"""Make everything that the visits need: Wine's system, a Windows Python with our pins, what Wine lacks of Windows."""

import shutil
from pathlib import Path

from tools.windows.pins import fetch_wheels, unpack_wheels
from tools.windows.place import HERE, ROOT, Place
from tools.windows.python import lay_python, open_to_packages
from tools.windows.system import make_system, run_inside

_COMPILE_LIMIT_S = 120
_COMPILER = "x86_64-w64-mingw32-gcc"
_PYTHON = "python"


def make_environment(place: Place) -> None:
    """Make what is missing; a second call finds everything there."""
    make_system(place)
    _make_what_wine_lacks(place)
    _make_python(place)


def python_inside() -> Path:
    """Return the name of the Windows Python that has the tests' pins, inside the system."""
    return Path("/work", _PYTHON, "python.exe")


def _make_what_wine_lacks(place: Place) -> None:
    """Every Windows 10 has an icuuc.dll, which Qt asks for codecs other than its own; Wine has none."""
    source = place.work / "icuuc.c"
    text = (HERE / "icuuc.c").read_bytes()
    if source.is_file() and source.read_bytes() == text and source.with_suffix(".dll").is_file():
        return
    source.write_bytes(text)
    words = [_COMPILER, "-shared", "-O2", "-s", "-nostdlib", "-e", "DllMain", "-o", "/work/icuuc.dll", "/work/icuuc.c"]
    run_inside(place, ROOT, words, limit_s=_COMPILE_LIMIT_S)


def _make_python(place: Place) -> None:
    wheels = fetch_wheels("tests", place.downloads)
    folder = place.work / _PYTHON
    made_of, wanted = folder / "made-of", "\n".join(wheel.name for wheel in wheels)
    if made_of.is_file() and made_of.read_text(encoding="utf-8") == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    lay_python(place.downloads, folder)
    unpack_wheels(wheels, folder / "Lib" / "site-packages")
    open_to_packages(folder, r"Z:\source")
    made_of.write_text(wanted, encoding="utf-8")
