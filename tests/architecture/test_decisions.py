"""Holds that what may be done with a row is decided in one place: no other module judges by states."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"
# What follows from facts and writes is no person's decision, and which list a row stands in is none at all.
NO_DECISIONS = {
    "domain/decisions.py": "decides",
    "adapters/store/proposals.py": "a no, or what was one, makes the next check compare its invoice",
    "domain/next_steps.py": "which step is said of a row",
    "services/checking/transition_report.py": "what is on hold does not count as waiting too long",
    "services/correlation/proposing.py": "the facts bring rows back and replace them",
    "services/correlation/snapshots.py": "an accept that was refused is not offered again, one on hold is",
    "services/records/decisions.py": "a hold ends by itself on its day",
    "services/viewing/kept_view.py": "how many are counted as waiting",
    "services/viewing/shown_proposals.py": "which rows stand in Review",
    "services/viewing/first_report.py": "what is counted as waiting",
    "services/writing/transactions.py": "only what is still approved falls back when it was not written",
    "services/writing/settling.py": "how a write ended",
    "services/viewing/showing.py": "what was superseded is not shown",
    "ui/desk/content.py": "which rows are counted as waiting and as approved",
    "ui/evidence/pane.py": "whether a payment carries what somebody declined",
}


def _judges(path: Path) -> bool:
    """Say whether a comparison in the module has a state, or a set of states, on one of its sides."""
    compared = (
        side
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
    )
    return any(_is_state(node) for side in compared for node in ast.walk(side))


def _is_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id in {"ProposalState", "_P"}
    return isinstance(node, ast.Name) and node.id.endswith("_STATES")


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_but_one_decides_by_states(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    assert not _judges(path) or name in NO_DECISIONS


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_legal_moves_are_asked_by_nobody_else(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    assert "LEGAL_MOVES" not in path.read_text(encoding="utf-8") or name == "domain/proposals.py"


def test_every_exception_is_still_one() -> None:
    assert {name for name in NO_DECISIONS if not (PACKAGE / name).exists() or not _judges(PACKAGE / name)} == set()
