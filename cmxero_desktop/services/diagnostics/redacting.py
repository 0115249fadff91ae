"""Take names and amounts out of free text, for a file that leaves the firm; secrets go in any case."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cmxero_desktop.services.records.reports import BundleChoice

NAME, AMOUNT, SECRET = "[name]", "[amount]", "[hidden]"

# Shorter ones are found as words of their own only: they stand within other words by chance.
_FOUND_ANYWHERE = 4
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?!\w|[.,]\d)")
_AMOUNT = re.compile(r"(?<![\w.])(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}(?!\w|\.\d)")
_NAMING = (
    re.compile(r"[\w.+\[\]-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?i)(?<=:\\users\\)[^\\\s\"']+|(?<=/users/)[^/\s\"']+|(?<=/home/)[^/\s\"']+"),
    re.compile(r"(?i)(?<=://)(?!(?:127\.0\.0\.1|localhost|\[::1\]|[\w-]+\.xero\.com)\b)[^/\s\"'<>]+"),
    re.compile(r"(?i)(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])"),
)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWords:
    """What must be found again in free text: names of any kind, amounts as they are shown, secrets."""

    names: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()


class Redactor:
    """Redacts free text for one choice. `hide_secrets` finds secrets by their looks."""

    def __init__(self, known: KnownWords, choice: BundleChoice, hide_secrets: Callable[[str], str]) -> None:
        """Prepare once for many texts: there may be hundreds of thousands of names."""
        self.known = known
        self._choice = choice
        self._hide_secrets = hide_secrets
        self._secrets = WordIndex(known.secrets)
        self._names = WordIndex(frozenset() if choice.has_names else known.names)

    def __call__(self, text: str) -> str:
        """Return the text without secrets, and without the names and amounts that were not ticked."""
        names = self._names.found_in(text)
        text = self._hide_secrets(self._secrets.replaced(text, SECRET))
        if not self._choice.has_names:
            # What became of a name that looks like a secret is looked for as well.
            hidden = {self._hide_secrets(name) for name in names} - names
            text = WordIndex(hidden).replaced(self._names.replaced(text, NAME), NAME)
            for pattern in _NAMING:
                text = pattern.sub(NAME, text)
        return text if self._choice.has_amounts else self._without_amounts(text)

    def _without_amounts(self, text: str) -> str:
        known = self.known.amounts
        text = _NUMBER.sub(lambda found: AMOUNT if found[0] in known else found[0], text)
        return _AMOUNT.sub(AMOUNT, text)


class WordIndex:
    """Finds any of very many values in a text by one walk along it, whatever their case and however they are coded."""

    def __init__(self, values: Iterable[str]) -> None:
        """Take in every form of every value, by how it begins."""
        self._numbers: set[str] = set()
        self._by_start: dict[str, dict[int, set[str]]] = {}
        for value in values:
            for form in _forms(value.strip()):
                if _is_number(form):
                    self._numbers.add(form)
                elif form:
                    lower = _lowered(form)
                    lengths = self._by_start.setdefault(lower[:_FOUND_ANYWHERE], {})
                    lengths.setdefault(len(lower), set()).add(lower)

    def found_in(self, text: str) -> set[str]:
        """Return what stands in the text, as it stands there."""
        return {text[at:end] for at, end in self._places(text)}

    def replaced(self, text: str, mark: str) -> str:
        """Return the text with a mark in the place of each value."""
        pieces, last = [], 0
        for at, end in self._places(text):
            pieces += [text[last:at], mark]
            last = end
        text = "".join((*pieces, text[last:]))
        return _NUMBER.sub(lambda found: mark if found[0] in self._numbers else found[0], text)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        lower, at = _lowered(text), 0
        while self._by_start and at < len(lower):
            end = self._end_at(lower, at)
            if end:
                yield at, end
            at = end or at + 1

    def _end_at(self, lower: str, at: int) -> int:
        """Return where the longest value ends that begins here, or 0."""
        for size in range(_FOUND_ANYWHERE, 0, -1):
            lengths = self._by_start.get(lower[at : at + size], {})
            ends = [
                at + n for n, forms in lengths.items() if lower[at : at + n] in forms and _stands(lower, at, at + n)
            ]
            if ends:
                return max(ends)
        return 0


def amount_forms(cents: int) -> Iterator[str]:
    """Give the ways in which an amount is written without being told by its two decimals."""
    whole, rest = divmod(abs(cents), 100)
    if whole:
        yield str(abs(cents))
    if not rest:
        yield f"{whole}.0"
        if whole >= 100:  # noqa: PLR2004 - smaller whole numbers are counts of something far more often
            yield str(whole)
            yield f"{whole:,}"
    elif not rest % 10:
        yield f"{whole}.{rest // 10}"


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _stands(lower: str, at: int, end: int) -> bool:
    """Say whether what was found is more than a part of another word; longer values are no chance anyway."""
    if end - at >= _FOUND_ANYWHERE:
        return True
    return not (_is_in_word(lower[at - 1 : at]) or _is_in_word(lower[end : end + 1]))


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _lowered(text: str) -> str:
    """Return the text in small letters, each in its own place: some letters would become two."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _forms(value: str) -> Iterator[str]:
    """Give a value as it is, and as it stands in Python, in JSON and in addresses."""
    yield value
    if value.isascii() and value.isalnum():
        return
    yield from {
        value.encode("unicode_escape").decode("ascii"),
        repr(value)[1:-1],
        json.dumps(value)[1:-1],
        _in_address(value),
        _in_address(value).replace("%20", "+"),
        " ".join(value.split()),
    } - {value}


def _in_address(value: str) -> str:
    return "".join(
        c if c in _UNRESERVED else "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "surrogatepass")) for c in value
    )
