"""Numbers that are hardly another are found whatever came and went before."""

from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.near_numbers import NearNumbers
from cmxero_desktop.domain.scope import plain_number

NUMBERS = st.frozensets(st.sampled_from(["100", "0100", "1-00", "1 00", "ab1", "AB-1", "7", "", "00"]))


def nearest(numbers: frozenset[str], number: str) -> str:
    """Return what a look at all of them finds."""
    return min((n for n in numbers if plain_number(n) == plain_number(number)), default="")


@given(st.lists(NUMBERS, min_size=1), st.booleans())
def test_what_is_found_is_what_a_look_at_all_numbers_finds(
    lives: list[frozenset[str]],
    is_asked_between: bool,  # noqa: FBT001 - drawn
) -> None:
    near, asked = NearNumbers(lives[0]), ["100", "AB1", "007", "none"]
    for numbers in lives:
        near.renew(numbers)
        if is_asked_between:
            assert [near.near(n) for n in asked] == [nearest(numbers, n) for n in asked]
    assert list(near.of_each(asked)) == [n for n in (nearest(lives[-1], a) for a in asked) if n]
