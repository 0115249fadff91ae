"""A key is read as a person writes it: a whole number where it is one, else text, however long."""

import pytest

from cmxero_desktop.cli.case_keys import case_key


@pytest.mark.parametrize("text", ["0", "7", "123456789012345678901234567890"])
def test_a_whole_number_is_one(text: str) -> None:
    assert case_key(text).value == int(text)


@pytest.mark.parametrize("text", ["", "0042", "-1", "1.0", "²", "٣", "9" * 5_000, "0" * 5_000])
def test_everything_else_is_text(text: str) -> None:
    assert case_key(text).value == text
