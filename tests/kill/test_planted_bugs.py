"""The kills are worth something: each bug that a hasty program would have is found by them."""

from collections.abc import Iterator

import pytest

from tests.kill.drive import BASES, interesting
from tests.kill.planted import BUGS, plant
from tests.kill.scenes import Scene, open_scene
from tests.kill.survivor import survive

pytestmark = pytest.mark.kill

# A file's lock is the whole database's, so only a server can show what reading without it leads to.
_ONLY_ON_A_SERVER = {"settled without lock"}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with open_scene() as scene:
        yield scene


@pytest.mark.parametrize("bug", sorted(BUGS.keys() - _ONLY_ON_A_SERVER))
def test_the_bug_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    plant(bug, monkeypatch.setattr)
    scene.set_back(BASES["apply"])
    life = scene.kill("apply", bug=bug)
    assert life.status == 0, "the planted program does not even run"
    near = [number for number in interesting(life.steps) if "COMMIT" in life.steps[number - 1]]
    writes = [number for number in interesting(life.steps) if life.steps[number - 1].startswith("case after")]
    assert any(_is_found(scene, bug, number) for number in (*reversed(near), *writes))


def _is_found(scene: Scene, bug: str, number: int) -> bool:
    scene.set_back(BASES["apply"])
    assert scene.kill("apply", bug=bug, kill_at=number).is_killed
    return bool(survive(scene, "apply").problems)
