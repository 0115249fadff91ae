"""Show what others typed so that whatever shows it cannot take it for an order.

Names, references, numbers and Xero's own sentences come from anybody who can write to either side. A terminal obeys
some characters (escape sequences), every screen others (what turns the way of writing), and a spreadsheet calculates.
What nobody sees lets two numbers look the same.
"""

import re
import unicodedata
from collections.abc import Iterable

_KEPT = frozenset("\n\t")
# No space and no sign, but shown by every screen as the blank that they are.
_BLANKS = frozenset("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
# They make one sign of two (emoji, Persian) and turn nothing round; beside plain letters they only hide.
_JOINERS, _LOOKS = frozenset("\u200c\u200d"), frozenset("\ufe0e\ufe0f")
# Letters and marks by their category, and nothing at all on a screen: two numbers that look the same are not.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)
# One letter has a few marks; a hundred are painted over the lines above and below.
_MOST_MARKS = 4
_MARKS = re.compile(
    f"(?<=[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]{{{_MOST_MARKS}}})"
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+"
)
_FORMULA = tuple("=+-@")
_NUMBER = re.compile(r"\s*[+-]?[0-9][0-9,.\u00a0 ]*")


def harmless(text: str) -> str:
    r"""Write every character that a screen would obey as its number, `\u202e`; in JSON that is the same text still.

    So are those that no screen shows, and marks without number.
    """
    if text.isprintable() and (text.isascii() or not (_UNSEEN.search(text) or _MARKS.search(text))):
        return text
    plain = _MARKS.sub(lambda found: "".join(map(_number, found[0])), text.replace("\r\n", "\n"))
    shown = [""]
    for c, after in zip(plain, [*plain[1:], ""], strict=True):
        shown.append(c if _is_shown(c) or _is_joining(c, shown[-1], after) else _number(c))
    return "".join(shown)


def one_line(text: str) -> str:
    """As `harmless`, on one line: no name makes a second row of a table."""
    return harmless(text).replace("\n", " / ").replace("\t", " ")


def as_lines(lines: Iterable[str]) -> str:
    """Return lines as a text that has as many: no name adds one that looks like ours."""
    return "\n".join(map(one_line, lines))


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters, which says where it was cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet that is given this text would calculate it; an amount is a number and no formula.

    Some take the wide signs of the Far East for the same.
    """
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return first in _FORMULA and not _NUMBER.fullmatch(text)


def _is_shown(c: str) -> bool:
    return (c.isprintable() and not _UNSEEN.match(c)) or c in _KEPT or c in _BLANKS


def _is_joining(c: str, before: str, after: str) -> bool:
    """Say whether something unseen makes one sign of those beside it, which are shown."""
    is_behind = len(before) == 1 and not before.isascii() and before not in _JOINERS
    if c in _JOINERS:
        return is_behind and bool(after) and not after.isascii() and _is_shown(after)
    return c in _LOOKS and is_behind and before not in _LOOKS


def _number(c: str) -> str:
    units = c.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
