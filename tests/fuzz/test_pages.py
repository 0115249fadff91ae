"""A few of the mangled pages that `nox -s fuzz` throws at checks by the ten thousand.

FUZZ_SEED in the environment repeats one run, FUZZ_PAGES makes it as long as one likes.
"""

import os
import random
from contextlib import closing
from pathlib import Path

import pytest

from tests.fuzz.fuzzing import Fuzz
from tests.fuzz.mangling import Mangler

PAGES = int(os.environ.get("FUZZ_PAGES", "40"))
SEEDS = [int(os.environ["FUZZ_SEED"])] if "FUZZ_SEED" in os.environ else [1, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_mangled_page_crashes_a_check_or_touches_another_row(seed: int, tmp_path: Path) -> None:
    with closing(Fuzz(tmp_path, seed)) as fuzz:
        fuzz.run(PAGES)
    assert fuzz.outcomes["done"], fuzz.outcomes


def test_the_mangler_makes_every_sort_of_page_and_the_same_ones_again() -> None:
    row = b'{"PaymentID":"p","Date":"/Date(0)/","UpdatedDateUTC":"x","Invoice":{"InvoiceID":"i","InvoiceNumber":"n"}}'
    body = b'{"Id":"e","Payments":[' + row + b"," + row.replace(b'"p"', b'"q"') + b"]}"
    runs = [[Mangler(random.Random(seed), swaps_numbers=True).mangle(body) for seed in range(400)] for _ in range(2)]
    assert runs[0] == runs[1]
    met = {word for mangled in runs[0] for word in mangled.how.split("+")}
    assert met >= {"truncated", "retyped", "dated", "reordered", "doubled", "swapped_ids", "with_raw_text", "flipped"}
    assert met >= {"utf-16", "cp500", "without_field", "no_row", "head", "cut inside", "wrong envelope"}
