"""Holds the shape of the tree: few rooms, few arrows between them, no circle, no class that took everything."""

from pathlib import Path

import pytest

from tools.graph import circles
from tools.shape import floor_count, largest_class
from tools.tree import read_tree

TREE = read_tree(Path(__file__).parents[2])


@pytest.mark.parametrize(("part", "rooms", "arrows"), [("ui", 16, 50), ("services", 12, 40), ("sandbox", 6, 8)])
def test_a_part_has_few_rooms_and_few_arrows_between_them(part: str, rooms: int, arrows: int) -> None:
    found = TREE.houses[part].arrows
    names = sorted(found)
    assert len(names) <= rooms, names
    pairs = [f"{room} -> {other}" for room in names for other in sorted(found[room])]
    assert len(pairs) <= arrows, pairs


def test_the_window_stands_on_seven_floors() -> None:
    floors = floor_count(TREE.houses["ui"])
    assert floors <= 7


def test_no_class_took_everything() -> None:
    lines, name = largest_class(TREE.modules.values())
    assert lines <= 250, name


def test_nothing_imports_in_a_circle() -> None:
    assert circles(TREE.imports) == []
    for part, house in TREE.houses.items():
        assert circles(house.arrows) == [], part
