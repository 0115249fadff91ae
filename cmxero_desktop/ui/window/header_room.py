"""Shorten the head of the window in steps: what is whole elsewhere gives way first, and no word is cut in half."""

from collections.abc import Iterator

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton

from cmxero_desktop.ui.theme.colours import Tone, tones_of
from cmxero_desktop.ui.theme.icons import Shape, shape_pixmap
from cmxero_desktop.ui.theme.strangers import guessed_plain
from cmxero_desktop.ui.widgets.parts import NamesLabel, PartsLabel
from cmxero_desktop.ui.widgets.period_box import PeriodBox

# The names and the mode are shortened below this width.
_NARROW = 1_100
_AROUND_SEARCH, _CLEAR_BUTTON, _WIDEST_SEARCH = 30, 26, 260
_ANY_WIDTH = 16_777_215
# So much of the freshness is seen in any case: when was checked, and where there is room what came of it.
_WHOLE_CHARACTERS, _LEAST_CHARACTERS = 28, 16
# Keys stand on the buttons, where there is room: whoever works by keyboard learns them without the manual.
_CHECK, _CHECKING = ("Check", "Check Xero", "Check Xero  F5"), ("Checking…",) * 3
_PAUSE = ("", "Pause", "Pause  F9")
_SEARCH = ("Search", "Search  (Ctrl+F)", "Search  (Ctrl+F)")
_BRIEF, _SHORT, _WHOLE = range(3)


class HeaderRoom:
    """Knows what stands on the parts of the head at each step."""

    def __init__(
        self,
        line: QHBoxLayout,
        *,
        title: NamesLabel,
        mode: QPushButton,
        check: QPushButton,
        pause: QPushButton,
        freshness: PartsLabel,
        period: PeriodBox,
        search: QLineEdit,
    ) -> None:
        """Keep the parts, all of which stand in the line."""
        self._line = line
        self._title, self._mode, self._check, self._pause = title, mode, check, pause
        self._freshness, self._period, self._search = freshness, period, search
        self._mode_word = ""
        self._check_words = _CHECK

    def name_mode(self, word: str) -> None:
        """Say whether changes may be approved."""
        self._mode_word = word

    def show_checking(self, *, is_checking: bool) -> None:
        """Say on the button that a check is under way."""
        self._check_words = _CHECKING if is_checking else _CHECK

    def fit(self, width: int) -> None:
        """Take the first step at which everything has its least room."""
        self._title.show()
        self._period.show()
        self._let_freshness_be(_WHOLE_CHARACTERS)
        steps = self._wide() if width >= _NARROW else self._narrow()
        for _ in steps:
            if self._line.minimumSize().width() <= width:
                break
        self._share(width)

    def _wide(self) -> Iterator[None]:
        self._name(_WHOLE, f"Mode: {self._mode_word}" if self._mode_word else "")
        typed = self._search.fontMetrics().horizontalAdvance(self._search.text()) + _AROUND_SEARCH + _CLEAR_BUTTON
        self._search.setMinimumWidth(min(max(self._least_of_search(), typed), _WIDEST_SEARCH))
        self._period.setMaximumWidth(_ANY_WIDTH)
        yield

    def _narrow(self) -> Iterator[None]:
        """Yield after each step; the names are whole in the title of the window, and the period has all dates."""
        self._name(_SHORT, self._mode_word)
        self._search.setMinimumWidth(self._least_of_search())
        self._period.setMaximumWidth(self._period.minimumSizeHint().width())
        yield
        self._title.hide()
        yield
        self._name(_BRIEF, self._mode_word)
        self._search.setMinimumWidth(self._least_of_search())
        yield
        self._period.setVisible(self._period.currentIndex() > 0)
        yield
        self._let_freshness_be(_LEAST_CHARACTERS)
        yield

    def _name(self, step: int, mode: str) -> None:
        """Name the parts as briefly as this step wants; the tool tips have all words."""
        self._mode.setText(mode)
        self._mode.setToolTip(guessed_plain(f"Mode: {self._mode_word}" if self._mode_word else ""))
        self._check.setText(self._check_words[step])
        self._search.setPlaceholderText(_SEARCH[step])
        if self._pause.text() != _PAUSE[step] or not _PAUSE[step]:
            self._pause.setText(_PAUSE[step])
            ink = tones_of(self._pause.palette()).ink(Tone.PLAIN)
            self._pause.setIcon(QIcon() if _PAUSE[step] else QIcon(shape_pixmap(Shape.PAUSE, ink, 32)))
            # The text took the shortcut away.
            self._pause.setShortcut("F9")

    def _let_freshness_be(self, characters: int) -> None:
        """Keep the beginning of the freshness: half a time of day would be another one."""
        least = characters * self._freshness.fontMetrics().averageCharWidth()
        self._freshness.setMinimumWidth(min(self._freshness.sizeHint().width(), least))

    def _least_of_search(self) -> int:
        return self._search.fontMetrics().horizontalAdvance(self._search.placeholderText()) + _AROUND_SEARCH

    def _share(self, width: int) -> None:
        """Let the names give way before the freshness does: they are whole in the title of the window."""
        wanted = self._title.sizeHint().width()
        self._title.setMaximumWidth(wanted)
        over = self._line.sizeHint().width() - width
        self._title.setMaximumWidth(max(self._title.minimumSizeHint().width(), wanted - max(over, 0)))
