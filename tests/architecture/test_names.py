"""Holds that a name stands for one thing: no public class is called as another one is."""

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"


def classes_by_name(root: Path) -> dict[str, set[str]]:
    """Return where each public class is made.

    The sandbox is left out, for it stands for what is outside, and so are ports, which share a name with what fits.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for path in root.rglob("*.py"):
        if {"sandbox", "ports"} & set(path.relative_to(root).parts):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].add(str(path.relative_to(root)))
    return found


def test_no_two_classes_share_a_name() -> None:
    shared = {name: places for name, places in classes_by_name(PACKAGE).items() if len(places) > 1}
    assert shared == {}


def test_two_classes_of_one_name_are_found(tmp_path: Path) -> None:
    for name, source in {"a.py": "class Row: ...\nclass _Own: ...", "b.py": "class Row: ...\nclass _Own: ..."}.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    assert classes_by_name(tmp_path) == {"Row": {"a.py", "b.py"}}
