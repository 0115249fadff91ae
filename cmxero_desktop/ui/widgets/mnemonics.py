"""Give every button and every tab of a dialogue a letter that is shown and that nothing else there has."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

_GIVEN, _CALLED = "cmxero_letter_given", "cmxero_called"


@dataclass(frozen=True, slots=True)
class _Place:
    """Something that Alt and a letter presses: what stands on it, how that is changed, and who chose the letter.

    `called` is what stood on it before it was given a letter, and perhaps a figure.
    """

    text: str
    called: str
    show: Callable[[str], object]
    is_given: bool = False
    is_away: bool = False


def letter_in(text: str) -> str:
    """Return the letter that is underlined in a text, or nothing."""
    return QKeySequence.mnemonic(text).toString().rpartition("+")[2]


def give_letters(dialogue: QWidget, *, behind: Collection[QWidget] = ()) -> None:
    """Underline a letter on all that has none; one that its maker chose stays, and one that was given makes way.

    Where several are called the same, or no letter is left, a figure is added behind the words. What lies `behind`,
    as the other pages of a wizard do, needs no letter and takes none away; nor does a name of a line that is put away.
    """
    places = list(_places(dialogue, behind))
    taken = {letter_in(place.text) for place in places if not place.is_given}
    names = (name for name in dialogue.findChildren(QLabel) if name.buddy() is not None and not _is_in(name, behind))
    taken |= {letter_in(name.text()) for name in names if not name.isHidden()}
    called = Counter(place.called for place in places if not place.is_away)
    for place in places:
        letter = letter_in(place.text) if place.is_given else ""
        if letter and letter not in taken:
            taken.add(letter)
        elif place.is_given or not letter_in(place.text):
            made = _with_letter(place.called, taken, is_alone=called[place.called] <= 1)
            taken.add(letter_in(made))
            place.show(made)


def _is_in(widget: QWidget, pages: Collection[QWidget]) -> bool:
    return any(page.isAncestorOf(widget) for page in pages)


def _places(dialogue: QWidget, behind: Collection[QWidget]) -> Iterator[_Place]:
    """Yield what can be pressed, what ends the dialogue before what is beside the question."""
    buttons = dialogue.findChildren(QAbstractButton)
    for button in sorted(buttons, key=lambda one: one.parent() is not dialogue):
        # Qt's own, such as the arrows beside tabs, say nothing.
        if button.window() is dialogue and button.text() and not _is_in(button, behind):
            is_given = button.property(_GIVEN) == button.text()
            called = str(button.property(_CALLED)) if is_given else button.text()
            yield _Place(button.text(), called, _shower(button, called), is_given, _is_away(button))
    for bar in dialogue.findChildren(QTabBar):
        for at in range(bar.count()):
            yield _Place(bar.tabText(at), bar.tabText(at), partial(bar.setTabText, at))


def _is_away(button: QAbstractButton) -> bool:
    """Say whether the line of a form in which a button stands is put away."""
    line = button.parentWidget()
    return button.isHidden() or (line is not None and not line.isWindow() and line.isHidden())


def _shower(button: QAbstractButton, called: str) -> Callable[[str], None]:
    def show(text: str) -> None:
        button.setProperty(_GIVEN, text)
        button.setProperty(_CALLED, called)
        button.setText(text)

    return show


def _with_letter(text: str, taken: set[str], *, is_alone: bool) -> str:
    """Mark the first letter of a text that is free, that of a word before any other, or add a figure that is."""
    letters = [at for at, sign in enumerate(text) if sign.isascii() and sign.isalnum() and sign.upper() not in taken]
    firsts = [at for at in letters if text[at].isalpha() and (at == 0 or not text[at - 1].isalnum())]
    marked = [f"{text[:at]}&{text[at:]}" for at in (*firsts, *letters)]
    numbered = [f"{text} &{figure}" for figure in "123456789" if figure not in taken]
    return next(iter([*marked, *numbered] if is_alone else [*numbered, *marked]), text)
