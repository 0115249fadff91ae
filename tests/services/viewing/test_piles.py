"""Whom something concerns is known for as long as it does."""

from cmxero_desktop.services.viewing.piles import Concerned


def test_who_is_not_concerned_any_more_leaves_the_others() -> None:
    concerned: Concerned[str] = Concerned()
    concerned.move("CM-1", (), ["a", "b"])
    concerned.move("CM-2", (), ["a"])
    assert concerned.by("a") == ("CM-1", "CM-2")
    concerned.move("CM-2", ["a"], ["b"])
    assert (concerned.by("a"), concerned.last("b")) == (("CM-1",), "CM-2")
    concerned.move("CM-1", ["a", "b"], ())
    assert (concerned.by("a"), concerned.last("a"), concerned.by("b")) == ((), None, ("CM-2",))
