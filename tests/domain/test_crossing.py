"""Which moves go round between the same invoices, and which only lead from one round to another."""

from types import SimpleNamespace
from typing import Any, cast

from cmxero_desktop.domain.correlation.crossing import with_circles
from cmxero_desktop.domain.correlation.findings import Board, Place
from cmxero_desktop.domain.proposals import ProposalKind


def board_of(*ways: tuple[str, str]) -> Board:
    """Return a board on which a payment moves from the first invoice of each pair to the second."""
    moves: dict[Place, str] = {}
    sketches: dict[str, list[SimpleNamespace]] = {}
    for number, (leaves, comes) in enumerate(ways):
        for name, kind in ((leaves, ProposalKind.REMOVE), (comes, ProposalKind.ADD)):
            key = f"{kind}-{number}"
            moves[Place(name, key)] = f"m-{number}"
            sketches.setdefault(name, []).append(SimpleNamespace(key=key, kind=kind))
    invoices: Any = {name: SimpleNamespace(sketches=found) for name, found in sketches.items()}
    return Board(invoices=cast("Any", invoices), moves=moves)


def test_a_move_from_one_round_to_another_is_in_neither() -> None:
    board = board_of(("A", "B"), ("B", "A"), ("C", "D"), ("D", "C"), ("B", "C"))
    joined = with_circles(board).moves
    of_round = {
        ways: {joined[place] for place in board.moves if board.moves[place] in ways}
        for ways in (("m-0", "m-1"), ("m-2", "m-3"), ("m-4",))
    }
    assert all(len(ids) == 1 for ids in of_round.values())
    assert len(set.union(*of_round.values())) == 3
    assert of_round["m-4",] == {"m-4"}
