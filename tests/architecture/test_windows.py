"""Holds that every file can be read by a Python on Windows, which lacks some of what Linux has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Parts of Python that Windows does without, and packages that the pins leave out there.
ELSEWHERE = {"fcntl", "grp", "jeepney", "posix", "pty", "pwd", "resource", "secretstorage", "syslog", "termios"}
NAMES_ELSEWHERE = {"os.fork", "os.geteuid", "os.getuid", "os.mkfifo", "os.pidfd_open", "signal.SIGKILL"}
# Of a thousand files a few name any of them: only these are taken apart.
_NAMED = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in ELSEWHERE | NAMES_ELSEWHERE))
SOURCES = sorted(
    path for folder in ("cmxero_desktop", "tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)


def test_no_file_needs_at_its_reading_what_windows_lacks() -> None:
    assert len(SOURCES) > 1_000
    texts = ((path.relative_to(ROOT), path.read_text("utf-8")) for path in SOURCES)
    found = [f"{place}: {name}" for place, text in texts if _NAMED.search(text) for name in _needed(text)]
    assert found == []


def test_what_is_asked_for_only_where_it_is_needed_is_allowed() -> None:
    assert list(_needed("def f():\n    import pwd\n    os.fork()\n")) == []
    assert list(_needed("import pwd\nclass C:\n    kill = signal.SIGKILL\ndef f(a=os.fork): ...\n")) == [
        "pwd",
        "signal.SIGKILL",
        "os.fork",
    ]


def _needed(source: str) -> Iterator[str]:
    """Return what a file asks for as it is read: outside of functions' bodies."""
    todo: list[ast.AST] = [ast.parse(source)]
    while todo:
        node = todo.pop(0)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                todo[:0] = [*node.decorator_list, node.args]
            case ast.Lambda():
                todo[:0] = [node.args]
            case ast.Import():
                yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in ELSEWHERE)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in ELSEWHERE:
                yield module
            case ast.Attribute(value=ast.Name(id=of), attr=name) if f"{of}.{name}" in NAMES_ELSEWHERE:
                yield f"{of}.{name}"
            case _:
                todo[:0] = list(ast.iter_child_nodes(node))
