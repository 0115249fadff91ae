"""Join the moves that wait for each other: each needs the room that another one's copy leaves (R16b, R24b)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from cmxero_desktop.domain.correlation.findings import Board, Place
from cmxero_desktop.domain.move_ids import move_id
from cmxero_desktop.domain.proposals import ProposalKind


@dataclass(frozen=True, slots=True)
class _Move:
    """One payment's way from the invoice of its copy to its own."""

    leaves: Place
    comes: Place


_Ways = Mapping[str, Collection[str]]


def with_circles(board: Board) -> Board:
    """Make one move of those that go round between the same invoices; whichever came first would find no room."""
    moves = list(_moves(board))
    ways = _ways(moves)
    while ways:
        # What comes from nowhere, or leads nowhere, is in no circle; mostly nothing is left.
        left = [m for m in moves if m.leaves.number in _goals(ways) and m.comes.number in ways]
        if len(left) == len(moves):
            break
        moves, ways = left, _ways(left)
    circles: dict[frozenset[str], list[_Move]] = defaultdict(list)
    reached = {number: _reached(number, ways) for number in ways}
    for move in moves:
        if move.leaves.number in reached[move.comes.number]:
            circles[frozenset(n for n in reached[move.leaves.number] if move.leaves.number in reached[n])].append(move)
    joined = dict(board.moves)
    for circle in circles.values():
        places = sorted((p for m in circle for p in (m.leaves, m.comes)), key=lambda p: (p.number, p.key))
        joined |= dict.fromkeys(places, move_id(f"{p.number} {p.key}" for p in places))
    return replace(board, moves=joined)


def _moves(board: Board) -> Iterable[_Move]:
    rows: dict[str, list[Place]] = defaultdict(list)
    for place, name in board.moves.items():
        rows[name].append(place)
    kinds = {
        Place(number, s.key): s.kind
        for number in {place.number for place in board.moves}
        for s in board.invoices[number].sketches
    }
    for one, other in rows.values():
        is_first = kinds[one] is ProposalKind.REMOVE
        yield _Move(leaves=one if is_first else other, comes=other if is_first else one)


def _ways(moves: Iterable[_Move]) -> _Ways:
    ways: dict[str, set[str]] = defaultdict(set)
    for move in moves:
        ways[move.leaves.number].add(move.comes.number)
    return dict(ways)


def _goals(ways: _Ways) -> frozenset[str]:
    return frozenset(goal for goals in ways.values() for goal in goals)


def _reached(start: str, ways: _Ways) -> frozenset[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        for goal in ways.get(ahead.pop(), ()):
            if goal not in seen:
                seen.add(goal)
                ahead.append(goal)
    return frozenset(seen)
