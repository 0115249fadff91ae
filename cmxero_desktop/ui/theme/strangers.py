"""Show what others typed in the window: Qt guesses that a text with a tag in it is rich, and would obey it.

Whatever can be guessed at goes through here; labels are plain by themselves, and pieces of rich text are escaped.
"""

from html import escape

from PySide6.QtGui import Qt

from cmxero_desktop.domain.strangers import harmless

_MARKS = str.maketrans(
    {"<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"}
)


def guessed_plain(text: str) -> str:
    """Return a text for where Qt guesses, a tool tip or a message box, so that it is shown as it was typed."""
    shown = harmless(text)
    return Qt.convertFromPlainText(shown) if Qt.mightBeRichText(shown) else shown


def in_rich_text(text: str) -> str:
    """Return a text as a piece of rich text."""
    return escape(harmless(text))


def without_marks(text: str) -> str:
    """Return a text for the system's own notices, which obey marks on one system and show them on another."""
    return harmless(text).translate(_MARKS)
