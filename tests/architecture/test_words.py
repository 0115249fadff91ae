"""Holds that app/ only constructs: what persons read is worded where it is decided or shown."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"
APP = sorted((PACKAGE / "app").glob("*.py"))
# Two words in a row, of which the second does not begin like a name, and a beginning or an end like a sentence's.
_WORDS = re.compile(r"[A-Za-z,;] [a-z]")
_SENTENCE = re.compile(r"^\s*[A-Z]|[.?!:]\s*$")


def _is_sentence(text: str) -> bool:
    return bool(_WORDS.search(text) and _SENTENCE.search(text))


def _told(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give every text that is no docstring and goes to no log."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith("_log."):
            silent |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node


def _sentences(source: str) -> list[str]:
    return [str(text.value) for text in _told(ast.parse(source)) if _is_sentence(str(text.value))]


@pytest.mark.parametrize("path", APP, ids=lambda path: path.name)
def test_no_sentence_for_people_is_written_in_app(path: Path) -> None:
    assert _sentences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""Say it."""\n_log.warning("It went wrong: %s", error)\nname = "cm-xero-desk-demo-"', []),
        (
            'raise SettingsError("The settings name no app.", "Run it again.")',
            ["The settings name no app.", "Run it again."],
        ),
        ('print(f"{path} cannot be used: {why}.")', [" cannot be used: "]),
    ],
    ids=["none", "an error", "a part of a sentence"],
)
def test_a_sentence_is_known_when_one_is_seen(source: str, found: list[str]) -> None:
    assert _sentences(source) == found
