"""A PDF of plain lines: every reader finds its objects, its text is what was given, and long ones go on."""

import re

from cmxero_desktop.adapters.pdf_file import LETTERS, pdf_of


def test_every_object_begins_where_the_table_says() -> None:
    made = pdf_of(["one", "two"])
    assert made.startswith(b"%PDF-1.4\n")
    assert made.endswith(b"%%EOF\n")
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    table = made[start:].split(b"trailer")[0]
    places = [int(line[:10]) for line in table.splitlines()[3:]]
    assert len(places) == 5
    for number, place in enumerate(places, start=1):
        assert made[place:].startswith(b"%d 0 obj\n" % number)
    for length, stream in re.findall(rb"<< /Length (\d+) >>\nstream\n(.*?)\nendstream", made, re.DOTALL):
        assert int(length) == len(stream)


def test_text_is_shown_and_never_obeyed() -> None:
    made = pdf_of([r"Zoë (the \ firm) Tj ET", "\u4e2d", "a\x1b[31mb"])
    assert r"(Zoë \(the \\ firm\) Tj ET) Tj T*".encode("cp1252") in made
    assert b"(?) Tj" in made
    assert b"\x1b" not in made


def test_long_lines_and_many_lines_go_on() -> None:
    made = pdf_of(["x" * (LETTERS + 1)])
    assert b"(x) Tj" in made
    many = pdf_of([str(number) for number in range(200)])
    pages = int(re.search(rb"/Count (\d+)", many)[1])  # type: ignore[index]  # there is one
    assert pages == 4
    assert b"(Page 4 of 4) Tj" in many
    assert b"(199) Tj" in many
    assert b"/Count 1 " in pdf_of([])
    assert pdf_of(["same"]) == pdf_of(["same"])
