"""Tell the demo's story without a display: the same verbs in the terminal, and pictures of the pages."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from cmxero_desktop.app.demo import Demo
from cmxero_desktop.cli.main import run
from cmxero_desktop.services.verbs.desk import Desk

_PICTURE_SIZE = (1440, 900)
_CHAPTERS: tuple[tuple[str, Sequence[str]], ...] = (
    ("What Xero and Case Manager have in common, and what waits for a person", ("poll", "--full")),
    ("Proposed changes", ("list", "proposals")),
    ("Unmatched", ("list", "unmatched")),
    ("Skipped, each with its reason", ("list", "skipped")),
    (
        "Approve what may be approved in bulk; the rest is held back for a closer look",
        ("approve", "--all", "--by", "demo"),
    ),
    ("What is left to decide", ("list", "proposals")),
    ("From Xero's total to Case Manager's", ("tieout",)),
    ("Does everything hold?", ("verify",)),
)


class _OneDesk:
    """A factory for the command line that always gives the demo's open desk."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo

    def open(self, home: Path | None) -> AbstractContextManager[Desk]:  # noqa: ARG002 - there is only one
        """Give the open desk."""
        return nullcontext(self._demo.opened.desk)

    def closed(self, home: Path | None) -> AbstractContextManager[Desk]:
        """Give the open desk: it can do what a closed one can."""
        return self.open(home)


def tell_story(demo: Demo) -> None:
    """Run each chapter through the command line, with its heading."""
    factory = _OneDesk(demo)
    for heading, words in _CHAPTERS:
        sys.stdout.write(f"\n== {heading}\n   cmxero {' '.join(words)}\n\n")
        sys.stdout.flush()
        run(words, factory)


def save_pages(demo: Demo, folder: Path) -> list[Path]:
    """Save a picture of every page of the window; needs no display."""
    from cmxero_desktop.ui.application.application import application, open_window
    from cmxero_desktop.ui.desk.content import load_content
    from cmxero_desktop.ui.window.pictures import save_pictures

    app = application()
    desk = demo.opened.desk
    opened = open_window(desk, on_worker=lambda job: job(), approver="demo", is_demo=True, content=load_content(desk))
    try:
        opened.window.resize(*_PICTURE_SIZE)
        return save_pictures(opened.window, folder)
    finally:
        opened.close()
        app.processEvents()
