"""Who asks for invoices at rest: only what nobody asked for before is looked up, and nothing is asked for by nobody."""

from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.services.correlation.asking import Asked

MARKS = st.frozensets(st.integers(0, 5))


@given(st.lists(st.tuples(st.sampled_from("abc"), MARKS)))
def test_what_is_new_and_what_is_asked_is_what_all_who_ask_say(acts: list[tuple[str, frozenset[int]]]) -> None:
    asked, truth = Asked(), dict[str, frozenset[int]]()
    for who, marks in acts:
        before = frozenset(mark for some in truth.values() for mark in some)
        assert asked.ask(who, marks) == marks - before
        truth[who] = marks
        for mark in range(6):
            assert asked.is_any_of([mark]) == any(mark in some for some in truth.values())
            assert asked.who_asks([mark]) == {who for who, some in truth.items() if mark in some}
