"""Holds that docs/rules.md, the code and the tests speak of the same rules."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.domain.worked_examples import HEADING

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rules.md"
_CODE = re.compile(r"\b(?:R[0-9]{1,2}[ab]?|S(?:10|[0-9]))\b")
_IN_A_NAME = re.compile(r"(?:^|_)([rs][0-9]{1,2}[ab]?)(?=_|$)")
_SECTION = re.compile(r"^### (\w+)\. .*?(?: \((planned|in part)\))?$", re.MULTILINE)
_SPOKEN_IN = (
    "cmxero_desktop/**/*.py",
    "tests/**/*.py",
    "benchmarks/**/*.py",
    "resources/**/*.toml",
    "docs/*.md",
    "*.md",
)


def sections(page: str) -> dict[str, str]:
    """Return each rule with what its heading says of it: nothing, `in part` or `planned`."""
    found = _SECTION.findall(page)
    assert len(found) == len(dict(found)), "a rule has two sections"
    return dict(found)


def named_in_tests(source: str) -> set[str]:
    """Return the rules that the tests of a module name: in a name, a docstring or the facts beside them."""
    codes: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            codes |= {found.capitalize() for found in _IN_A_NAME.findall(node.name)}
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign):
            texts = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))
            codes |= {code for text in texts for code in _CODE.findall(text)}
            # After the rules became an enumeration: `Rule.R7A`.
            rules = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name))
            codes |= {n.attr.capitalize() for n in rules if isinstance(n.value, ast.Name) and n.value.id == "Rule"}
    return {code for code in codes if _CODE.fullmatch(code)}


@cache
def _page() -> str:
    return PAGE.read_text(encoding="utf-8")


def _sources(*patterns: str) -> Iterator[tuple[Path, str]]:
    for pattern in patterns:
        for path in ROOT.glob(pattern):
            if path != Path(__file__):
                yield path, path.read_text(encoding="utf-8")


@cache
def _tested() -> frozenset[str]:
    tested = {code for _, source in _sources("tests/**/test_*.py") for code in named_in_tests(source)}
    # Each row of the worked examples is run, and what comes out is compared with the codes that stand there.
    rows = [line for line in _page().partition(HEADING)[2].splitlines() if line.startswith("| ")]
    return frozenset(tested | {code for row in rows for code in _CODE.findall(row)})


def test_every_rule_that_code_or_words_name_has_a_section() -> None:
    known = sections(_page()).keys()
    unknown = {
        f"{path.relative_to(ROOT)}: {code}"
        for path, text in _sources(*_SPOKEN_IN)
        for code in set(_CODE.findall(text)) - known
    }
    assert not unknown


@pytest.mark.parametrize(("letter", "last"), [("R", 35), ("S", 10)])
def test_the_numbers_have_no_gap(letter: str, last: int) -> None:
    known = sections(_page()).keys()
    assert {f"{letter}{number}" for number in range(1, last + 1)} <= known


def test_every_rule_that_is_built_has_a_test_that_names_it() -> None:
    built = {code for code, state in sections(_page()).items() if state != "planned"}
    assert built - _tested() == set()


def test_no_rule_that_a_test_names_is_called_planned() -> None:
    planned = {code for code, state in sections(_page()).items() if state == "planned"}
    assert planned & _tested() == set()


def test_what_is_built_in_part_says_what_is_planned() -> None:
    parts = [part for part in re.split(r"^(?=#{2,3} )", _page(), flags=re.MULTILINE) if part.startswith("### ")]
    heads = {part.partition("\n")[0]: "*Planned*" in part for part in parts}
    assert {head: head.endswith("(in part)") for head in heads} == heads


def test_tests_name_a_rule_in_their_names_their_docstrings_or_their_facts() -> None:
    source = '''
"""R1"""
FACTS = ["unmatched (R2)"]
OTHERS = Rule.R7A
def test_r16b_moves(): ...
def test_words(): """Says so (S1)."""
def helper_r9(): ...
# R10
'''
    assert named_in_tests(source) == {"R2", "R7a", "R16b", "S1"}
