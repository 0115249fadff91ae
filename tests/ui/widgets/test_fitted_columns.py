"""What would be cut takes the room that others do not need, and nothing grows beyond the table."""

from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.ui.widgets.fitted_columns import Wish, filled_up, shared_widths

wishes = st.lists(
    st.builds(Wish, usual=st.integers(30, 300), needed=st.integers(30, 300), is_fixed=st.booleans()), max_size=8
)


@given(wishes=wishes, room=st.integers(0, 2_000))
def test_a_column_is_never_narrower_than_its_words_for_another_and_the_fixed_ones_stay(
    wishes: list[Wish], room: int
) -> None:
    widths = shared_widths(wishes, room)
    for wish, width in zip(wishes, widths, strict=True):
        assert not wish.is_fixed or width == wish.usual
        assert width in {wish.usual, wish.needed} or wish.needed <= width <= wish.usual
    usual, needed = sum(wish.usual for wish in wishes), sum(w.usual if w.is_fixed else w.needed for w in wishes)
    assert sum(widths) <= max(room, usual)
    if needed <= room:
        assert all(wish.is_fixed or width >= wish.needed for wish, width in zip(wishes, widths, strict=True))
        assert sum(widths) <= room


def test_a_cut_one_takes_from_the_one_with_most_to_spare() -> None:
    cut, wide, some = Wish(usual=80, needed=100), Wish(usual=300, needed=120), Wish(usual=90, needed=85)
    assert shared_widths([cut, wide, some], 470) == [100, 280, 90]


def test_what_is_left_over_leaves_no_blank_strip() -> None:
    assert filled_up([50, 60, 70], 200, [0, 2]) == [60, 60, 80]
    assert filled_up([50, 60], 100, [0, 1]) == [50, 60]


def test_where_all_are_too_wide_the_longest_texts_are_cut_and_amounts_and_titles_are_whole() -> None:
    amount, short = Wish(usual=80, needed=80, title=60), Wish(usual=100, needed=90, title=40)
    long, longer = Wish(usual=300, needed=300, least=150), Wish(usual=400, needed=400, least=150)
    titled = Wish(usual=20, needed=20, title=70)
    assert shared_widths([amount, short, long, longer, titled], 640) == [80, 90, 200, 200, 70]
    assert shared_widths([amount, short, long, longer, titled], 300) == [80, 90, 150, 150, 70]
