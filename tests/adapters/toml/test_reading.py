"""TOML is read without losing a digit, and what is no TOML is said to be none, with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from cmxero_desktop.adapters.toml.lines import line_numbers
from cmxero_desktop.adapters.toml.reading import NoTomlError, parsed, read_text


def test_decimals_keep_their_digits() -> None:
    assert parsed("a = 2.350\nb = 7")["a"].as_tuple() == Decimal("2.350").as_tuple()


def test_a_mark_of_the_encoding_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1")
    assert parsed(read_text(file)) == {"a": 1}


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_what_notepad_calls_unicode_is_read(tmp_path: Path, mark: bytes) -> None:
    file = tmp_path / "a.toml"
    text = 'a = "Größe"\r\nb = 2\r\n'
    file.write_bytes(mark + text.encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"))
    assert parsed(read_text(file)) == {"a": "Größe", "b": 2}


@pytest.mark.parametrize(
    "content",
    [
        'a = 1\nb = "Größe"'.encode("cp1252"),
        b"a = 1\n" + "b = 2".encode("utf-16-le"),
        b"a = 1\nb = \x00",
    ],
)
def test_another_encoding_is_named_with_its_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    with pytest.raises(UnicodeDecodeError) as caught:
        read_text(file)
    assert caught.value.reason == "line 2 has a character in another encoding"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nb = x", "line 2, column 5: Invalid value"),
        ("a = 1\na = 2", "end of document: Cannot overwrite a value"),
        ('a = """b', "end of document: "),
        (f"a = {'[' * 100_000}", "its lists or tables are nested too deeply"),
        (f"a = {'9' * 5_000}", "it holds a number that is too long"),
        (f"a = -{'1_0' * 5_000}", "it holds a number that is too long"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(NoTomlError) as caught:
        parsed(text)
    assert str(caught.value).startswith(said)


def test_lines_are_found_for_sections_dotted_and_quoted_keys() -> None:
    text = '# a comment\nmode = "x"\n[poll]\nevery.day = 1\n"a b" = 2\n[a.b]\nc = 3\nc = 4\n'
    assert line_numbers(text) == {
        ("mode",): 2,
        ("poll",): 3,
        ("poll", "every", "day"): 4,
        ("poll", "a b"): 5,
        ("a", "b"): 6,
        ("a", "b", "c"): 7,
    }
