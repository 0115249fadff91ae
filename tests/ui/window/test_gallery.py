"""Pictures can be taken of all that a person can see: a sheet that nothing opens would be looked at by nobody."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from cmxero_desktop import ui
from cmxero_desktop.ui.application.application import application
from cmxero_desktop.ui.widgets.sheet import Sheet
from tests.ui import take_pictures
from tests.ui.gallery import everything
from tests.ui.screens import Size

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


def test_every_sheet_menu_state_and_page_of_the_wizard_is_opened_and_fits_the_screen() -> None:
    application()
    names, sheets = [], set()
    screen = QGuiApplication.primaryScreen().availableSize()
    for name, widget in everything((1366, 728)):
        names.append(name)
        mute = [b.text() for b in widget.findChildren(QPushButton) if is_grey(b) and not b.toolTip()]
        assert not mute, f"{name}: these buttons are grey and do not say why: {mute}"
        if isinstance(widget, Sheet):
            sheets.add(type(widget).__name__)
            assert widget.height() <= screen.height(), f"{name} hides its buttons below the screen"
            cut = [
                b.text() for b in widget.findChildren(QPushButton) if b.isVisible() and b.width() < b.sizeHint().width()
            ]
            assert not cut, f"{name}: the words of these buttons are cut: {cut}"
    assert every_sheet() - sheets <= NEEDS_A_FIRM_OF_ITS_OWN
    assert len(names) == len(set(names))
    for start, least in (("page_", 7), ("menu_", 7), ("state_", 20), ("wizard_", 6)):
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
