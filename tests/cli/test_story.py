"""The demo without a display says so, tells its story by verbs, and says where the pictures are."""

import io
from pathlib import Path

from cmxero_desktop.cli.desktop_arguments import build_desktop_parser
from cmxero_desktop.cli.story import tell_no_display, tell_pictures, tell_story
from tests.cli.conftest import Office


def test_the_story_checks_decides_and_verifies(office: Office) -> None:
    out = io.StringIO()
    tell_story(office.desk, out)
    assert [call[0] for call in office.desk.calls] == ["poll", *["approve_all"] * 3, "verify"]
    headings = [line for line in out.getvalue().splitlines() if line.startswith("== ")]
    assert (len(headings), headings[-1]) == (10, "== Does everything hold?")
    assert "   cmxero approve --all --kind add --by demo\n" in out.getvalue()


def test_what_is_there_instead_of_a_window_is_said() -> None:
    out = io.StringIO()
    tell_no_display(out)
    tell_pictures([Path("review.png"), Path("history.png")], out)
    assert out.getvalue().splitlines() == [
        "There is no display here, so the demo runs without a window.",
        "",
        "Pictures of the window's pages: review.png, history.png",
    ]


def test_the_window_takes_a_folder_and_may_start_hidden() -> None:
    asked = build_desktop_parser().parse_args(["--home", "here", "--hidden"])
    assert (asked.home, asked.hidden, asked.demo, asked.pictures) == (Path("here"), True, False, None)
