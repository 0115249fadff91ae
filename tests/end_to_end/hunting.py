"""Hunt for secrets: every known value, in every form in which it may have been written, in every file and stream."""

import base64
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from cmxero_desktop.adapters.store.common_words import RESULT_WORDS

_WORDS_MARK = zlib.adler32(RESULT_WORDS).to_bytes(4, "big")
_MARK_AT = 2
_STEP = 64

# Shorter values would be found by chance.
_SHORTEST = 6


@dataclass
class Hunter:
    """Knows secrets by what they are, and says where it found one."""

    secrets: dict[str, str] = field(default_factory=dict)

    def learn(self, kind: str, value: str) -> None:
        """Take in a secret; `kind` is what to call it when it is found."""
        assert len(value) >= _SHORTEST, f"{kind} is too short to be told from chance"
        self.secrets[value] = kind

    @property
    def kinds(self) -> set[str]:
        """What is known so far."""
        return set(self.secrets.values())

    def search(self, place: str, content: bytes) -> list[str]:
        """Return a sentence for each secret in one file or stream, archives opened."""
        found = [
            f"{kind} ({form}) in {place}"
            for value, kind in self.secrets.items()
            for form, needle in _forms(value)
            if needle in content
        ]
        for name, inner in _opened(content):
            found += self.search(f"{place}:{name}", inner)
        return found

    def search_files(self, folders: Iterable[Path]) -> list[str]:
        """Return a sentence for each secret in any file below the folders; the names of files count too."""
        found = []
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                found += self.search(f"the name of {path}", str(path).encode())
                if path.is_file():
                    found += self.search(str(path), path.read_bytes())
        return found

    def search_streams(self, streams: Mapping[str, str]) -> list[str]:
        """Return a sentence for each secret in what processes printed."""
        return [line for name, text in streams.items() for line in self.search(name, text.encode())]


def _forms(value: str) -> Iterator[tuple[str, bytes]]:
    raw = value.encode()
    forms = {
        "plain": raw,
        "quoted": quote(value, safe="").encode(),
        "quoted as in a form": quote_plus(value).encode(),
        "quoted twice": quote(quote(value, safe=""), safe="").encode(),
        "JSON": json.dumps(value)[1:-1].encode(),
        "repr": repr(value)[1:-1].encode(),
        "UTF-16": value.encode("utf-16-le"),
        "UTF-16, big end first": value.encode("utf-16-be"),
        "hex": raw.hex().encode(),
    }
    yield from forms.items()
    # Within a longer text base64 begins at any of three places; the bytes at both ends belong to the neighbours.
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw).decode()
        core = coded[4 if shift else 0 : len(coded) - 4]
        yield f"base64 {shift}", core.encode()
        yield f"base64 for addresses {shift}", core.replace("+", "-").replace("/", "_").encode()


def _opened(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content[:2] == b"\x1f\x8b":
        yield "unpacked", gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name, packed.read(name)
    for place in _packed_records(content):
        yield f"the record at {place}", _unpacked(content[place:])


def _packed_records(content: bytes) -> Iterator[int]:
    """Find the records that our store keeps packed, in its file, in its journal or in a page that is free again."""
    place = content.find(_WORDS_MARK)
    while place >= _MARK_AT:
        yield place - _MARK_AT
        place = content.find(_WORDS_MARK, place + 1)


def _unpacked(content: bytes) -> bytes:
    """Return as much of a record as can be unpacked: a long one goes on in another page."""
    inflated, text = zlib.decompressobj(zdict=RESULT_WORDS), bytearray()
    with suppress(zlib.error):
        for start in range(0, len(content), _STEP):
            text += inflated.decompress(content[start : start + _STEP])
            if inflated.eof:
                break
    return bytes(text)
