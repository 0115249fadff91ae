"""Killed at any point of an apply, of an undo or of settling them, on SQLite: nothing lost, doubled or unknown."""

import random
from collections.abc import Iterator

import pytest

from cmxero_desktop.services.writing.planning_ahead import AT_ONCE
from tests.kill.drive import (
    Tally,
    kill_at_interesting_steps,
    kill_at_random,
    kill_at_steps,
    kill_while_settling,
    whole_life,
    within_batches,
)
from tests.kill.scenes import Scene, open_scene
from tests.kill.survivor import BETWEEN_COMMIT_AND_RECORD, BETWEEN_INTENT_AND_COMMIT, ELSEWHERE, survive

pytestmark = pytest.mark.kill

# The short run: every fourth interesting step. `benchmarks/bench_kills.py` kills at all of them, and at random ones.
EVERY = 4


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with open_scene() as scene:
        yield scene


@pytest.mark.parametrize("what", ["apply", "undo"])
def test_who_is_not_killed_does_everything_once(scene: Scene, what: str) -> None:
    whole_life(scene, what)
    survival = survive(scene, what)
    assert survival.problems == ()
    assert survival.made == len(scene.firm.changes)


@pytest.mark.parametrize("what", ["apply", "undo"])
def test_killed_at_interesting_steps(scene: Scene, what: str) -> None:
    tally = kill_at_interesting_steps(scene, what, share=0, shares=EVERY)
    assert tally.problems == []
    assert tally.kills >= 10
    assert tally.fell[BETWEEN_INTENT_AND_COMMIT] >= 1
    assert tally.fell[BETWEEN_COMMIT_AND_RECORD] >= 1


@pytest.mark.parametrize("at_once", [3, AT_ONCE])
def test_killed_after_a_plan_around_claims_and_between_two_of_them(scene: Scene, at_once: int) -> None:
    scene.at_once = at_once
    try:
        steps = within_batches(whole_life(scene, "apply"), at_most=20)[::EVERY]
        tally = kill_at_steps(scene, "apply", steps)
    finally:
        scene.at_once = AT_ONCE
    assert tally.problems == []
    assert tally.kills == 20 // EVERY
    assert tally.fell.keys() == {ELSEWHERE, BETWEEN_INTENT_AND_COMMIT, BETWEEN_COMMIT_AND_RECORD}


def test_killed_again_while_settling_the_first_kill(scene: Scene) -> None:
    tally = kill_while_settling(scene, "apply", every=EVERY)
    assert tally.problems == []
    assert tally.fell.keys() == {BETWEEN_INTENT_AND_COMMIT, BETWEEN_COMMIT_AND_RECORD}
    assert tally.kills >= 25 // EVERY


def test_killed_from_outside_at_random_moments(scene: Scene) -> None:
    chance = random.Random(20_261_123)
    tally = sum((kill_at_random(scene, what, 4, chance) for what in ("apply", "undo")), Tally())
    assert tally.problems == []
    assert tally.kills == 8
