"""Install where it is hard: beside somebody else's files, under letters of other languages, while a file is held."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from cmxero_desktop import __version__
from tools.installer.asking import CALL_LIMIT_S, FOLDER, same, wait_until
from tools.windows.environment import python_inside
from tools.windows.wine import Visit

SETUP_LIMIT_S: Final = 600
_NOT_DONE: Final = 2
_OTHERS: Final = "firm/papers"
_UMLAUTS: Final = "firm/Büro-Łódź"
# A file below what is exchanged at an upgrade, and how a scanner has it open: nobody may delete it meanwhile.
_HELD: Final = "licences/THIRD-PARTY-NOTICES.txt"
_HOLD: Final = (
    "import sys, time; held = open(sys.argv[1]); open(sys.argv[2], 'w').close(); time.sleep(float(sys.argv[3]))"
)
_HELD_S: Final = 3_600
Install = Callable[..., None]


def refuse_folder_of_others(visit: Visit, install: Install) -> None:
    """Have it refuse a folder in which somebody keeps what is called as a part of the program. WrongError."""
    letters = [visit.drive_c / _OTHERS / name / "letter.txt" for name in ("runtime", "licences", "cm-xero-desk.txt")]
    for letter in letters:
        letter.parent.mkdir(parents=True)
        letter.write_text("mine", encoding="utf-8")
    install(f"/D={_on_drive(_OTHERS)}", expect=_NOT_DONE)
    same("somebody's own files", [letter.read_text(encoding="utf-8") for letter in letters], ["mine"] * 3)
    same("what is in their folder", len(list((visit.drive_c / _OTHERS).iterdir())), 3)


def install_with_umlauts(visit: Visit, install: Install) -> None:
    """Install where a code page lacks a letter, start what was installed, and remove it again. WrongError."""
    folder = visit.drive_c / _UMLAUTS
    install(f"/D={_on_drive(_UMLAUTS)}")
    told = visit.run(visit.place.inside(folder / "cmxero.exe"), "--version", limit_s=CALL_LIMIT_S)
    same("the status of what was installed there", (told.status, told.out.strip()), (0, f"CM-Xero Desk {__version__}"))
    remove(visit, folder)


def upgrade_while_scanned(visit: Visit, install: Install) -> None:
    """Upgrade while another program has a file of the old version open. WrongError."""
    seen = visit.drive_c / "firm" / "held.txt"
    held = f"C:\\{FOLDER}\\{_HELD}".replace("/", "\\")
    visit.start(str(python_inside()), "-c", _HOLD, held, r"C:\firm\held.txt")
    wait_until(seen.is_file, "nobody held the file")
    install()
    visit.run("taskkill", "/f", "/im", "python.exe", limit_s=60)


def remove(visit: Visit, folder: Path) -> None:
    """Remove what was installed in a folder, silently. WrongError."""
    told = visit.run(visit.place.inside(folder / "uninstall.exe"), "/S", limit_s=SETUP_LIMIT_S)
    same("the removal's exit status", told.status, 0)
    # It goes on from a copy of itself, since nobody can delete a program that runs.
    wait_until(lambda: not folder.exists(), "the program's folder is still there")


def _on_drive(folder: str) -> str:
    return f"C:\\{folder}".replace("/", "\\")
