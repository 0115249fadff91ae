"""Read which of our pins a Windows Python needs, and fetch just these, each by its hash."""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement

from tools.windows.place import ROOT

# What a pin's marker is asked about: the Python that the program is packed with.
WINDOWS = {
    "implementation_name": "cpython",
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_system": "Windows",
    "python_full_version": "3.13.2",
    "python_version": "3.13",
    "sys_platform": "win32",
}
# These are published as sources only; they are pure Python, so that a wheel made here serves there.
_SOURCES_ONLY = frozenset({"xero-python"})
_FETCH_LIMIT_S = 1_800


def pins_for_windows(text: str) -> dict[str, str]:
    """Return name and line, hashes and all, of each pin whose marker holds on Windows."""
    found = {}
    for line in _lines(text):
        words, *hashes = line.split(" --hash=")
        requirement = Requirement(words.strip())
        if requirement.marker is None or requirement.marker.evaluate(WINDOWS):
            requirement.marker = None
            found[requirement.name] = " --hash=".join([str(requirement), *hashes])
    return found


def fetch_wheels(requirements: str, downloads: Path) -> list[Path]:
    """Fetch the wheels of one file of requirements/ into a folder of its own, and return them."""
    pins = pins_for_windows((ROOT / "requirements" / f"{requirements}.txt").read_text(encoding="utf-8"))
    folder, asked = downloads / requirements, downloads / f"{requirements}.asked"
    text = "\n".join(pins.values())
    if not (asked.is_file() and asked.read_text(encoding="utf-8") == text):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sources = {name: line for name, line in pins.items() if name in _SOURCES_ONLY}
        wheels = {name: line for name, line in pins.items() if name not in _SOURCES_ONLY}
        for_windows = ("--platform=win_amd64", "--python-version=3.13", "--implementation=cp")
        kinds = ("--abi=cp313", "--abi=abi3", "--abi=none", "--only-binary=:all:")
        _pip("download", folder, wheels.values(), *for_windows, *kinds)
        if sources:
            _pip("wheel", folder, sources.values())
        asked.write_text(text, encoding="utf-8")
    return sorted(folder.glob("*.whl"))


def unpack_wheels(wheels: list[Path], site_packages: Path) -> None:
    """Lay wheels into site-packages: what they hold for there, and the data that goes beside it."""
    for wheel in wheels:
        with ZipFile(wheel) as archive:
            for member in archive.infolist():
                first, _, rest = member.filename.partition("/")
                if not first.endswith(".data"):
                    archive.extract(member, site_packages)
                elif rest.startswith(("purelib/", "platlib/")) and not member.is_dir():
                    target = site_packages / rest.partition("/")[2]
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(member))


def _lines(text: str) -> Iterator[str]:
    for line in text.replace("\\\n", " ").splitlines():
        words = line.partition("#")[0].split()
        if words:
            yield " ".join(words)


def _pip(verb: str, folder: Path, lines: Iterable[str], *options: str) -> None:
    asked = folder.parent / "requirements.txt"
    asked.write_text("\n".join(lines), encoding="utf-8")
    target = "--dest" if verb == "download" else "--wheel-dir"
    words = [sys.executable, "-m", "pip", verb, "-qq", "--no-deps", "--require-hashes", target, str(folder)]
    subprocess.run(  # noqa: S603 - words of our own
        [*words, *options, "--requirement", str(asked)], check=True, timeout=_FETCH_LIMIT_S
    )
