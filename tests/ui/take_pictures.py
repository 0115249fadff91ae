"""Save pictures of the invented firm's window: `python -m tests.ui.take_pictures FOLDER [dark] [200%] [1366x768]`.

`everything` behind it takes all sheets, menus, states and the wizard too; `matrix` takes all of that on three screens,
at 100 and 200 %, light and dark, each in a folder of its own. `questions` takes what a person who has never seen the
program needs to answer the sixty questions, which it writes beside the pictures.
"""

import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path

from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.theme.colours import use_look
from cmxero_desktop.ui.window.pictures import LAPTOP, save_pictures
from tests.ui.gallery import Shown, everything, pictured_desk, pictured_window
from tests.ui.questions import ROW_SIZE, questionnaire
from tests.ui.row_gallery import each_row
from tests.ui.screens import Size, run_on_screen
from tests.ui.story import story_view

_SCREENS: tuple[Size, ...] = (LAPTOP, (1440, 900), (1920, 1080))
_PERCENTS = (100, 200)
_LOOKS = ("light", "dark")
# What the panel of the system takes of a screen, in its pixels.
_PANEL = 40


def main(folder: Path, size: Size, *, is_dark: bool) -> None:
    """Take the pages and the sheets that the manual shows."""
    app = application()
    use_look(app, is_dark=is_dark)
    opened = pictured_window(pictured_desk(story_view()))
    for path in save_pictures(opened.window, folder, size):
        sys.stdout.write(f"{path}\n")
    opened.close()


def take_everything(folder: Path, size: Size, percent: int, *, is_dark: bool) -> None:
    """Take all that can be seen on a screen of so many pixels, in a program that was started on such a one."""
    application()
    use_look(application(), is_dark=is_dark)
    width, height = (side * 100 // percent for side in size)
    _save_all(folder, everything((width, height - _PANEL * 100 // percent)))


def take_rows(folder: Path, *, is_dark: bool) -> None:
    """Take the window on each row, with its evidence."""
    use_look(application(), is_dark=is_dark)
    _save_all(folder, each_row(ROW_SIZE))


def _save_all(folder: Path, shown: Iterable[Shown]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for name, widget in shown:
        widget.grab().save(str(folder / f"{name}.png"))
        number += 1
    sys.stdout.write(f"{folder}: {number} pictures\n")


def on_a_screen(size: Size, percent: int, words: list[str]) -> int:
    """Start this again on a screen of that size and scale."""
    done = run_on_screen(
        size, percent, ["-m", "tests.ui.take_pictures", *words, f"{size[0]}x{size[1]}", f"{percent}%", "now"]
    )
    sys.stdout.write(done.stdout)
    return done.returncode


def take(folder: Path, words: list[str]) -> int:
    """Do what the words behind the folder say; return 0 where all pictures were taken."""
    parts = [word.partition("x") for word in words]
    sizes = [(int(width), int(height)) for width, _, height in parts if width.isdecimal() and height.isdecimal()]
    percents = [int(word.rstrip("%")) for word in words if word.endswith("%")]
    size, percent, is_dark = (sizes or [LAPTOP])[0], (percents or [100])[0], "dark" in words
    if "matrix" in words:
        kinds = product(sizes or _SCREENS, percents or _PERCENTS, _LOOKS)
        names = [(s, p, look, f"{folder}/{s[0]}x{s[1]}-{p}-{look}") for s, p, look in kinds]
        return max(on_a_screen(s, p, [name, look, "everything"]) for s, p, look, name in names)
    if "questions" in words:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "questions.txt").write_text(questionnaire(), encoding="utf-8")
        taken = (((1920, 1080), "rows"), (LAPTOP, "everything"))
        return max(on_a_screen(screen, 100, [str(folder), which]) for screen, which in taken)
    if "now" in words and "rows" in words:
        take_rows(folder, is_dark=is_dark)
    elif "now" in words:
        take_everything(folder, size, percent, is_dark=is_dark)
    elif "everything" in words:
        return on_a_screen(size, percent, [str(folder), *(["dark"] if is_dark else []), "everything"])
    else:
        main(folder, size, is_dark=is_dark)
    return 0


if __name__ == "__main__":
    sys.exit(take(Path(sys.argv[1]), sys.argv[2:]))
