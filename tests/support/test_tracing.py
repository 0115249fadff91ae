"""Coverage looks at the tests that its gates stand on, and at no other."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tracing import TRACED, UNTRACED, is_traced, pytest_runtest_protocol

TESTS = Path(__file__).parents[1]


def test_every_traced_folder_is_there() -> None:
    assert {folder for folder in TRACED if (TESTS / folder).is_dir()} == TRACED


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (TESTS / "domain" / "test_room.py", True),
        (TESTS / "services" / "writing" / "test_applying.py", True),
        (TESTS / "kill" / "test_sqlite.py", False),
        (TESTS / "adapters" / "store" / "test_audit.py", False),
        (Path("/elsewhere/test_other.py"), True),
    ],
)
def test_what_is_traced(path: Path, *, expected: bool) -> None:
    assert is_traced(path) is expected


@pytest.mark.parametrize("mark", sorted(UNTRACED))
def test_a_test_that_says_so_is_not_traced(mark: str) -> None:
    assert not is_traced(TESTS / "domain" / "test_room.py", {"slow", mark})


@given(nothing=st.none())
def test_examples_made_at_random_bear_a_mark_by_which_they_are_known(
    request: pytest.FixtureRequest, nothing: None
) -> None:
    assert nothing is None
    assert not is_traced(TESTS / "domain" / "test_room.py", {mark.name for mark in request.node.iter_markers()})


@dataclass
class Controller:
    """Coverage's, as far as it is used; `calls` are what it was told, and when the test ran."""

    calls: list[str] = field(default_factory=list)

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")


@pytest.mark.parametrize(("folder", "expected"), [("domain", ["test"]), ("kill", ["pause", "test", "resume"])])
@pytest.mark.parametrize("fails", [False, True])
def test_coverage_rests_for_the_whole_of_a_test(folder: str, expected: list[str], *, fails: bool) -> None:
    controller = Controller()
    plugin = SimpleNamespace(cov_controller=controller)
    manager = SimpleNamespace(getplugin=lambda _: plugin)
    item = SimpleNamespace(
        path=TESTS / folder / "test_it.py",
        config=SimpleNamespace(pluginmanager=manager),
        iter_markers=lambda: iter(()),
    )
    running = pytest_runtest_protocol(item)  # type: ignore[arg-type]  # as much of an item as is asked for
    next(running)
    controller.calls.append("test")
    with pytest.raises(KeyError if fails else StopIteration):
        running.throw(KeyError) if fails else running.send(None)
    assert controller.calls == expected
