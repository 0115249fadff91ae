"""Coverage looks at the tests that its gates stand on, and at no other."""

import ast
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.mapping.words import meaning_of
from tests.support.tracing import TRACED, UNTRACED, is_traced, pytest_runtest_protocol

TESTS = Path(__file__).parents[1]


def test_every_traced_folder_is_there() -> None:
    assert {folder for folder in TRACED if (TESTS / folder).is_dir()} == TRACED


def test_what_has_a_gate_is_what_is_traced() -> None:
    sources = ast.parse((TESTS.parent / "noxfile.py").read_text(encoding="utf-8"))
    named = (
        node for node in sources.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COVERED"
    )
    gates = ast.literal_eval(next(named).value)
    assert {folder for folders in gates for folder in folders.split(", ")} == TRACED


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (TESTS / "domain" / "test_room.py", True),
        (TESTS / "services" / "writing" / "test_applying.py", True),
        (TESTS / "ui" / "review" / "test_review.py", True),
        (TESTS / "ui" / "window" / "test_keys.py", False),
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
class Told:
    """A controller of coverage's; `calls` are what it was told, and when the test ran."""

    calls: list[str] = field(default_factory=list)

    def pause(self) -> None:
        self.calls.append("pause")

    def resume(self) -> None:
        self.calls.append("resume")


@pytest.mark.parametrize(("folder", "expected"), [("domain", ["test"]), ("kill", ["pause", "test", "resume"])])
@pytest.mark.parametrize("fails", [False, True])
def test_coverage_rests_for_the_whole_of_a_test(folder: str, expected: list[str], *, fails: bool) -> None:
    controller = Told()
    running = pytest_runtest_protocol(_item(folder, controller))
    next(running)
    controller.calls.append("test")
    with pytest.raises(KeyError if fails else StopIteration):
        running.throw(KeyError) if fails else running.send(None)
    assert controller.calls == expected


def test_what_an_untraced_test_left_in_a_cache_is_not_there_for_the_next_traced_one() -> None:
    meaning_of("rechnungsnummer")
    stash = pytest.Stash()
    for folder, expected in (("domain", 1), ("kill", 1), ("domain", 0)):
        running = pytest_runtest_protocol(_item(folder, Told(), stash))
        next(running)
        assert (meaning_of.cache_info().currsize >= 1) is bool(expected)
        running.close()


SUITE = """
import sys
import pytest

@pytest.mark.untraced
@pytest.mark.parametrize("time", [1, 2])
def test_untraced(time):
    assert sys.gettrace() is None

@pytest.mark.parametrize("time", [1, 2])
def test_traced(time):
    assert sys.gettrace() is not None
"""


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_real_run_traces_what_it_should_and_nothing_else(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]", encoding="ascii")
    words = ("-p", "tests.support.tracing", "-p", "no:cacheprovider", "--cov=.", "--cov-report=", "-n", workers)
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTEST_ADDOPTS": ""}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        check=False,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert "4 passed" in run.stdout


def _item(folder: str, controller: Told, stash: pytest.Stash | None = None) -> pytest.Item:
    manager = SimpleNamespace(getplugin=lambda _: SimpleNamespace(cov_controller=controller))
    config = SimpleNamespace(pluginmanager=manager, stash=pytest.Stash() if stash is None else stash)
    return SimpleNamespace(path=TESTS / folder / "test_it.py", config=config, iter_markers=lambda: iter(()))  # type: ignore[return-value]  # as much of one as is asked for
