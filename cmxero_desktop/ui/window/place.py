"""Where the window lies, how it is divided and how its tables are arranged: it comes back as a person left it."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any, Protocol

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from cmxero_desktop.ui.desk.look import Look
from cmxero_desktop.ui.desk.preferences import Preferences
from cmxero_desktop.ui.widgets.density import Density
from cmxero_desktop.ui.widgets.room import is_small
from cmxero_desktop.ui.widgets.shown_columns import Arrangement
from cmxero_desktop.ui.widgets.table_view import DeskTable

_WIDTH, _HEIGHT = 1440, 900
# What the frame and the title of a window take of a screen, where nobody can ask for it before it is shown.
_FRAME_WIDTH, _FRAME_HEIGHT = 16, 48
# How table and evidence share the room, as Qt takes it: in proportion.
_SHARES = {True: (665, 335), False: (535, 465)}
_WIDE = 1200
# A low window, as at 200 % on a laptop, has no room below the list.
_LOW, _WIDE_IF_LOW = 600, 860
_GEOMETRY = "geometry"
_DENSITY = "row_height"
_TABLE = "table_"


class SetUpright(Protocol):
    """Tells the evidence whether it stands beside the rows."""

    def __call__(self, *, is_upright: bool) -> object:
        """Take it in."""


class WindowPlace:
    """Remembers size, place, division and row height of one window."""

    def __init__(
        self, window: QMainWindow, splitter: QSplitter, preferences: Preferences, set_upright: SetUpright
    ) -> None:
        """Keep the parts, which `open` uses, and share the room as in a narrow window until it has its size."""
        self._window = window
        self._splitter = splitter
        self._preferences = preferences
        self._set_upright = set_upright
        self.is_wide = False
        self.divide(is_wide=False)

    @property
    def density(self) -> Density:
        """How high the rows are."""
        remembered = self._preferences.get(_DENSITY)
        usual = Density.COMPACT if is_small(self._window) else Density.NORMAL
        return Density(remembered) if remembered in list(Density) else usual

    @property
    def look(self) -> Look:
        """The look that a person chose, for the settings to change."""
        return Look(self._preferences, lambda: self.density.value, lambda density: self.use_density(Density(density)))

    def open(self) -> None:
        """Give the window its size before it is shown: as it was left, else as large as is good and fits."""
        self.use_density(self.density)
        for table in self._tables():
            if told := self._preferences.get(_name_of(table)):
                table.arrange(Arrangement.from_text(told))
        screen = self._window.screen().availableGeometry()
        room = (screen.width() - _FRAME_WIDTH, screen.height() - _FRAME_HEIGHT)
        self._window.resize(min(_WIDTH, room[0]), min(_HEIGHT, room[1]))
        try:
            geometry = b64decode(self._preferences.get(_GEOMETRY), validate=True)
        except (NotBase64, ValueError):
            geometry = b""
        # Qt itself moves it back where it can be seen, on a screen that is smaller now, or gone.
        self._window.restoreGeometry(QByteArray(geometry))
        # Before it is shown: the evidence below the rows would make a window higher than a low screen, and it stays so.
        self._lie()

    def turn(self) -> None:
        """Put the evidence beside the rows where there is room for it, else below them."""
        is_wide = self._lie()
        if is_wide is not self.is_wide:
            self.is_wide = is_wide
            # The splitter takes sizes only once it lies the other way.
            QTimer.singleShot(0, self._window, lambda: self.divide(is_wide=is_wide))

    def _lie(self) -> bool:
        """Lay rows and evidence as the window is wide, and say whether beside each other."""
        is_wide = _is_wide(self._window)
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._splitter.orientation() is not wanted:
            self._splitter.setOrientation(wanted)
            self._set_upright(is_upright=is_wide)
        return is_wide

    def divide(self, *, is_wide: bool) -> None:
        """Share the room between table and evidence as a person did last, when it lies this way."""
        self.is_wide = is_wide
        remembered = self._preferences.get(_split_name(is_wide=is_wide)).split()
        are_sizes = len(remembered) == 2 and all(size.isdecimal() and int(size) for size in remembered)  # noqa: PLR2004 - table and evidence
        self._splitter.setSizes([int(size) for size in remembered] if are_sizes else list(_SHARES[is_wide]))

    def keep(self) -> None:
        """Remember how the window lies now."""
        geometry = b64encode(self._window.saveGeometry().data()).decode()
        self._preferences.set(_GEOMETRY, geometry)
        for table in self._tables():
            told, nothing = table.arrangement().as_text(), Arrangement().as_text()
            self._preferences.set(_name_of(table), told if told != nothing else "")
        sizes = self._splitter.sizes()
        if all(sizes):
            self._preferences.set(_split_name(is_wide=self.is_wide), " ".join(map(str, sizes)))

    def use_density(self, density: Density) -> None:
        """Give the rows of all tables this height, now and next time."""
        if density is not self.density:
            self._preferences.set(_DENSITY, density.value)
        for table in self._tables():
            table.set_density(density)

    def _tables(self) -> list[DeskTable[Any]]:
        """Return the tables of the window itself; those of open sheets come and go."""
        return [table for table in self._window.findChildren(DeskTable) if table.window() is self._window]


def _is_wide(window: QWidget) -> bool:
    """Say whether the evidence has room beside the rows; bands make a window higher than a screen that stays low."""
    height = min(window.height(), window.screen().availableSize().height())
    return window.width() >= (_WIDE if height >= _LOW else _WIDE_IF_LOW)


def _name_of(table: DeskTable[Any]) -> str:
    return _TABLE + table.accessibleName().lower().replace(" ", "_")


def _split_name(*, is_wide: bool) -> str:
    return "split_beside" if is_wide else "split_below"
