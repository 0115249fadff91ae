"""What doubles, doubles the work: counted in calls rather than in seconds, so that no machine decides it (R0).

A shape that is not in `LINEAR` names all of one side beside each of the other, which its evidence says by design; it
may be quadratic, and no more.
"""

import cProfile
import math
import pstats

import pytest

from benchmarks.bench_shapes import POLICY, SHAPES, TODAY
from cmxero_desktop.domain.correlation.judging import judge

# What it runs of the program others run as well.
pytestmark = pytest.mark.untraced

LINEAR = {"additions", "equal-additions", "removals", "moves-of-one-invoice", "one-contact", "agree-in-sum"}
_FEW = 40


def calls(shape: str, payments: int) -> int:
    snapshots = SHAPES[shape](payments)
    with cProfile.Profile() as profile:
        judge(snapshots, POLICY, TODAY)
    total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]  # typeshed does not know it
    return total


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_as_much_money_is_no_more_than_twice_the_work_or_four_times(shape: str) -> None:
    power = math.log2(calls(shape, 2 * _FEW) / calls(shape, _FEW))
    assert power < (1.3 if shape in LINEAR else 2.1)


def test_each_row_names_who_is_near_it_without_asking_everybody() -> None:
    """It once asked every proposal about every row, and each named all: the third power."""
    assert math.log2(calls("close-doubles", 4 * _FEW) / calls("close-doubles", 2 * _FEW)) < 2.1
