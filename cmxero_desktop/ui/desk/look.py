"""What a person chose for the window on this computer: colours, rows, size of text, and what closing it does."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from cmxero_desktop.ui.desk.preferences import KEEP_RUNNING, ON_CLOSE, QUIT, Preferences
from cmxero_desktop.ui.theme.colours import use_look

SYSTEM, LIGHT, DARK = "system", "light", "dark"
SCHEMES = {SYSTEM: "As the system", LIGHT: "Light", DARK: "Dark"}
DENSITIES = {"compact": "Compact", "normal": "Normal", "roomy": "Roomy"}
TEXT_SIZES = {"100": "Normal", "115": "Larger", "130": "Large", "150": "Very large"}
CLOSINGS = {"": "Asks what to do", KEEP_RUNNING: "Keeps the program running", QUIT: "Quits"}
_SCHEME, _TEXT_SIZE = "colours", "text_size"
_BASE = "cmxero_base_point_size"


class Look:
    """Reads and changes the look of the application; `set_rows` gives all tables another height."""

    def __init__(self, preferences: Preferences, density: Callable[[], str], set_rows: Callable[[str], object]) -> None:
        """Keep where it is remembered, and who knows how high rows are."""
        self._preferences = preferences
        self._density = density
        self._set_rows = set_rows

    @property
    def scheme(self) -> str:
        """Light, dark, or as the system is."""
        return _one_of(SCHEMES, self._preferences.get(_SCHEME), SYSTEM)

    @property
    def density(self) -> str:
        """How high rows are."""
        return self._density()

    @property
    def text_size(self) -> str:
        """The size of text in percent of the system's."""
        return _one_of(TEXT_SIZES, self._preferences.get(_TEXT_SIZE), "100")

    @property
    def on_close(self) -> str:
        """What closing the window does."""
        return _one_of(CLOSINGS, self._preferences.get(ON_CLOSE), "")

    def use_on_close(self, choice: str) -> None:
        """Change what closing the window does."""
        self._preferences.set(ON_CLOSE, choice)

    def use_scheme(self, scheme: str) -> None:
        """Change the colours, now and next time."""
        self._preferences.set(_SCHEME, scheme)
        apply_look(self._preferences)

    def use_density(self, density: str) -> None:
        """Change the height of rows, now and next time."""
        self._set_rows(density)

    def use_text_size(self, percent: str) -> None:
        """Change the size of text; what stands already may keep its own until the next start."""
        self._preferences.set(_TEXT_SIZE, percent)
        apply_look(self._preferences)


def apply_look(preferences: Preferences) -> None:
    """Give the application the colours and the text size that are remembered."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    scheme = _one_of(SCHEMES, preferences.get(_SCHEME), SYSTEM)
    percent = int(_one_of(TEXT_SIZES, preferences.get(_TEXT_SIZE), "100"))
    base = app.property(_BASE) or app.font().pointSizeF()
    app.setProperty(_BASE, base)
    font = app.font()
    font.setPointSizeF(float(base) * percent / 100)
    app.setFont(font)
    use_look(app, is_dark=None if scheme == SYSTEM else scheme == DARK)


def _one_of(words: dict[str, str], remembered: str, otherwise: str) -> str:
    return remembered if remembered in words else otherwise
