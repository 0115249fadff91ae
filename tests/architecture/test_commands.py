"""Holds that every command can be asked by a person: somewhere in the window or the command line it is built."""

import ast
from pathlib import Path

import pytest

from cmxero_desktop.cli.arguments import build_parser
from cmxero_desktop.cli.verbs import CLOSED_VERBS, OPEN_VERBS
from tests.support.commands import all_commands

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"
# The window's schedule and its worker ask for two of them by themselves.
ASKING = [*PACKAGE.glob("ui/**/*.py"), *PACKAGE.glob("cli/*.py"), PACKAGE / "app" / "desktop.py"]
COMMANDS = {kind.__name__: kind for kind in all_commands()}


@pytest.fixture(scope="module")
def built() -> set[str]:
    """Return the names of everything that is called where persons ask."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in ASKING]
    calls = [node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_asked_for_somewhere(name: str, built: set[str]) -> None:
    assert name in built


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=lambda kind: kind.__name__)
def test_every_command_is_frozen_and_says_what_it_is_for(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # what the decorator leaves behind
    assert (kind.__doc__ or "").endswith(".")


def test_every_verb_of_the_command_line_has_one_function() -> None:
    words = next(action.choices for action in build_parser()._actions if action.dest == "verb")
    assert set(words or ()) == {*OPEN_VERBS, *CLOSED_VERBS}
    assert not OPEN_VERBS.keys() & CLOSED_VERBS.keys()
