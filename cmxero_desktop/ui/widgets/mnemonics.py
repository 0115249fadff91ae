"""Give every button and every tab of a dialogue a letter that is shown and that nothing else there has."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QWidget

_GIVEN = "cmxero_letter_given"


@dataclass(frozen=True, slots=True)
class _Place:
    """Something that Alt and a letter presses: what stands on it, how that is changed, and who chose the letter."""

    text: str
    show: Callable[[str], object]
    is_given: bool = False


def letter_in(text: str) -> str:
    """Return the letter that is underlined in a text, or nothing."""
    return QKeySequence.mnemonic(text).toString().rpartition("+")[2]


def give_letters(dialogue: QWidget) -> None:
    """Underline a letter on all that has none; one that its maker chose stays, and one that was given makes way.

    Where several are called the same, or no letter is left, a figure is added behind the words.
    """
    places = list(_places(dialogue))
    taken = {letter_in(place.text) for place in places if not place.is_given}
    taken |= {letter_in(name.text()) for name in dialogue.findChildren(QLabel) if name.buddy() is not None}
    called = Counter(place.text for place in places)
    for place in places:
        letter = letter_in(place.text) if place.is_given else ""
        if letter and letter not in taken:
            taken.add(letter)
        elif place.is_given or not letter_in(place.text):
            made = _with_letter(_without(place.text) if letter else place.text, taken, is_alone=called[place.text] == 1)
            taken.add(letter_in(made))
            place.show(made)


def _places(dialogue: QWidget) -> Iterator[_Place]:
    """Yield what can be pressed, what ends the dialogue before what is beside the question."""
    buttons = dialogue.findChildren(QAbstractButton)
    for button in sorted(buttons, key=lambda one: one.parent() is not dialogue):
        # Qt's own, such as the arrows beside tabs, say nothing.
        if button.window() is dialogue and button.text():
            yield _Place(button.text(), _shower(button), button.property(_GIVEN) == button.text())
    for bar in dialogue.findChildren(QTabBar):
        for at in range(bar.count()):
            yield _Place(bar.tabText(at), partial(bar.setTabText, at))


def _shower(button: QAbstractButton) -> Callable[[str], None]:
    def show(text: str) -> None:
        button.setProperty(_GIVEN, text)
        button.setText(text)

    return show


def _without(text: str) -> str:
    """Take the mark of a letter out of a text; two marks beside each other stand for the sign itself."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&&")


def _with_letter(text: str, taken: set[str], *, is_alone: bool) -> str:
    """Mark the first letter of a text that is free, that of a word before any other, or add a figure that is."""
    letters = [at for at, sign in enumerate(text) if sign.isascii() and sign.isalnum() and sign.upper() not in taken]
    firsts = [at for at in letters if text[at].isalpha() and (at == 0 or not text[at - 1].isalnum())]
    marked = [f"{text[:at]}&{text[at:]}" for at in (*firsts, *letters)]
    numbered = [f"{text} &{figure}" for figure in "123456789" if figure not in taken]
    return next(iter([*marked, *numbered] if is_alone else [*numbered, *marked]), text)
