"""Somebody types at a step of an apply: a short run of what `benchmarks.bench_races` runs a thousand times."""

import pytest

from tests.race.racing import Course, Deed, Manner, Race, chosen

STEPS = 30
ROUNDS = 10
# Where two of the first programs lost money: between the re-check and the write, and between the write and the commit.
WORST = [Race("add", Deed.SAME_MONEY, manner, step) for manner in (Manner.PLAIN, Manner.SLOW) for step in (9, 13, 16)]


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        path = request.getfixturevalue("tmp_path") / "case.db"
        path.touch()
        return f"sqlite:///{path}"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.mark.parametrize("is_tied", [True, False], ids=["tied", "untied"])
def test_no_payment_twice_and_nothing_but_what_was_shown(url: str, *, is_tied: bool) -> None:
    course = Course(url, is_tied=is_tied)
    faults = [
        f"{race}: {fault}" for race in (*WORST, *chosen(ROUNDS, STEPS, seed=7)) for fault in course.run(race).faults
    ]
    assert faults == []
