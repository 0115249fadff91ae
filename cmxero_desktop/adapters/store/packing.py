"""Keep long records short: their text deflated beside the words that most of them have in common.

The result of a usual invoice takes a tenth of its text. Each one carries a checksum of its own and the mark of its
words (RFC 1950), so that what was damaged, or packed with words that this program does not know, is told as such.
"""

import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from cmxero_desktop.adapters.store.common_words import RESULT_WORDS
from cmxero_desktop.adapters.store.failures import DAMAGED_REMEDY
from cmxero_desktop.domain.errors import StoreError

_WORDS: Final[Mapping[bytes, bytes]] = MappingProxyType(
    {zlib.adler32(words).to_bytes(4, "big"): words for words in (RESULT_WORDS,)}
)
_MARK: Final = slice(2, 6)
# Measured on results: a larger window takes twice the time and saves a hundredth.
_LEVEL, _WINDOW, _MEMORY = 6, 13, 8


def pack(text: str) -> bytes:
    """Return a text as it is stored."""
    deflated = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, RESULT_WORDS)
    return deflated.compress(text.encode()) + deflated.flush()


def unpack(packed: bytes) -> str:
    """Return the text. Raises StoreError where it is damaged, or its words are none of this program's."""
    words = _WORDS.get(packed[_MARK])
    if words is None:
        message = "A stored record is packed with words that this program does not know."
        raise StoreError(message, DAMAGED_REMEDY)
    inflated = zlib.decompressobj(zdict=words)
    try:
        text = inflated.decompress(packed).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        message = f"A stored record cannot be unpacked: {error}."
        raise StoreError(message, DAMAGED_REMEDY) from error
    if not inflated.eof or inflated.unused_data:
        message = "A stored record is not whole."
        raise StoreError(message, DAMAGED_REMEDY)
    return text


class _AsItStands(LargeBinary):
    """Bytes as the driver returns them: a number in their place must not become as many zeros."""

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        return None


class Packed(TypeDecorator[str]):
    """A text that is stored packed. Whoever reads it gets the text, and StoreError where it is damaged."""

    impl = _AsItStands
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Pack the text."""
        return None if value is None else pack(value)

    @override
    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        """Unpack it. Raises StoreError where something else stands there."""
        if value is None:
            return None
        if not isinstance(value, bytes):
            message = "A stored record is no packed text."
            raise StoreError(message, DAMAGED_REMEDY)
        return unpack(value)
