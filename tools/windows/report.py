"""Keep the last results in docs/windows.md: each between marks of its own, so that one run renews only what it ran."""

import re
from collections.abc import Sequence
from pathlib import Path

from tools.windows.place import ROOT

PAGE = ROOT / "docs" / "windows.md"


class NoRoomError(Exception):
    """The page has no marks of that name."""


def renewed(page: str, name: str, lines: Sequence[str]) -> str:
    """Return the page with new lines between the marks of that name; NoRoomError."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    text = "\n".join([begin, *lines, end])
    changed, count = pattern.subn(lambda _: text, page)
    if count != 1:
        raise NoRoomError(f"docs/windows.md has no room for {name}: it needs the marks {begin} and {end} once")
    return changed


def kept(name: str, page: str) -> list[str]:
    """Return the lines that stand between the marks of that name."""
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->")[0].splitlines()


def keep(name: str, lines: Sequence[str], page: Path = PAGE) -> None:
    """Write the lines into the page."""
    page.write_text(renewed(page.read_text(encoding="utf-8"), name, lines), encoding="utf-8")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table's lines."""
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
