"""Holds what import contracts cannot say.

The pure packages import an allow-list only, the domain has no clock and no float money, `cmxero` loads no Qt.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.patience import HUNG_S

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"
DOMAIN = sorted((PACKAGE / "domain").rglob("*.py"))
SANDBOX = sorted((PACKAGE / "sandbox").rglob("*.py"))

# A module of the standard library that is not here is a question to ask first: does it bring in the outside?
DOMAIN_MAY_IMPORT = {
    "abc",
    "base64",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "types",
    "typing",
    "unicodedata",
    "uuid",
}
CLOCKS = {"now", "today", "utcnow", "uuid1", "uuid4"}
OUTSIDE = {"breakpoint", "eval", "exec", "input", "open", "print"}


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", DOMAIN, ids=_name)
def test_the_domain_imports_itself_and_a_few_pure_modules(path: Path) -> None:
    assert {module for module in _imports(path) if not module.startswith("cmxero_desktop.domain")} <= DOMAIN_MAY_IMPORT


@pytest.mark.parametrize("path", SANDBOX, ids=_name)
def test_the_sandbox_imports_itself_and_the_standard_library(path: Path) -> None:
    foreign = {module for module in _imports(path) if not module.startswith("cmxero_desktop.sandbox")}
    assert foreign <= sys.stdlib_module_names


@pytest.mark.parametrize("path", DOMAIN, ids=_name)
def test_the_domain_asks_no_clock_and_touches_nothing(path: Path) -> None:
    called = [node.func for node in ast.walk(_tree(path)) if isinstance(node, ast.Call)]
    names = {function.attr for function in called if isinstance(function, ast.Attribute)} & CLOCKS
    names |= {function.id for function in called if isinstance(function, ast.Name)} & OUTSIDE
    assert not names


@pytest.mark.parametrize("path", DOMAIN, ids=_name)
def test_money_is_never_a_float(path: Path) -> None:
    nodes = list(ast.walk(_tree(path)))
    assert not [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    seconds = {id(kind) for node in nodes for kind in _kinds_of_seconds(node)}
    assert not [ast.unparse(node) for node in nodes if _is_float(node) and id(node) not in seconds]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]], ids=" ".join)
def test_the_command_line_loads_no_qt(arguments: list[str]) -> None:
    code = (
        "import atexit, sys\n"
        f"sys.argv = ['cmxero', *{arguments!r}]\n"
        "atexit.register(lambda: print('loaded:', sorted(name for name in sys.modules if 'PySide6' in name)))\n"
        "from cmxero_desktop.__main__ import cmxero\n"
        "sys.exit(cmxero())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=HUNG_S)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


def _is_float(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "float"


def _kinds_of_seconds(node: ast.AST) -> Iterator[ast.AST]:
    """Give the type nodes of a name that ends in `_s`: a duration is no money."""
    match node:
        case ast.arg(arg=name, annotation=ast.AST() as kind) | ast.AnnAssign(target=ast.Name(id=name), annotation=kind):
            if name.endswith("_s"):
                yield from ast.walk(kind)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    """Give the full name of what is imported from this project, and the top-level name of anything else."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in {path}"
            modules = [node.module or ""]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            yield module if module.startswith("cmxero_desktop") else module.split(".")[0]
