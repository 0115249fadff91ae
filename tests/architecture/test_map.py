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


def test_paths_are_told_from_commands() -> None:
    page = "`ui/review/page.py`, `domain/`, `nox -s tests`, `settings.toml`, `unit.facts`, `dist/`, `docs/rules.md`"
    assert paths_in(page) == {"ui/review/page.py", "domain/", "docs/rules.md"}


def test_the_map_says_the_way_of_a_payment_and_where_things_are_added() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for row in ("a column", "a rule", "a reason to skip", "a verb", "a page"):
        assert f"\n| {row} |" in page
    assert paths_in(page) > {"domain/correlation/judging.py", "services/writing/settling.py"}
