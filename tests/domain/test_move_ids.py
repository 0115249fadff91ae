"""The name of a move says of how many rows it is, so that no part of it passes for the whole."""

import pytest

from cmxero_desktop.domain.move_ids import is_circle, move_id, rows_of_move


@pytest.mark.parametrize("rows", [2, 4, 6, 12])
def test_the_name_says_how_many_rows_there_are(rows: int) -> None:
    name = move_id(f"CM-{n} r-{n}" for n in range(rows))
    assert rows_of_move(name) == rows
    assert is_circle(name) is (rows > 2)
    assert name != move_id(f"CM-{n} r-{n + 1}" for n in range(rows))


def test_a_name_of_an_older_version_is_of_two() -> None:
    assert rows_of_move("m-832fddd23185") == 2
