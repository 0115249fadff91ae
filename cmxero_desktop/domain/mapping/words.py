"""Take the name of a table or column apart into words, and say what these mean."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from cmxero_desktop.domain.mapping.glossary import GLOSSARY, NO_MEANING, Word

_PIECE = re.compile(r"[a-z]+|[0-9]+")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_LINKS = ("s", "es", "en", "n", "e")
_SHORTEST = 2
_LONGEST = 80
_CACHED = 65_536


@lru_cache(maxsize=_CACHED)
def meaning_of(name: str) -> frozenset[Word]:
    """Return what the words of a name speak of; nothing where none of them is known."""
    meant: set[Word] = set()
    for word in words_of(name):
        meant |= GLOSSARY.get(word, frozenset())
    if Word.INVOICE in meant and Word.TO in meant:
        # To whom a bill goes is no invoice.
        meant.discard(Word.INVOICE)
    return frozenset(meant)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, umlauts written out: `strInvNo` and `INVNO` are both inv, no."""
    found: list[str] = []
    for piece in _pieces(name[:_LONGEST]):
        known = _unlinked(piece)
        found += [known] if known in GLOSSARY or known in NO_MEANING else _compound(piece) or [piece]
    return tuple(word for word in found if word not in NO_MEANING)


def plain(text: str) -> str:
    """Return a text in lower case, without accents."""
    written = text.translate(_WRITTEN_OUT).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", written) if not unicodedata.combining(c))


def _pieces(name: str) -> Iterator[str]:
    """Cut at blanks, signs and figures, and where a small letter meets a capital one."""
    cut = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\W\d_A-Z])", " ", name.translate(_WRITTEN_OUT))
    for found in _PIECE.finditer(plain(cut)):
        if not found[0].isdecimal():
            yield found[0]


def _compound(piece: str) -> list[str]:
    """Return the fewest known words that together are the piece, as in rechnungsnummer; nothing where none are."""
    best: list[list[str] | None] = [[]] + [None] * len(piece)
    for end in range(_SHORTEST, len(piece) + 1):
        for start in range(end - _SHORTEST + 1):
            before, word = best[start], piece[start:end]
            if before is None or not _is_word(word, is_last=end == len(piece)):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = [*before, _unlinked(word)]
    return best[-1] or []


def _is_word(word: str, *, is_last: bool) -> bool:
    known = _unlinked(word) if not is_last else word
    return known in GLOSSARY or known in NO_MEANING


def _unlinked(word: str) -> str:
    """Return a word without the letters that link it to the next one: rechnungs is rechnung."""
    if word in GLOSSARY or word in NO_MEANING:
        return word
    stems = (word.removesuffix(link) for link in _LINKS if word.endswith(link))
    return next((stem for stem in stems if len(stem) > _SHORTEST and stem in GLOSSARY), word)
