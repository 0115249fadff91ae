"""Forty mixed decisions by keys alone: Case Manager holds exactly what it must afterwards, for few presses.

`python -m benchmarks.bench_decisions` does the same with four hundred beside 50,000 payments.
"""

from pathlib import Path

import pytest

from tests.ui.morning import FORTY, desk_of, differences, lay_out
from tests.ui.person import seated

MOST_PRESSES = 60


@pytest.mark.parametrize("is_patient", [True, False], ids=["waits after each key", "is ahead of the worker"])
def test_forty_mixed_decisions_leave_the_database_exactly_right(tmp_path: Path, *, is_patient: bool) -> None:
    morning = lay_out(FORTY, quiet=260)
    assert morning.decisions == 40
    with desk_of(morning, tmp_path) as (desk, database):
        with seated(desk, is_patient=is_patient) as person:
            person.work_through(morning)
        assert differences(morning, database) == []
    assert person.presses <= MOST_PRESSES


def test_the_truth_finds_what_stands_wrongly(tmp_path: Path) -> None:
    """What nobody decided is missing, and what somebody else typed is too much."""
    morning = lay_out(FORTY, quiet=3)
    with desk_of(morning, tmp_path) as (_, database):
        quiet = next(number for number in morning.truth if number.startswith("CM-1"))
        database.add_payment(quiet, "1.00", morning.books.today)
        found = differences(morning, database)
    assert any(line.startswith(quiet) for line in found)
    assert len(found) > 20
