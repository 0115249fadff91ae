"""Pictures can be taken of all that a person can see: a sheet that nothing opens would be looked at by nobody."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from cmxero_desktop import ui
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.widgets.sheet import Sheet
from cmxero_desktop.ui.window.window import DeskWindow
from tests.ui import take_pictures
from tests.ui.cut_texts import cut_texts
from tests.ui.gallery import everything, settle
from tests.ui.questions import all_questions, asked_of, unanswered
from tests.ui.screens import Size
from tests.ui.seen_words import seen_words

# What 1366 x 768 and Full HD at 200 % leave to a window, and what the panel, a frame and a title take of a screen.
LAPTOP, TWICE = (1366, 728), (960, 520)
_PANEL, _FRAME, _TITLE, _MENU_BAR = 20, 16, 40, 28
# They ask what cannot be asked without a choice of its own: several payments of one invoice that are near.
NEEDS_A_FIRM_OF_ITS_OWN = {"LinkSheet", "BelongingSheet"}


def every_sheet() -> set[str]:
    for module in walk_packages(ui.__path__, f"{ui.__name__}."):
        import_module(module.name)
    found, classes = set(), [Sheet]
    while classes:
        for kind in classes.pop().__subclasses__():
            if kind.__module__.startswith("cmxero_desktop."):
                found.add(kind.__name__)
                classes.append(kind)
    return found


def is_grey(button: QPushButton) -> bool:
    """Say whether a button is seen and cannot be pressed by itself; what waits for an answer is grey as a whole."""
    around = button.parentWidget()
    return button.isVisible() and bool(button.text()) and around is not None and not button.isEnabledTo(around)


class Screen:
    """A screen of another size than the one that tests have; Qt itself goes on with its own."""

    def __init__(self) -> None:
        """Begin as a laptop's."""
        self.size = QSize(*LAPTOP)

    def availableSize(self) -> QSize:  # noqa: N802 - Qt's name
        """Return what a window may take."""
        return self.size

    def availableGeometry(self) -> QRect:  # noqa: N802 - Qt's name
        """Return where a window may stand."""
        return QRect(QPoint(0, 0), self.size)


def unread(shown: QWidget) -> list[str]:
    """Return which grey buttons of a sheet give their reason to the mouse alone."""
    read = "\n".join(label.text() for label in shown.findChildren(QLabel) if label.isVisible())
    grey = [button for button in shown.findChildren(QPushButton) if is_grey(button)]
    return [f"{button.text()}: {button.toolTip()}" for button in grey if button.toolTip() not in read]


def lie(shown: QWidget, size: Size) -> None:
    """Make a window as large as a screen, and a sheet no larger, as on the screen where it is opened."""
    width, height = size
    if not isinstance(shown, DeskWindow):
        width, height = min(shown.width(), width - _FRAME), min(shown.height(), height + _PANEL - _TITLE)
    # What stood in a wide window keeps it from being narrow at once.
    for _ in range(2):
        shown.resize(width, height)
        settle()


def cut_in(name: str, shown: QWidget, screen: Screen) -> list[str]:
    """Return what is cut of a scene on a laptop and on a Full HD screen at 200 %, where it is no larger than either."""
    found = [f"{name} on a laptop: {line}" for line in cut_texts(shown)]
    if isinstance(shown, QMenu):
        room = TWICE[1] - _MENU_BAR
        return found if shown.height() <= room else [*found, f"{name}: {shown.height()} is higher than {room} at 200 %"]
    before = shown.size()
    screen.size = QSize(TWICE[0], TWICE[1] + _PANEL)
    lie(shown, TWICE)
    if shown.width() > TWICE[0] or shown.height() > TWICE[1] + _PANEL - _TITLE * (not isinstance(shown, DeskWindow)):
        found.append(f"{name} at 200 %: {shown.width()} x {shown.height()} is larger than the screen")
    found += [f"{name} at 200 %: {line}" for line in cut_texts(shown)]
    screen.size = QSize(LAPTOP[0], LAPTOP[1] + _PANEL)
    shown.resize(before)
    settle()
    return found


def said_in(widget: QWidget) -> Iterator[str]:
    """Yield what stands in labels and tool tips and is read out; a report that is saved is for both surfaces."""
    yield from (label.text() for label in widget.findChildren(QLabel))
    for each in widget.findChildren(QWidget):
        yield from (each.toolTip(), each.accessibleName(), each.accessibleDescription())


def test_every_sheet_menu_state_and_page_of_the_wizard_is_opened_fits_the_screen_and_no_word_of_it_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application()
    names, sheets, cut, words = [], set(), [], {}
    elsewhere = frozenset(each.picture for each in all_questions()) - asked_of("row_")
    screen = Screen()
    monkeypatch.setattr(QWidget, "screen", lambda _: screen)
    for name, widget in everything(LAPTOP):
        names.append(name)
        if name in elsewhere:
            words[name] = seen_words(widget)
        mute = [b.text() for b in widget.findChildren(QPushButton) if is_grey(b) and not b.toolTip()]
        assert not mute, f"{name}: these buttons are grey and do not say why: {mute}"
        if not isinstance(widget, DeskWindow):
            assert not unread(widget), f"{name}: no word on it says why: {unread(widget)}"
        sent = [text for text in said_in(widget) if "cmxero " in text]
        assert not sent, f"{name}: this sends a person from the window to a terminal: {sent}"
        if isinstance(widget, Sheet):
            sheets.add(type(widget).__name__)
            assert widget.height() <= screen.size.height(), f"{name} hides its buttons below the screen"
        cut += cut_in(name, widget, screen)
    assert not unanswered(words, elsewhere)
    assert not cut, "\n".join(dict.fromkeys(cut))
    assert every_sheet() - sheets <= NEEDS_A_FIRM_OF_ITS_OWN
    assert len(names) == len(set(names))
    for start, least in (("page_", 7), ("menu_", 9), ("state_", 20), ("wizard_", 6)):
        assert sum(name.startswith(start) for name in names) >= least


def test_a_matrix_takes_every_screen_scale_and_look(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Size, int, list[str]]] = []

    def on_a_screen(size: Size, percent: int, words: list[str]) -> int:
        asked.append((size, percent, words))
        return 0

    monkeypatch.setattr(take_pictures, "on_a_screen", on_a_screen)
    assert take_pictures.take(Path("p"), ["matrix"]) == 0
    assert len(asked) == 12
    assert ((1920, 1080), 200, ["p/1920x1080-200-dark", "dark", "everything"]) in asked
    asked.clear()
    assert take_pictures.take(Path("p"), ["everything", "200%", "1440x900", "dark"]) == 0
    assert asked == [((1440, 900), 200, ["p", "dark", "everything"])]
