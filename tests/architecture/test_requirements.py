"""Holds what the pinned requirements promise: exact, hashed, no hosts, no plain-text keyring, free to ship."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PINNED = sorted((ROOT / "requirements").glob("*.txt"))
INPUTS = sorted((ROOT / "requirements").glob("*.in"))

# Packages that only another operating system installs, so that their metadata is not here to be read.
LICENCES_ELSEWHERE = {"pywin32-ctypes": "BSD-3-Clause"}
# Metadata that states the licence only in prose; read by a person.
LICENCES_READ = {"xero-python": "MIT"}
FREE = re.compile(
    r"Apache|BSD|CC0|ISC|LGPL|Lesser General Public|MIT|MPL|Mozilla|PSF|Python Software Foundation|Unlicense|Zlib"
)
# What is installed beside nothing of the program, only to write a file of it.
ALONE = {"holidays.txt"}
STRONG = re.compile(r"(?<!L)GPL|(?<!Lesser )General Public License")


def _pins(path: Path) -> dict[str, Requirement]:
    joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    pins = [Requirement(line.split(" --hash=")[0]) for line in lines]
    assert all(" --hash=sha256:" in line for line in lines)
    return {canonicalize_name(pin.name): pin for pin in pins}


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_every_version_is_exact(path: Path) -> None:
    for pin in _pins(path).values():
        assert [clause.operator for clause in pin.specifier] == ["=="], pin


@pytest.mark.parametrize("path", PINNED + INPUTS, ids=lambda path: path.name)
def test_no_file_names_a_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)


@pytest.mark.parametrize("path", [each for each in PINNED if each.name not in ALONE], ids=lambda path: path.name)
def test_every_file_agrees_with_the_runtime(path: Path) -> None:
    runtime, pins = _pins(ROOT / "requirements/runtime.txt"), _pins(path)
    for name in runtime.keys() & pins.keys():
        assert pins[name].specifier == runtime[name].specifier


def test_the_runtime_satisfies_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = _pins(ROOT / "requirements/runtime.txt")
    for line in project["dependencies"]:
        wanted = Requirement(line)
        (exact,) = runtime[canonicalize_name(wanted.name)].specifier
        assert wanted.specifier.contains(exact.version), line


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_nothing_can_store_a_secret_in_plain_text(path: Path) -> None:
    # keyring picks keyrings.alt's plain-text file by itself as soon as that is importable.
    assert "keyrings-alt" not in _pins(path)


@pytest.mark.parametrize("name", sorted(_pins(ROOT / "requirements/runtime.txt")))
def test_what_we_ship_is_free_to_ship(name: str) -> None:
    licence = _licence(name)
    alternatives = re.split(r"\s+OR\s+", licence)
    assert any(FREE.search(each) and not STRONG.search(each) for each in alternatives), licence


def _licence(name: str) -> str:
    if name in LICENCES_READ:
        return LICENCES_READ[name]
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return LICENCES_ELSEWHERE[name]
    expressions = facts.get_all("License-Expression") or []
    classifiers = [value for value in facts.get_all("Classifier") or [] if value.startswith("License :: ")]
    return "; ".join(expressions or classifiers or facts.get_all("License") or ["unknown"])
