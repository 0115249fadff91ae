"""A result goes between its own marks, and nothing else of the page is touched."""

import pytest

from tools.windows.report import PAGE, NoRoomError, renewed, table

PLACE = "before\n<!-- tests -->\nold\n<!-- end of tests -->\nafter <!-- journey --><!-- end of journey -->\n"


def test_only_what_stands_between_the_marks_is_new() -> None:
    assert renewed(PLACE, "tests", ["one", r"C:\new"]) == PLACE.replace("old", "one\n" + r"C:\new")


@pytest.mark.parametrize("page", ["", PLACE + PLACE])
def test_a_page_without_one_room_for_it_is_left_alone(page: str) -> None:
    with pytest.raises(NoRoomError, match="needs the marks"):
        renewed(page, "tests", ["one"])


def test_the_page_of_this_project_has_room_for_each_result() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in ("journey", "tests"):
        assert renewed(page, name, ["x"]) != page


def test_a_table_has_a_line_below_its_head() -> None:
    assert table(("a", "b"), [("1", "2")]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]
