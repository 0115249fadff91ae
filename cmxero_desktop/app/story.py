"""Tell the demo's story without a display: the same verbs in the terminal, and pictures of the pages."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from cmxero_desktop.app.demo import Demo
from cmxero_desktop.cli.main import run
from cmxero_desktop.services.ports.xero import Connection
from cmxero_desktop.services.records.readings import CaseManagerFacts
from cmxero_desktop.services.records.reports import Bundle, BundleChoice, HealthCheck
from cmxero_desktop.services.records.setup import InitRequest
from cmxero_desktop.services.verbs import Verbs

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

    def initialise(self, home: Path | None, request: InitRequest) -> CaseManagerFacts:
        """Set nothing up twice: the demo is set up already."""
        return self._demo.desks.initialise(home or self._demo.desk.home, request)

    def connect(self, home: Path | None, tenant_id: str, by: str, ask_secret: Callable[[], str] = str) -> Connection:
        """Sign in again."""
        return self._demo.desks.connect(home or self._demo.desk.home, tenant_id, by, ask_secret)

    def disconnect(self, home: Path | None, by: str) -> None:
        """Sign out."""
        self._demo.desks.disconnect(home or self._demo.desk.home, by)

    def doctor(self, home: Path | None) -> tuple[HealthCheck, ...]:  # noqa: ARG002 - there is only one
        """Look at the open desk."""
        return self._demo.desk.verbs.doctor()

    def bundle(self, home: Path | None, choice: BundleChoice) -> Bundle:  # noqa: ARG002 - there is only one
        """Make a bundle of the open desk."""
        return self._demo.desk.verbs.bundle(choice)

    def write_bundle(self, bundle: Bundle, path: Path) -> Path:
        """Write a bundle."""
        return self._demo.desk.verbs.write_bundle(bundle, path)

    def open(self, home: Path | None) -> AbstractContextManager[Verbs]:  # noqa: ARG002 - there is only one
        """Give the open desk."""
        return nullcontext(self._demo.desk.verbs)


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
    verbs = demo.desk.verbs
    opened = open_window(verbs, on_worker=lambda job: job(), approver="demo", is_demo=True, content=load_content(verbs))
    try:
        opened.window.resize(*_PICTURE_SIZE)
        return save_pictures(opened.window, folder)
    finally:
        opened.close()
        app.processEvents()
