"""Show what others typed so that whatever shows it cannot take it for an order.

Names, references, numbers and Xero's own sentences come from anybody who can write to either side. A terminal obeys
some characters (escape sequences), every screen others (what turns the way of writing), and a spreadsheet calculates.
"""

import re

# A line end and a tab are ours. Joiners make one sign of two (emoji, Persian), and turn nothing round.
_KEPT = frozenset("\n\t\u200c\u200d")
# No space and no sign, but shown by every screen as the blank that they are.
_BLANKS = frozenset("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")
_FORMULA = tuple("=+-@")
_NUMBER = re.compile(r"\s*[+-]?[0-9][0-9,.\u00a0 ]*")


def harmless(text: str) -> str:
    r"""Write every character that a screen would obey as its number, `\u202e`; in JSON that is the same text still."""
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) else _number(c) for c in text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """As `harmless`, on one line: no name makes a second row of a table."""
    return harmless(text).replace("\n", " / ").replace("\t", " ")


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet that is given this text would calculate it; an amount is a number and no formula."""
    return text.lstrip()[:1] in _FORMULA and not _NUMBER.fullmatch(text)


def _is_shown(c: str) -> bool:
    return c.isprintable() or c in _KEPT or c in _BLANKS


def _number(c: str) -> str:
    units = c.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
