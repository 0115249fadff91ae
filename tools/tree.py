"""Reads the sources into modules, and modules into rooms: what each is called, how long it is, what it imports."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.graph import Graph

PACKAGE = "cmxero_desktop"


@dataclass(frozen=True, slots=True)
class Span:
    """A function or a class, and how many lines it takes."""

    name: str
    lines: int


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the package; `imports` names modules of the package only."""

    name: str
    lines: int
    imports: frozenset[str]
    functions: tuple[Span, ...]
    classes: tuple[Span, ...]


@dataclass(frozen=True)
class House:
    """One part of the package with the rooms in it: its folders, and the modules that stand in none."""

    name: str
    modules: tuple[Module, ...]
    tests: Mapping[str, int]

    @cached_property
    def rooms(self) -> dict[str, list[Module]]:
        """The modules of each room."""
        rooms: dict[str, list[Module]] = {}
        for module in self.modules:
            if room := room_of(module.name, self.name):
                rooms.setdefault(room, []).append(module)
        return rooms

    @cached_property
    def arrows(self) -> Graph:
        """Which rooms each room imports from."""
        return {
            room: frozenset(other for module in modules for other in self._rooms_used(module)) - {room}
            for room, modules in self.rooms.items()
        }

    @property
    def lines(self) -> int:
        """How long all of it is."""
        return sum(module.lines for module in self.modules)

    def _rooms_used(self, module: Module) -> Iterator[str]:
        for name in module.imports:
            if room := room_of(name, self.name):
                yield room


@dataclass(frozen=True)
class Tree:
    """Every module of the package, and the lines of its tests by folder or file."""

    modules: Mapping[str, Module]
    tests: Mapping[str, int]

    @cached_property
    def houses(self) -> dict[str, House]:
        """The parts of the package that are folders."""
        names = sorted({name.split(".")[1] for name in self.modules if name.count(".") > 1})
        return {name: self._house(name) for name in names}

    @property
    def imports(self) -> Graph:
        """Which modules each module imports."""
        return {name: module.imports for name, module in self.modules.items()}

    def _house(self, name: str) -> House:
        inside = [module for key, module in sorted(self.modules.items()) if key.split(".")[1:2] == [name]]
        start = f"{name}/"
        tests = {key.removeprefix(start): lines for key, lines in self.tests.items() if key.startswith(start)}
        return House(name, tuple(inside), tests)


def room_of(module: str, house: str) -> str:
    """Give the room that a module stands in; none for another house's, and for the house's own front page."""
    parts = module.split(".")
    return parts[2] if parts[1:2] == [house] and len(parts) > 2 else ""  # noqa: PLR2004 - package, house, room


def read_tree(root: Path) -> Tree:
    """Read the package and its tests below this folder."""
    paths = {_module_name(path, root): path for path in sorted((root / PACKAGE).rglob("*.py"))}
    modules = {name: _module(name, path, frozenset(paths)) for name, path in paths.items()}
    tests = {path.relative_to(root / "tests").as_posix(): _lines(path) for path in (root / "tests").rglob("*.py")}
    return Tree(modules, tests)


def _module_name(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _module(name: str, path: Path, known: frozenset[str]) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions: list[Span] = []
    classes: list[Span] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            span = Span(f"{name.removeprefix(PACKAGE + '.')}.{node.name}", (node.end_lineno or 0) - node.lineno + 1)
            (classes if isinstance(node, ast.ClassDef) else functions).append(span)
    imports = frozenset(_imports(tree, known)) - {name}
    return Module(name, _lines(path), imports, tuple(functions), tuple(classes))


def _imports(tree: ast.Module, known: frozenset[str]) -> Iterator[str]:
    """Give the modules of the package that any statement imports, at the top of the file or later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known:
                    yield inner
                elif node.module in known:
                    yield node.module
