"""A sentence that is shared by window and terminal names the way of each where it is shown."""

from cmxero_desktop.domain.refusals import Why, refused
from cmxero_desktop.domain.ways import in_both, in_terminal, in_window, way


def test_each_surface_says_its_own_way() -> None:
    said = f"Check Xero first ({way('F5', 'poll')}); then go back: {way('File, Mode', 'mode approve --reason …')}."
    assert in_window(said) == "Check Xero first (F5); then go back: File, Mode."
    assert in_terminal(said) == "Check Xero first (cmxero poll); then go back: cmxero mode approve --reason …."
    assert in_both("See " + way("Health", "doctor")) == "See Health, or cmxero doctor"


def test_what_others_typed_in_brackets_stays_as_it_was_typed() -> None:
    for typed in ("[a | b]", "REM [x | cmx]", "no brackets | cmxero poll", "[File | cmxero "):
        assert in_window(typed) == in_terminal(typed) == in_both(typed) == typed


def test_no_refusal_sends_anybody_from_the_window_to_a_terminal() -> None:
    for why in Why:
        assert "cmxero" not in in_window(str(refused(why, "It")))
        assert "F5" not in in_terminal(str(refused(why, "It")))
