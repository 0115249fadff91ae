"""What this desktop knows of newer versions of the program: what it remembers, and what it tells."""

import re
from dataclasses import dataclass
from datetime import datetime

from cmxero_desktop.domain.releases import KEY_BYTES, Release, decoded

HTTPS = "https://"
_URL = re.compile(r"(https://(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?)(?:/[!-~]*)?", re.ASCII)
_FOLDER = re.compile(r"(?:/|\\\\[^\\/]|[A-Za-z]:[\\/]).*")
_LONGEST = 1_000


def is_release_address(text: str) -> bool:
    """Say whether news can be asked there: by https and without a login, or in a folder named from its root."""
    return len(text) <= _LONGEST and text.isprintable() and bool(_URL.fullmatch(text) or _FOLDER.fullmatch(text))


def is_public_key(text: str) -> bool:
    """Say whether it can be a maker's public key: 32 bytes in base64."""
    return decoded(text, KEY_BYTES) is not None


def address_shown(address: str) -> str:
    """Return where an address leads; behind the name of a server there may be a secret."""
    found = _URL.match(address)
    return found[1] if found else address


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesRemembered:
    """What is kept between two questions; instants are aware UTC.

    `key` is the public key that all of it was believed by: by another one nothing of it counts. `text` is the newest
    release as it was signed. `due_at` is when the schedule asks next.
    """

    key: str = ""
    text: str = ""
    asked_at: datetime | None = None
    due_at: datetime | None = None
    trouble: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesSeen:
    """What is known of newer versions; nothing is where nobody asks.

    `place` is where is asked, without what may be secret in it; also where nobody asks for want of a key. `release` is
    the newest that was told and believed, `trouble` and `remedy` are of the last question, where it failed.
    """

    is_on: bool
    own_version: str
    place: str = ""
    release: Release | None = None
    is_newer: bool = False
    renews_store: bool = False
    asked_at: datetime | None = None
    trouble: str = ""
    remedy: str = ""
