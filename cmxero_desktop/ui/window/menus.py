"""The menus: every function once, with its mnemonic, its key, and why it cannot be done where it cannot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

WhyNot = Callable[[], str]
"""Returns why something cannot be done now, or nothing where it can."""


def _always() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry; an empty title is a separator, and one with entries `below` opens them."""

    title: str
    key: str = ""
    run: Callable[[], object] | None = None
    why_not: WhyNot = _always
    below: "tuple[Entry, ...]" = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that a person may do: what it is called, where it stands, by which key, and whether it can be now."""

    title: str
    place: str
    key: str
    run: Callable[[], object]
    why_not: WhyNot = _always


def plain(title: str) -> str:
    """Return a title without the mark of its mnemonic."""
    return title.replace("&", "")


def add_menu(
    window: QMainWindow, title: str, entries: tuple[Entry, ...], say: Callable[[str], object]
) -> tuple[QMenu, tuple[Verb, ...]]:
    """Add a menu to the window's bar and return its verbs; `say` tells why one that was pressed cannot be done."""
    menu = window.menuBar().addMenu(title)
    return menu, tuple(_fill(window, menu, plain(title), entries, say))


def _fill(
    window: QMainWindow, menu: QMenu, place: str, entries: tuple[Entry, ...], say: Callable[[str], object]
) -> Iterator[Verb]:
    """Add entries to a menu, and yield what each of them and those below it can do."""
    for entry in entries:
        if not entry.title:
            menu.addSeparator()
            continue
        if entry.below:
            yield from _fill(window, menu.addMenu(entry.title), place, entry.below, say)
            continue
        action = QAction(entry.title, window)
        if entry.key:
            action.setShortcut(QKeySequence(entry.key))
        if entry.run is not None:
            run = _unless(entry, entry.run, say)
            action.triggered.connect(lambda _checked=False, run=run: run())
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            yield Verb(plain(entry.title), place, key, run, entry.why_not)
        menu.addAction(action)
        window.addAction(action)


def _unless(entry: Entry, run: Callable[[], object], say: Callable[[str], object]) -> Callable[[], object]:
    def run_or_say() -> None:
        why_not = entry.why_not()
        if why_not:
            say(why_not)
        else:
            run()

    return run_or_say
