"""A long run of a fuzz goes on after harm, says which seeds did it, and by which it is gone on with."""

import argparse
from collections import Counter

import pytest

from benchmarks.seeds import run_seeds, seeds_of


@pytest.mark.parametrize(
    ("count", "named", "seeds"),
    [(2_000, "1", [1, 2]), (1_001, "5", [5, 6]), (40, "7", [7]), (2_000, "7-9", [7, 8, 9]), (None, "3", [3])],
)
def test_seeds_are_as_many_as_the_number_needs_or_a_range(count: int | None, named: str, seeds: list[int]) -> None:
    assert list(seeds_of(argparse.ArgumentParser(), count, named, 1_000)) == seeds


def test_what_names_no_seeds_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for named in ("", "x", "1-x", "-3"):
        with pytest.raises(SystemExit):
            seeds_of(argparse.ArgumentParser(), 1, named, 1_000)
    assert "name one seed, or a range such as 7-12" in capsys.readouterr().err


def test_harm_is_told_and_the_rest_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    def run(seed: int) -> Counter[str]:
        assert seed != 8, "it crashed"
        return Counter(pages=10 * seed)

    with pytest.raises(SystemExit) as ended:
        run_seeds(range(7, 10), run, "pages")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "seed 7: 70 pages in " in said
    assert "seed 8 DID HARM after 0 s: it crashed" in said
    assert "seed 9: 90 pages in " in said
    assert said.endswith("160 pages; HARM was done, and is repeated by --seeds 8-8\n")


def test_what_is_broken_off_says_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    def run(seed: int) -> Counter[str]:
        if seed == 8:
            raise KeyboardInterrupt
        return Counter(pages=10)

    with pytest.raises(SystemExit) as ended:
        run_seeds(range(7, 10), run, "pages")
    assert ended.value.code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "broken off: go on with --seeds 8-9; 10 pages"
