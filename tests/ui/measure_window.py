"""Print how large the window opens, with a warning and the SOR watch above its rows, and how large the screen is."""

import sys

from cmxero_desktop.ui.application.application import application
from tests.ui.gallery import pictured_desk, pictured_window, settle
from tests.ui.story import story_view


def main() -> None:
    """Open it as the program does, without asking for a size."""
    app = application()
    window = pictured_window(pictured_desk(story_view())).window
    window.show()
    settle()
    room = app.primaryScreen().availableGeometry()
    sys.stdout.write(f"{window.width()} {window.height()} {room.width()} {room.height()}\n")


if __name__ == "__main__":
    main()
