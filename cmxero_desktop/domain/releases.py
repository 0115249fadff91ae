"""What a maker says of the newest version of the program, signed: the manifest, what is believed of it, what is not.

The file is one JSON object of two texts: `release`, itself JSON, and `signature`, Ed25519 over exactly that text. So
nothing of it is understood before its signature was found good.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from cmxero_desktop.domain.errors import ReleaseError

MANIFEST_NAME = "cm-xero-desk.json"
"""What the manifest is called where an address names only the folder."""

MOST_BYTES = 65_536
"""How long a manifest may be."""

KEY_BYTES = 32
SIGNATURE_BYTES = 64
# What is signed begins with this, so that a signature given for anything else is none for a manifest.
_CONTEXT = b"CM-Xero Desk release 1\n"
_MOST_LINES, _MOST_OF_A_LINE = 40, 300
_MOST_SETUP_BYTES = 10_000_000_000
_CLOCKS_DIFFER = timedelta(days=1)
_VERSION = re.compile(r"(?:0|[1-9]\d{0,5})(?:\.(?:0|[1-9]\d{0,5})){1,3}")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"\d{4}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SEALED = frozenset({"release", "signature"})
_ASK = "Ask whoever publishes the program's versions for you; install nothing because of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupFile:
    """The setup program of a version: where it lies, in the maker's words, and by what one knows it again."""

    place: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One version as its manifest tells it; both instants are aware UTC.

    `store_revision` is the revision of our store that the version brings about, empty where the maker does not say.
    Texts are the maker's, at most so long, and are shown as a stranger's.
    """

    version: str
    published_at: datetime
    valid_until: datetime
    news: tuple[str, ...]
    setup: SetupFile
    store_revision: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """The text of a manifest that nobody has believed yet, and its signature."""

    text: str
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is for."""
        return signed_bytes(self.text)


def signed_bytes(text: str) -> bytes:
    """Return what is signed for the text of a release."""
    return _CONTEXT + text.encode("utf-8", "surrogatepass")


def sealed(text: str, signature: bytes) -> bytes:
    """Return the manifest's file."""
    document = {"release": text, "signature": base64.b64encode(signature).decode("ascii")}
    return json.dumps(document, indent=2).encode("ascii") + b"\n"


def unsealed(manifest: bytes, where: str) -> Sealed:
    """Take a manifest's file apart without believing it. Raises ReleaseError."""
    if len(manifest) > MOST_BYTES:
        _refuse(where, f"is longer than {MOST_BYTES:,} bytes")
    document = _object(manifest, where)
    text, signature = document.get("release"), document.get("signature")
    if document.keys() != _SEALED or not isinstance(text, str) or not isinstance(signature, str):
        _refuse(where, "is no signed manifest of this program")
    found = decoded(signature, SIGNATURE_BYTES)
    if found is None:
        _refuse(where, "has no signature of the right kind")
    return Sealed(text, found)


def decoded(text: str, size_bytes: int) -> bytes | None:
    """Return the bytes that a text in base64 stands for, if there are so many and it is written as one writes it."""
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    is_plain = base64.b64encode(found).decode("ascii") == text
    return found if is_plain and len(found) == size_bytes else None


def release_of(text: str, where: str) -> Release:
    """Understand the text of a release whose signature is good. Raises ReleaseError."""
    return _Reader(_object(text.encode("utf-8", "surrogatepass"), where), where).release()


def text_of(release: Release) -> str:
    """Return the text that is to be signed."""
    document = {
        "version": release.version,
        "published_at": _written(release.published_at),
        "valid_until": _written(release.valid_until),
        "news": list(release.news),
        "setup": {
            "place": release.setup.place,
            "sha256": release.setup.sha256,
            "size_bytes": release.setup.size_bytes,
        },
        "store_revision": release.store_revision,
        "notes": list(release.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def require_timely(release: Release, known: Release | None, now: datetime, where: str) -> None:
    """Raise ReleaseError for a manifest that is older than one that was seen, has ended, or is from the future."""
    if known is not None and release != known and release.published_at <= known.published_at:
        _refuse(
            where,
            f"is of {_written(release.published_at)} and tells of {release.version}; a newer one, of "
            f"{_written(known.published_at)}, told of {known.version} before. Somebody may hold news back",
        )
    if now > release.valid_until:
        _refuse(
            where,
            f"counted until {_written(release.valid_until)} only, and no other has taken its place. Somebody may hold "
            "news back, or its maker has forgotten to renew it",
        )
    if release.published_at > now + _CLOCKS_DIFFER:
        message = f"The manifest at {where} is dated {_written(release.published_at)}, which is still to come."
        raise ReleaseError(message, f"See that this computer's clock is right. {_ASK}")


def is_newer(version: str, than: str) -> bool:
    """Say whether a version is a later one; what stands behind its numbers, such as `.dev1`, counts for nothing."""
    return _numbers(version) > _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    numbers = [int(each) for each in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _written(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _object(content: bytes, where: str) -> Mapping[str, object]:
    try:
        found = json.loads(content.decode("utf-8", "surrogatepass"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        _refuse(where, "cannot be read: it is no JSON")
    if not isinstance(found, dict):
        _refuse(where, "is no signed manifest of this program")
    return found


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(where: str, why: str) -> NoReturn:
    message = f"The manifest at {where} {why}."
    raise ReleaseError(message, _ASK)


class _Reader:
    """Reads each field of a release by its rules; more fields than it knows are for later versions."""

    def __init__(self, fields: Mapping[str, object], where: str) -> None:
        self._fields = fields
        self._where = where

    def release(self) -> Release:
        setup = self._fields.get("setup")
        if not isinstance(setup, dict):
            self._wrong("setup")
        inside = _Reader(setup, self._where)
        return Release(
            version=self.like("version", _VERSION),
            published_at=self._instant("published_at"),
            valid_until=self._instant("valid_until"),
            news=self.lines("news"),
            setup=SetupFile(
                place=inside.text("place"), sha256=inside.like("sha256", _SHA256), size_bytes=inside.size()
            ),
            store_revision=self.like("store_revision", _REVISION) if self._fields.get("store_revision") else "",
            notes=self.lines("notes") if "notes" in self._fields else (),
        )

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= len(value) <= _MOST_OF_A_LINE:
            self._wrong(name)
        return value

    def like(self, name: str, form: re.Pattern[str]) -> str:
        value = self.text(name)
        if not form.fullmatch(value):
            self._wrong(name)
        return value

    def _instant(self, name: str) -> datetime:
        try:
            return datetime.fromisoformat(self.like(name, _INSTANT))
        except ValueError:
            self._wrong(name)

    def lines(self, name: str) -> tuple[str, ...]:
        value = self._fields.get(name)
        if not isinstance(value, list) or len(value) > _MOST_LINES:
            self._wrong(name)
        return tuple(_Reader({name: each}, self._where).text(name) for each in value)

    def size(self) -> int:
        value = self._fields.get("size_bytes")
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST_SETUP_BYTES:
            self._wrong("size_bytes")
        return value

    def _wrong(self, name: str) -> NoReturn:
        _refuse(self._where, f"says nothing that can be understood for {name}")
