"""Say where what is fetched and made for Windows lies: outside of the checkout, so that a second run is quick."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
_CHOSEN = "CMXERO_WINDOWS_FOLDER"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of all of it. `system` is a small Debian with Wine, in which everything else is seen."""

    folder: Path

    @property
    def downloads(self) -> Path:
        """Where archives are kept as they came."""
        return self.folder / "downloads"

    @property
    def system(self) -> Path:
        """The root of the Debian that has Wine."""
        return self.folder / "system"

    @property
    def work(self) -> Path:
        """What is made: seen inside the system as /work."""
        return self.folder / "work"

    def inside(self, path: Path) -> str:
        """Return the name that a path of `work` has inside the system."""
        return f"/work/{path.relative_to(self.work).as_posix()}"

    def on_windows(self, path: Path) -> str:
        """Return the name that a path of `work` has for a Windows program, whose drive Z: is the system's root."""
        return "Z:" + self.inside(path).replace("/", "\\")


def usual_place() -> Place:
    """Return the user's cache folder, or the one that CMXERO_WINDOWS_FOLDER names."""
    chosen = os.environ.get(_CHOSEN)
    return Place(Path(chosen) if chosen else user_cache_path("cm-xero-desk") / "windows")
