"""Kills one process after another in a scene, and keeps count of where the kills fell and what they led to."""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.kill.scenes import Death, Scene
from tests.kill.survivor import survive

BASES = {"apply": "fresh", "undo": "applied"}
_READS = ("SELECT", "PRAGMA", "before BEGIN", "SHOW")
# About as many turns of an empty loop as a victim needs for its next step.
_LINGER_AT_MOST = 20_000


@dataclass
class Tally:
    """What became of all kills of a run."""

    kills: int = 0
    fell: Counter[str] = field(default_factory=Counter)
    made: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        """Put two runs together."""
        return Tally(
            self.kills + other.kills, self.fell + other.fell, self.made + other.made, self.problems + other.problems
        )


def interesting(steps: Sequence[str]) -> list[int]:
    """Choose one step for each way from one write or commit to the next, each on another of the firm's invoices."""
    occurrences: dict[tuple[str, str], list[int]] = defaultdict(list)
    last = ""
    for number, step in enumerate(steps, start=1):
        is_write = " after " in step or "COMMIT" in step
        if is_write and not any(word in step for word in _READS):
            occurrences[last, step].append(number)
            last = step
    return [numbers[turn % len(numbers)] for turn, numbers in enumerate(occurrences.values())]


def within_batches(steps: Sequence[str], *, at_most: int) -> list[int]:
    """Choose the first steps around a plan's commit, around claims, and between two of them."""
    planned = next(number for number, step in enumerate(steps, start=1) if "INSERT INTO intents" in step)
    turns = [n for n, step in enumerate(steps, start=1) if n > planned and (_is_turn(step) or "UPDATE intents" in step)]
    return turns[:at_most]


def _is_turn(step: str) -> bool:
    return step.endswith("COMMIT") or step == "case begin"


def kill_at_interesting_steps(scene: Scene, what: str, *, share: int = 0, shares: int = 1) -> Tally:
    """Let a victim live to learn its steps, then kill one at each interesting step: at every `shares`-th of them."""
    return kill_at_steps(scene, what, interesting(whole_life(scene, what))[share::shares])


def kill_at_steps(scene: Scene, what: str, numbers: Sequence[int]) -> Tally:
    """Have a victim kill itself at each of these steps."""
    tally = Tally()
    for number in numbers:
        _kill(scene, what, tally, f"{what}, step {number}", kill_at=number)
    return tally


def kill_at_random(scene: Scene, what: str, times: int, chance: random.Random) -> Tally:
    """Kill victims from outside while they go on, at random moments."""
    tally = Tally()
    steps = len(whole_life(scene, what))
    while tally.kills < times:
        number, linger = chance.randrange(1, steps), chance.randrange(_LINGER_AT_MOST)
        _kill(scene, what, tally, f"{what}, after step {number}", kill_after=number, linger=linger)
    return tally


def kill_while_settling(scene: Scene, what: str, *, every: int = 1) -> Tally:
    """Kill a victim around Case Manager's commit, then a second one at each `every`-th interesting step of settling."""
    tally = Tally()
    for around in ("before", "after"):
        name = f"{what}_{around}_commit"
        number = _fullest(whole_life(scene, what), f"case {around} COMMIT")
        scene.set_back(BASES[what])
        assert scene.kill(what, kill_at=number).is_killed
        scene.keep(name)
        for second in interesting(scene.kill("open").steps)[::every]:
            scene.set_back(name)
            death = scene.kill("open", kill_at=second)
            assert death.is_killed
            _count(scene, what, tally, f"{what}, step {number}, then settling, step {second}", death)
    return tally


def whole_life(scene: Scene, what: str) -> tuple[str, ...]:
    """Return every step of a victim that nobody kills."""
    scene.set_back(BASES[what])
    death = scene.kill(what)
    assert death.status == 0, "the victim failed on its own"
    return death.steps


def _fullest(steps: Sequence[str], label: str) -> int:
    """Return the step of that label before which most happened: there the invoice with most changes is written."""
    numbers = [number for number, step in enumerate(steps, start=1) if step == label]
    return max(pairwise(numbers), key=lambda pair: pair[1] - pair[0])[1]


def _kill(scene: Scene, what: str, tally: Tally, place: str, **where: int) -> None:
    scene.set_back(BASES[what])
    death = scene.kill(what, **where)
    # One that is killed from outside may be faster than the signal.
    assert death.is_killed or (death.status == 0 and "kill_after" in where), f"{place}: it ended with {death.status}"
    _count(scene, what, tally, place, death)


def _count(scene: Scene, what: str, tally: Tally, place: str, death: Death) -> None:
    survival = survive(scene, what)
    last = death.steps[-1] if death.steps else "nothing"
    if death.is_killed:
        tally.kills += 1
        tally.fell[survival.fell] += 1
        tally.made[survival.made] += 1
    tally.problems += [f"{place} ({last}): {problem}" for problem in survival.problems]
