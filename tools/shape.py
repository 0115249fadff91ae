"""Prints the shape of the tree as tables; with `--write`, puts them into docs/architecture.md and draws the rooms."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from statistics import quantiles

from tools.graph import circles, floors
from tools.rooms_picture import draw_rooms
from tools.tree import House, Module, Tree, read_tree

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
PICTURE = ROOT / "docs" / "pictures" / "rooms.svg"
BEGIN = "<!-- figures: `nox -s shape -- --write` writes what stands between these two marks -->"
END = "<!-- end of the figures -->"


def main(arguments: list[str]) -> int:
    """Print the tables, or write them and the picture into docs/."""
    parser = argparse.ArgumentParser(prog="nox -s shape --", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/architecture.md and docs/pictures/rooms.svg")
    choice = parser.parse_args(arguments)
    tree = read_tree(ROOT)
    if choice.write:
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else "# Architecture\n"
        PAGE.write_text(with_figures(page, figures(tree)), encoding="utf-8")
        PICTURE.write_text(draw_rooms(tree), encoding="utf-8")
    else:
        sys.stdout.write(figures(tree))
    return 0


def with_figures(page: str, text: str) -> str:
    """Put the figures between the two marks, which come to the end of the page where it has none."""
    if BEGIN not in page:
        page = f"{page.rstrip()}\n\n## Figures\n\n{BEGIN}\n{END}\n"
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def figures(tree: Tree) -> str:
    """Give three tables: the parts of the package, functions and classes, and every room."""
    return "\n".join([*_parts(tree), "", *_sizes(tree), "", *_rooms(tree), ""])


def _parts(tree: Tree) -> Iterator[str]:
    yield from _head("part", "rooms", "files", "lines", "arrows between rooms", "floors", "test lines per line")
    for house in tree.houses.values():
        arrows = sum(map(len, house.arrows.values()))
        tests = sum(house.tests.values()) / house.lines
        yield _row(
            f"`{house.name}`",
            len(house.rooms),
            len(house.modules),
            house.lines,
            arrows,
            floor_count(house),
            f"{tests:.2f}",
        )
    lines = sum(module.lines for module in tree.modules.values())
    ratio = sum(tree.tests.values()) / lines
    yield _row("all, and tests that run all", "", len(tree.modules), lines, "", "", f"{ratio:.2f}")


def _sizes(tree: Tree) -> Iterator[str]:
    modules = tree.modules.values()
    functions = sorted((span for module in modules for span in module.functions), key=lambda span: span.lines)
    lengths = [span.lines for span in functions]
    cuts = quantiles(lengths, n=100, method="inclusive")
    longest = functions[-1]
    largest = largest_class(modules)
    circle = next(iter(circles(tree.imports)), frozenset())
    yield _row("measure", "figure", "where")
    yield _row("---", "---:", "---")
    yield _row("functions", len(functions), "")
    yield _row(
        "lines of a function: p50, p90, p99", ", ".join(f"{cuts[number - 1]:.0f}" for number in (50, 90, 99)), ""
    )
    yield _row("lines of the longest function", longest.lines, f"`{longest.name}`")
    yield _row("lines of the largest class", largest[0], f"`{largest[1]}`")
    yield _row("modules in the largest import circle", len(circle) or "none", ", ".join(sorted(circle)))


def _rooms(tree: Tree) -> Iterator[str]:
    yield from _head("room", "floor", "files", "lines", "uses", "used by", "test lines per line")
    for house in tree.houses.values():
        floor = floors(house.arrows)
        for room in sorted(house.rooms, key=lambda room: (-floor[room], room)):
            yield _row(*_room(house, room, floor[room]))


def _room(house: House, room: str, floor: int) -> Iterable[object]:
    modules = house.rooms[room]
    lines = sum(module.lines for module in modules)
    # A room's tests are a folder of its name, or a file where they are few.
    tests = sum(count for path, count in house.tests.items() if path.split("/")[0] in {room, f"test_{room}.py"})
    users = sum(room in others for others in house.arrows.values())
    ratio = f"{tests / lines:.2f}" if tests else ""
    return f"`{house.name}/{room}`", floor, len(modules), lines, len(house.arrows[room]), users, ratio


def floor_count(house: House) -> int:
    """Tell on how many floors the rooms of a house stand."""
    return max(floors(house.arrows).values(), default=0)


def largest_class(modules: Iterable[Module]) -> tuple[int, str]:
    """Give the lines and the name of the largest class."""
    return max((span.lines, span.name) for span in chain.from_iterable(module.classes for module in modules))


def _head(*titles: str) -> Iterator[str]:
    yield _row(*titles)
    yield _row("---", *["---:"] * (len(titles) - 1))


def _row(*cells: object) -> str:
    return f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
