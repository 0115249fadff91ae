"""Show what others typed in the window: Qt guesses that a text with a tag in it is rich, and would obey it.

Whatever can be guessed at goes through here; labels are plain by themselves, and pieces of rich text are escaped.
"""

import re
from html import escape

from PySide6.QtGui import Qt

from cmxero_desktop.domain.strangers import harmless, one_line, shortened
from cmxero_desktop.domain.ways import in_window

# Where a line may end within a word that is longer than any; nobody sees it.
_BREAK, _LONGEST_WORD = "\u200b", 40
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD}}}(?=\S)")
_ONE_LINE, _MOST_SHOWN = 300, 1_500
_MOST_IN_CELL, _MOST_LAID_OUT = 1_000, 20_000
_MARKS = str.maketrans(
    {"<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"}
)


def as_said(text: str) -> str:
    """Return a text as the window says it: to whoever reads the screen, hears it read out or copies from it."""
    return harmless(in_window(text))


def guessed_plain(text: str) -> str:
    """Return a text for where Qt guesses, a tool tip or a message box, so that it is shown as it was typed.

    Of a long one as much as a screen has room for, in lines: a plain tool tip is one line, however long.
    """
    shown = shortened(as_said(text), _MOST_SHOWN)
    if len(shown) > _ONE_LINE or _LONG_WORD.search(shown):
        return Qt.convertFromPlainText(breakable(shown), Qt.WhiteSpaceMode.WhiteSpaceNormal)
    return Qt.convertFromPlainText(shown) if Qt.mightBeRichText(shown) else shown


def in_rich_text(text: str) -> str:
    """Return a text as a piece of rich text; of one as long as a book the beginning, which Qt lays out in no time."""
    return escape(harmless(shortened(in_window(text), _MOST_LAID_OUT)))


def in_cell(text: str) -> str:
    """Return a text for a cell of a table: one line, and no more of it than the widest screen could show."""
    return one_line(shortened(in_window(text), _MOST_IN_CELL))


def without_marks(text: str) -> str:
    """Return a text for the system's own notices, which obey marks on one system and show them on another."""
    return shortened(as_said(text), _MOST_SHOWN).translate(_MARKS)


def on_button(text: str) -> str:
    """Return a text for a button, a tick box or a menu, which take an ampersand for a key."""
    return one_line(text).replace("&", "&&")


def in_title(text: str) -> str:
    """Return a text for the title of a window, in which Qt puts a sign of its own in the place of `[*]`."""
    return one_line(text).replace("[*]", "[ * ]")


def breakable(text: str) -> str:
    """Return a text whose words are never wider than a window; it is for showing alone."""
    return _LONG_WORD.sub(rf"\g<0>{_BREAK}", text)
