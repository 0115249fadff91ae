"""No text that somebody typed is obeyed: not by a terminal, not by a reader of JSON, not by a spreadsheet."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmxero_desktop.domain.strangers import as_lines, harmless, is_formula, one_line, shortened


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Wu & Partners (Häme) 500 €", "Wu & Partners (Häme) 500 €"),
        ("red \x1b[31m", "red \\u001b[31m"),
        ("\x9b2J cleared", "\\u009b2J cleared"),
        ("bell\x07 back\x08 gone\x7f", "bell\\u0007 back\\u0008 gone\\u007f"),
        ("CM-100\u202e001", "CM-100\\u202e001"),
        ("\u2066isolated\u2069 \u200fmark", "\\u2066isolated\\u2069 \\u200fmark"),
        ("over\rwritten", "over\\u000dwritten"),
        ("two\r\nlines\tand a tab", "two\nlines\tand a tab"),
        ("para\u2029graph \ufeff mark", "para\\u2029graph \\ufeff mark"),
        ("half \ud83d a sign", "half \\ud83d a sign"),
        ("a tag \U000e0041", "a tag \\udb40\\udc41"),
        ("1\u00a0000 and a family 👨\u200d👩", "1\u00a0000 and a family 👨\u200d👩"),
        ("❤\ufe0f\u200d🔥 \u0645\u06cc\u200c\u062e", "❤\ufe0f\u200d🔥 \u0645\u06cc\u200c\u062e"),
        ("CM-1\u200d02", "CM-1\\u200d02"),
        ("CM-102\u200c", "CM-102\\u200c"),
        ("é\u200d\u200dé", "é\\u200d\\u200dé"),
        ("é\u200d", "é\\u200d"),
        ("CM-1\ufe0f02", "CM-1\\ufe0f02"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"),
        ("CM-\u3164102\u115f\u2800\uffa0", "CM-\\u3164102\\u115f\\u2800\\uffa0"),
        ("hidden \U000e0100", "hidden \\udb40\\udd00"),
        ("Hä\u0308me, Vie\u0302\u0323t", "Hä\u0308me, Vie\u0302\u0323t"),
        ("a" + 6 * "\u0301", "a" + 4 * "\u0301" + 2 * "\\u0301"),
    ],
)
def test_what_a_screen_obeys_is_written_as_its_number(typed: str, shown: str) -> None:
    assert harmless(typed) == shown


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_keeps_its_meaning_and_obeys_nothing(typed: str) -> None:
    written = harmless(json.dumps({"name": typed}, ensure_ascii=False))
    assert json.loads(written)["name"] == typed
    assert not any(c in written for c in "\x1b\x9b\u202e\u2066\r\x7f")


@given(st.text())
def test_nothing_is_obeyed_and_nothing_is_changed_twice(typed: str) -> None:
    shown = harmless(typed)
    assert harmless(shown) == shown
    assert "\n" not in one_line(typed)


def test_a_name_makes_no_second_line() -> None:
    assert one_line("Ito\nCM-200\t9,000.00") == "Ito / CM-200 9,000.00"


@given(st.text(st.sampled_from("a1é👩\u200c\u200d\ufe0e\ufe0f\u0301\u3164\u202e\n\ud83d\U000e0100\u00a0")))
def test_neither_is_what_joins_or_hides(typed: str) -> None:
    shown = harmless(typed)
    assert harmless(shown) == shown
    assert not set(shown) & set("\u3164\u202e\U000e0100")
    json_text = harmless(json.dumps(typed, ensure_ascii=False))
    assert json.loads(json_text).encode("utf-16", "surrogatepass") == typed.encode("utf-16", "surrogatepass")


def test_two_numbers_that_differ_never_look_the_same_for_what_nobody_sees() -> None:
    unseen = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u1160\u17b4\u180e\u2800\u3164\ufe00\ufe0f\uffa0"
    for one in f"{unseen}\U000e0041\U000e0100":
        assert len(harmless(f"CM-1{one}02")) >= len("CM-1\\u0000" + "02"), hex(ord(one))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("twelve chars", "twelve chars"), ("thirteen chars", "thirteen ch…"), ("one two three four", "one two thr…")],
)
def test_what_is_cut_says_so(typed: str, shown: str) -> None:
    assert shortened(typed, 12) == shown


@pytest.mark.parametrize(
    "typed",
    ["=cmd|' /C calc'!A0", "+SUM(A1)", "-2+3", "@x", "  =1", "-", "+1;2", "-\n1", "\uff1d1+1", "\uff0d5", "\uff20x"],
)
def test_what_a_spreadsheet_would_calculate_is_a_formula(typed: str) -> None:
    assert is_formula(typed)


@pytest.mark.parametrize("typed", ["-50.00", "+1,000.00", "", "CM-100", "a=b", "1-2", "-1 000,00"])
def test_a_number_and_a_word_are_none(typed: str) -> None:
    assert not is_formula(typed)


def test_as_many_lines_come_out_as_went_in() -> None:
    assert as_lines(["a\nb", "", "  c\t1"]) == "a / b\n\n  c 1"
