"""Days are read and written in words that do not depend on how the computer is set up."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.reading_days import month_named, read_day
from cmxero_desktop.domain.wording import day

PACKAGE = Path(__file__).parents[2] / "cmxero_desktop"


@given(st.dates(min_value=date(1000, 1, 1)))
def test_whatever_is_written_is_read_again(value: date) -> None:
    assert read_day(day(value)) == read_day(f" {value} ") == value
    assert read_day(day(value).upper()) == value


@pytest.mark.parametrize("text", ["5 March 2027", "5  mar 2027", "05 Mar 2027", "2027-3-5", "2027-03-05"])
def test_a_day_is_read_as_persons_write_it(text: str) -> None:
    assert read_day(text) == date(2027, 3, 5)


@pytest.mark.parametrize(
    "text", ["", "5", "Mar 2027", "31 Feb 2027", "5 M\u00e4r 2027", "5 Mars 2027", "2027-13-1", "5/3/2027"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_september_has_two_short_names() -> None:
    assert month_named("Sept") == month_named("Sep") == month_named("september") == 9


@pytest.mark.untraced
def test_nowhere_is_a_day_or_a_time_written_or_read_by_the_names_of_the_system() -> None:
    """Qt sets the system's language for the whole program: `%b` is another word then, and a file is not read again."""
    texts = ((path, path.read_text("utf-8")) for path in PACKAGE.rglob("*.py"))
    found = {
        f"{path.relative_to(PACKAGE)}: {node.value}"
        for path, text in texts
        if "%" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"%[aAbBcpxX]\b", node.value)
    }
    assert found == set()
