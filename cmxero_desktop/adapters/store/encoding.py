"""Write frozen records as JSON text that never varies for the same record, and read them back strictly."""

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from cmxero_desktop.adapters.store.failures import DAMAGED_REMEDY
from cmxero_desktop.domain.errors import StoreError

Record = TypeVar("Record")


def _encode_other(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    message = f"a {type(value).__name__} cannot be stored"
    raise TypeError(message)


# Sets and mappings are sorted: equal records must give equal texts, for digests and for the audit chain.
_encoder = msgspec.json.Encoder(enc_hook=_encode_other, order="deterministic")


def encode(record: object) -> str:
    """Return the record as JSON text; amounts are strings, times ISO, and equal records give equal texts."""
    return _encoder.encode(record).decode()


def builtins(record: object) -> object:
    """Return the record as JSON's own values, such as a reader of the text would get."""
    return msgspec.to_builtins(record, enc_hook=_encode_other, order="deterministic", str_keys=True)


def decoder(kind: type[Record]) -> Callable[[str], Record]:
    """Return a function that reads records of one type; it raises StoreError for a text that does not fit."""
    decode = msgspec.json.Decoder(kind).decode

    def read(text: str) -> Record:
        try:
            return decode(text)
        except msgspec.DecodeError as error:
            message = f"A stored {kind.__name__} cannot be read: {error}."
            raise StoreError(message, DAMAGED_REMEDY) from error

    return read


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
