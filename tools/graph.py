"""Answers what the figures ask of a graph: its circles, its floors, and the arrows that no longer way implies."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

# Each name with the names that it points at; every name that is pointed at is a key as well.
Graph: TypeAlias = Mapping[str, frozenset[str]]


def circles(graph: Graph) -> list[frozenset[str]]:
    """Give the strongly connected groups of more than one name, the largest first."""
    return sorted((group for group in groups(graph) if len(group) > 1), key=len, reverse=True)


def groups(graph: Graph) -> list[frozenset[str]]:
    """Give the strongly connected groups, each after the groups it points at (Tarjan's way)."""
    found: list[frozenset[str]] = []
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        numbers[name] = lowest[name] = len(numbers)
        path.append(name)
        for other in sorted(graph[name]):
            if other not in numbers:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in path:
                lowest[name] = min(lowest[name], numbers[other])
        if lowest[name] == numbers[name]:
            start = path.index(name)
            found.append(frozenset(path[start:]))
            del path[start:]

    for name in sorted(graph):
        if name not in numbers:
            visit(name)
    return found


def floors(graph: Graph) -> dict[str, int]:
    """Give the floor of each name: 1 where it points at nothing, else one above the highest that it points at."""
    floor: dict[str, int] = {}
    for group in groups(graph):
        below = {other for name in group for other in graph[name]} - group
        floor |= dict.fromkeys(group, 1 + max((floor[other] for other in below), default=0))
    return floor


def telling_arrows(graph: Graph) -> Iterator[tuple[str, str]]:
    """Give the arrows from which all others follow, so that a picture needs no more of them."""
    for name in sorted(graph):
        for other in sorted(graph[name]):
            if not any(other in reachable(graph, way) for way in graph[name] - {other}):
                yield name, other


def reachable(graph: Graph, start: str) -> set[str]:
    """Give every name that a way leads to from this one."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = graph[waiting.pop()] - seen
        seen |= fresh
        waiting.extend(fresh)
    return seen
