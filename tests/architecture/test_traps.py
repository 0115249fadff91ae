"""Holds that the list of Xero's oddities names modules and tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = ROOT / "tests" / "adapters" / "xero" / "README.md"
PACKAGE = ROOT / "cmxero_desktop"
_FEWEST = 40


def _rows() -> list[list[str]]:
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "handled in" not in line]


def _named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_oddity_has_a_module_and_a_test_that_there_are() -> None:
    sources = (ROOT / "tests").rglob("test_*.py")
    tests = {
        name for path in sources for name in re.findall(r"^def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
    }
    rows = _rows()
    assert len(rows) > _FEWEST
    for what, modules, named in rows:
        assert _named(modules), what
        assert _named(named), what
        for module in _named(modules):
            place = PACKAGE / module if "/" in module else PACKAGE / "adapters" / "xero" / module
            assert place.exists(), f"{what}: {module}"
        assert set(_named(named)) <= tests, f"{what}: {set(_named(named)) - tests}"
