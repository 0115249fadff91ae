"""One deed, two ways: a sentence names what is done in the window and in a terminal, and each surface says its own."""

import re
from functools import partial

_BOTH = re.compile(r"\[([^][|]+) \| (cmxero [^][]+)\]")
_IS_THERE = " | cmxero "


def way(window: str, terminal: str) -> str:
    """Return both ways as a piece of a sentence; until a surface chooses, both can be read."""
    return f"[{window} | cmxero {terminal}]"


CHECK = way("F5", "poll")
VERIFY = way("History, Verify log", "verify")
EXAMINE = way("Health, Examine now", "doctor")
CONNECT = way("File, Connection to Xero", "connect")
APPROVE_MODE = way("File, Mode", "mode approve")
SET_MAIL = way("SOR watch, Mail", "mail set")


def _chosen(chosen: str, text: str) -> str:
    return _BOTH.sub(chosen, text) if _IS_THERE in text else text


in_window = partial(_chosen, r"\1")
"""Return a text as the window says it."""

in_terminal = partial(_chosen, r"\2")
"""Return a text as a terminal says it."""

in_both = partial(_chosen, r"\1, or \2")
"""Return a text for who may be at either, such as a file or a mail."""
