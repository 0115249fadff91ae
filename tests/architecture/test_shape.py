"""Holds the shape of the tree: few rooms, few arrows between them, no circle, no class that took everything."""

from pathlib import Path

import pytest

from tools.graph import circles
from tools.shape import floor_count, largest_class
from tools.tree import Tree, read_tree


@pytest.fixture(scope="module")
def tree() -> Tree:
    """Return the tree; to read it takes seconds, which only the process that runs these tests should spend."""
    return read_tree(Path(__file__).parents[2])


@pytest.mark.parametrize(("part", "rooms", "arrows"), [("ui", 16, 50), ("services", 12, 40), ("sandbox", 6, 8)])
def test_a_part_has_few_rooms_and_few_arrows_between_them(tree: Tree, part: str, rooms: int, arrows: int) -> None:
    found = tree.houses[part].arrows
    names = sorted(found)
    assert len(names) <= rooms, names
    pairs = [f"{room} -> {other}" for room in names for other in sorted(found[room])]
    assert len(pairs) <= arrows, pairs


def test_the_window_stands_on_seven_floors(tree: Tree) -> None:
    floors = floor_count(tree.houses["ui"])
    assert floors <= 7


def test_no_class_took_everything(tree: Tree) -> None:
    lines, name = largest_class(tree.modules.values())
    assert lines <= 250, name


def test_nothing_imports_in_a_circle(tree: Tree) -> None:
    assert circles(tree.imports) == []
    for part, house in tree.houses.items():
        assert circles(house.arrows) == [], part
