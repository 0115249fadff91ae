"""Say what is to be made or run: `python -m tools.windows environment journey window tests`."""

import argparse
import sys
from datetime import UTC, datetime

from tools.windows.environment import make_environment, python_inside
from tools.windows.journey import as_module, travel
from tools.windows.looking import see_window
from tools.windows.place import ROOT, Place, usual_place
from tools.windows.report import PAGE, keep, kept
from tools.windows.suite import FOLDERS, lines_of_tests, run_all
from tools.windows.wine import visit


def main(arguments: list[str] | None = None) -> int:
    """Do one thing after the other; the first that fails ends it."""
    options = _parser().parse_args(arguments)
    place = usual_place()
    say(f"everything lies in {place.folder}")
    make_environment(place)
    steps = {"journey": run_journey, "window": take_picture, "tests": run_tests}
    for step in options.steps or [*steps]:
        if step in steps:
            steps[step](place)
        else:
            run_tests(place, (step,))
    return 0


def run_journey(place: Place) -> None:
    """Take the command line through its whole journey, by the sources."""
    with visit(place, ROOT, "journey", anew=True) as stay:
        steps = travel(stay, as_module(python_inside()), say)
    keep("journey", [_when(), "", *(f"- {step}" for step in steps)])


def take_picture(place: Place) -> None:
    """Look at the window on the invented firm."""
    target = place.work / "window.png"
    with visit(place, ROOT, "window") as stay:
        see_window(stay, [str(python_inside()), "-m", "cmxero_desktop", "--demo"], target)
    say(f"the window's picture: {target}")


def run_tests(place: Place, folders: tuple[str, ...] = FOLDERS) -> None:
    """Run the tests, folder by folder."""
    with visit(place, ROOT, "tests") as stay:
        outcomes = run_all(stay, python_inside(), folders, place.work / "logs", say)
    before = kept("tests", PAGE.read_text(encoding="utf-8"))
    keep("tests", lines_of_tests(before, [each for each in outcomes if each.folder in FOLDERS], datetime.now(UTC)))


def say(sentence: str) -> None:
    """Say how far it is."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _when() -> str:
    return f"{datetime.now(UTC):%d %B %Y}, Windows CPython 3.13.2 on Wine 10:"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.windows", description=__doc__)
    parser.add_argument("steps", nargs="*", help="journey, window, tests, or a folder of tests; all, if none is named")
    return parser


if __name__ == "__main__":
    sys.exit(main())
