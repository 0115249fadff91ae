"""What is told by e-mail, before it has anything to do with a mail server."""

import re
from dataclasses import dataclass
from datetime import datetime

_ADDRESS = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+")
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[?[0-9A-Fa-f:]+\]?")


def is_mail_address(text: str) -> bool:
    """Say whether this is one address, and no list or header of a mail."""
    return _ADDRESS.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Say whether this can be the name or the number of a server."""
    return _HOST.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class MailSent:
    """The newest mail that the server took: when, and what it was about."""

    at: datetime
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail. The same `key` is the same mail: a server or a mail program knows a second copy by it.

    `calendar` is a calendar file that goes along, empty for none.
    """

    key: str
    subject: str
    text: str
    calendar: str = ""
