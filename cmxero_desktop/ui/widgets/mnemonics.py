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

    Only where no letter is left, or more are called the same than their name has letters, a figure is added behind
    the words. What lies `behind`, as the other pages of a wizard do, needs no letter and takes none away; nor does a
    name of a line that is put away.
    """
    places = list(_places(dialogue, behind))
    asking = [place for place in places if place.is_given or not letter_in(place.text)]
    names = (name for name in dialogue.findChildren(QLabel) if name.buddy() is not None and not _is_in(name, behind))
    chosen = {letter_in(place.text) for place in places if not place.is_given}
    chosen |= {letter_in(name.text()) for name in names if not name.isHidden()}
    letters = _Letters(chosen)
    called = Counter(place.called for place in asking if not place.is_away)
    many = [place for place in asking if called[place.called] > max(1, len(_letters_of(place.called)))]
    for place in asking:
        letters.keep(place)
    for place in many:
        letters.number(place)
    for place in asking:
        letters.seat(place)
    for place in asking:
        letters.number(place)
    for place, text in letters.texts():
        if text != place.text:
            place.show(text)


class _Letters:
    """Which place has which letter or figure; those in `chosen` are nobody else's."""

    def __init__(self, chosen: Collection[str]) -> None:
        self._chosen = chosen
        self._holders: dict[str, _Place] = {}

    def keep(self, place: _Place) -> None:
        """Leave a place the letter that it was given before, unless somebody chose it since."""
        letter = letter_in(place.text) if place.is_given else ""
        if letter in _letters_of(place.called) and letter not in self._chosen:
            self._holders.setdefault(letter, place)

    def seat(self, place: _Place) -> None:
        """Find a letter for a place that has none, be it one that another place gives up for one of its own."""
        if not self._has(place):
            self._try(place, set())

    def number(self, place: _Place) -> None:
        """Give a place that has no letter a figure, as long as there are any."""
        figure = next((f for f in "123456789" if f not in self._chosen and f not in self._holders), "")
        if figure and not self._has(place):
            self._holders[figure] = place

    def texts(self) -> Iterator[tuple[_Place, str]]:
        """Return what is to stand on each place."""
        for letter, place in self._holders.items():
            if letter == letter_in(place.text):
                yield place, place.text
            elif (at := _letters_of(place.called).get(letter)) is not None:
                yield place, f"{place.called[:at]}&{place.called[at:]}"
            else:
                yield place, f"{place.called} &{letter}"

    def _has(self, place: _Place) -> bool:
        return any(holder is place for holder in self._holders.values())

    def _try(self, place: _Place, asked: set[str]) -> bool:
        own = [letter for letter in _letters_of(place.called) if letter not in self._chosen and letter not in asked]
        for letter in sorted(own, key=self._holders.__contains__):
            asked.add(letter)
            holder = self._holders.get(letter)
            if holder is None or self._try(holder, asked):
                self._holders[letter] = place
                return True
        return False


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


def _letters_of(text: str) -> dict[str, int]:
    """Return where each letter of a text stands first, the beginnings of words before any other."""
    signs = [at for at, sign in enumerate(text) if sign.isascii() and sign.isalnum()]
    firsts = [at for at in signs if text[at].isalpha() and (at == 0 or not text[at - 1].isalnum())]
    places: dict[str, int] = {}
    for at in (*firsts, *signs):
        places.setdefault(text[at].upper(), at)
    return places
