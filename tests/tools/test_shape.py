"""Measures small trees whose figures one can count by hand."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tools.graph import circles, floors, telling_arrows
from tools.rooms_layout import place_parts, place_rooms
from tools.rooms_picture import count_imports, draw_rooms
from tools.shape import BEGIN, END, figures, floor_count, largest_class, with_figures
from tools.tree import Tree, read_tree

FILES = {
    "cmxero_desktop/__init__.py": "",
    "cmxero_desktop/app/__init__.py": "",
    "cmxero_desktop/app/main.py": "from cmxero_desktop.ui import window\n",
    "cmxero_desktop/ui/__init__.py": "",
    "cmxero_desktop/ui/window.py": (
        "from cmxero_desktop.ui.review import page\n"
        "from cmxero_desktop.ui.theme import RED\n\n\n"
        "class Window:\n"
        "    def show(self):\n"
        "        from cmxero_desktop.services.views import view\n"
        "        return view\n"
    ),
    "cmxero_desktop/ui/review/__init__.py": "",
    "cmxero_desktop/ui/review/page.py": "from cmxero_desktop.ui.theme import RED\n\nCOLOUR = RED\n",
    "cmxero_desktop/ui/theme/__init__.py": "RED = 1\n",
    "cmxero_desktop/services/__init__.py": "",
    "cmxero_desktop/services/views.py": "import cmxero_desktop.domain.money\n\n\ndef view(): ...\n",
    "cmxero_desktop/domain/__init__.py": "",
    "cmxero_desktop/domain/money.py": "CENT = 1\n",
    **{f"cmxero_desktop/{part}/__init__.py": "" for part in ("cli", "adapters", "runtime", "sandbox")},
    **{f"cmxero_desktop/{part}/one.py": "ONE = 1\n" for part in ("cli", "adapters", "runtime", "sandbox")},
    "tests/ui/review/test_page.py": "def test_colour(): ...\n\n\ndef test_size(): ...\n\n",
    "tests/ui/test_window.py": "def test_window(): ...\n",
    "tests/end_to_end/test_all.py": "def test_all(): ...\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read_tree(tmp_path)


def _row(text: str, start: str) -> list[str]:
    (line,) = (line for line in text.splitlines() if line.startswith(f"| {start} |"))
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_a_room_is_a_folder_or_a_module_that_stands_in_none(tree: Tree) -> None:
    ui = tree.houses["ui"]
    assert ui.arrows == {
        "window": frozenset({"review", "theme"}),
        "review": frozenset({"theme"}),
        "theme": frozenset(),
    }
    assert floor_count(ui) == 3
    assert tree.houses["services"].arrows == {"views": frozenset()}


def test_an_import_inside_a_function_counts_as_any_other(tree: Tree) -> None:
    assert count_imports(tree, "ui", "services") == 1
    assert count_imports(tree, "services", "domain") == 1
    assert count_imports(tree, "domain", "services") == 0


def test_the_tables_count_what_is_there(tree: Tree) -> None:
    text = figures(tree)
    assert _row(text, "`ui`") == ["3", "5", "12", "3", "3", "0.50"]
    assert _row(text, "`ui/review`") == ["2", "2", "3", "1", "1", "1.67"]
    assert _row(text, "`ui/window`")[-1] == "0.12"
    assert _row(text, "modules in the largest import circle")[0] == "none"
    assert _row(text, "lines of the longest function") == ["3", "`ui.window.show`"]
    assert largest_class(tree.modules.values()) == (4, "ui.window.Window")


def test_a_circle_is_found_and_stands_on_one_floor() -> None:
    graph = {
        "top": frozenset({"left"}),
        "left": frozenset({"right"}),
        "right": frozenset({"left", "ground"}),
        "ground": frozenset[str](),
    }
    assert circles(graph) == [frozenset({"left", "right"})]
    assert floors(graph) == {"ground": 1, "left": 2, "right": 2, "top": 3}


def test_arrows_that_follow_from_others_are_left_out() -> None:
    graph = {"a": frozenset({"b", "c"}), "b": frozenset({"c"}), "c": frozenset[str]()}
    assert list(telling_arrows(graph)) == [("a", "b"), ("b", "c")]


def test_figures_replace_the_former_ones_and_nothing_else(tree: Tree) -> None:
    page = "# Architecture\n\nWords.\n"
    once = with_figures(page, "old")
    assert once.startswith(page)
    assert "old" in once
    again = with_figures(f"{once}\nWords after.\n", figures(tree))
    assert "old" not in again
    assert again.startswith(page)
    assert again.endswith(f"{END}\n\nWords after.\n")
    assert again.count(BEGIN) == 1


def test_the_picture_has_every_room_where_it_belongs(tree: Tree) -> None:
    picture = ET.fromstring(draw_rooms(tree))  # noqa: S314 - drawn a moment ago
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    for name in ("app", *tree.houses, "window", "review", "theme", "views", "money"):
        assert name in words
    # Nobody imports a sibling, so there is a wall between each pair of neighbours, and one in the legend.
    assert len([shape for shape in picture.iter() if shape.get("class") == "wall"]) == 4
    parts = place_parts(tree)
    rooms = place_rooms("ui", tree.houses["ui"], parts["ui"])
    assert rooms["window"].box.bottom < rooms["review"].box.y < rooms["theme"].box.y
    assert rooms["theme"].box.bottom < parts["ui"].bottom < parts["cli"].y
