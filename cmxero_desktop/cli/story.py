"""Tell the demo's story in the terminal, by the verbs that everybody has."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from cmxero_desktop.cli.main import run
from cmxero_desktop.domain.strangers import harmless
from cmxero_desktop.services.verbs.desk import Desk

_CHAPTERS: tuple[tuple[str, Sequence[str]], ...] = (
    ("What Xero and Case Manager have in common, and what waits for a person", ("poll", "--full")),
    ("Proposed changes", ("list", "proposals")),
    ("Unmatched", ("list", "unmatched")),
    ("Skipped, each with its reason", ("list", "skipped")),
    (
        "Approve what may be approved in bulk, one kind after the other; the rest is held back for a closer look",
        ("approve", "--all", "--kind", "link", "--by", "demo"),
    ),
    ("The changes", ("approve", "--all", "--kind", "change", "--by", "demo")),
    ("The additions", ("approve", "--all", "--kind", "add", "--by", "demo")),
    ("What is left to decide", ("list", "proposals")),
    ("From Xero's total to Case Manager's", ("tieout",)),
    ("Does everything hold?", ("verify",)),
)


class _OneDesk:
    """A factory for the command line that always gives the same open desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(self, home: Path | None) -> AbstractContextManager[Desk]:  # noqa: ARG002 - there is only one
        return nullcontext(self._desk)

    def closed(self, home: Path | None) -> AbstractContextManager[Desk]:
        return self.open(home)


def tell_no_display(out: TextIO = sys.stdout) -> None:
    """Say why no window comes."""
    out.write("There is no display here, so the demo runs without a window.\n")


def tell_story(desk: Desk, out: TextIO = sys.stdout) -> None:
    """Run each chapter through the command line, with its heading."""
    factory = _OneDesk(desk)
    for heading, words in _CHAPTERS:
        out.write(harmless(f"\n== {heading}\n   cmxero {' '.join(words)}\n\n"))
        out.flush()
        run(words, factory, out=out)


def tell_pictures(saved: Sequence[Path], out: TextIO = sys.stdout) -> None:
    """Say where the pictures are."""
    out.write(harmless(f"\nPictures of the window's pages: {', '.join(str(path) for path in saved)}\n"))
