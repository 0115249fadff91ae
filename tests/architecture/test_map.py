"""Holds that the map in docs/architecture.md, docs/rules.md and the README names what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A path has a slash and ends in one, or names a file of ours; a command or a setting is none.
_PATH = re.compile(r"`([\w./-]+(?:/|\.(?:py|md|toml|svg)))`")
_MADE = {"dist/", "cmxero-demo-pictures/", "build_installer.spec"}


def paths_in(page: str) -> set[str]:
    """Return the paths that a page names."""
    return {path for path in _PATH.findall(page) if "/" in path and path not in _MADE}


@pytest.mark.parametrize("name", ["docs/architecture.md", "docs/rules.md", "README.md", "CHANGELOG.md"])
def test_every_path_that_a_page_names_is_there(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    prose = page.partition("<!-- figures")[0]
    missing = {p for p in paths_in(prose) if not (ROOT / p).exists() and not (ROOT / "cmxero_desktop" / p).exists()}
    assert missing == set()


def missing_functions(page: str, heading: str) -> set[str]:
    """Return the functions in a table's first column that no file of the row's last column defines."""
    section = page.partition(f"\n### {heading}\n")[2].partition("\n##")[0]
    missing = set()
    for row in (line.split("|") for line in section.splitlines() if line.startswith("| `")):
        sources = [(ROOT / "cmxero_desktop" / path).read_text(encoding="utf-8") for path in sorted(paths_in(row[-2]))]
        for name in re.findall(r"`([\w.]+)`", row[1]):
            owner, _, function = name.rpartition(".")
            marks = [f"def {function}(", *([f"class {owner}"] if owner else [])]
            if not any(all(mark in source for mark in marks) for source in sources):
                missing.add(name)
    return missing


def test_every_function_between_a_click_and_the_row_is_where_the_map_says() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert "`Applying.apply`" in page
    assert missing_functions(page, "From a click to the row") == set()


def test_every_stage_of_correlation_is_where_the_map_says() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.partition("\n### Inside correlation\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+\.py)`", section))
    assert named
    assert named <= {path.name for path in (ROOT / "cmxero_desktop" / "domain" / "correlation").glob("*.py")}


def test_a_function_that_was_renamed_is_missed() -> None:
    page = "\n### A\n\n| `Desk.ran`, `Desk.run`, `Desks.run` | runs | `services/verbs/desk.py` |\n\n## B\n"
    assert missing_functions(page, "A") == {"Desk.ran", "Desks.run"}


def test_paths_are_told_from_commands() -> None:
    page = "`ui/review/page.py`, `domain/`, `nox -s tests`, `settings.toml`, `unit.facts`, `dist/`, `docs/rules.md`"
    assert paths_in(page) == {"ui/review/page.py", "domain/", "docs/rules.md"}


def test_the_map_says_the_way_of_a_payment_and_where_things_are_added() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for row in ("a column", "a rule", "a reason to skip", "a verb", "a page"):
        assert f"\n| {row} |" in page
    assert paths_in(page) > {"domain/correlation/judging.py", "services/writing/settling.py"}
