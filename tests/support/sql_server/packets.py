"""Packets and tokens of the tabular data stream (MS-TDS), as a SQL Server sends them."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

HEADER = struct.Struct(">BBHHBB")
PACKET_BYTES = 4096
LAST = 1
_REPLY = 4
_TRANSACTION = 7


class Message(IntEnum):
    """What a client sends."""

    BATCH = 1
    CALL = 3
    ATTENTION = 6
    SIGN_IN = 16
    TOKEN = 17
    GREETING = 18


class Env(IntEnum):
    """What of a session changes."""

    DATABASE = 1
    PACKET_SIZE = 4
    COLLATION = 7
    BEGUN = 8
    COMMITTED = 9
    ROLLED_BACK = 10


class Done(IntEnum):
    """How a statement, one inside a procedure, and a procedure end."""

    STATEMENT = 0xFD
    PROCEDURE = 0xFE
    INSIDE = 0xFF


MORE, ERROR, COUNT, ATTENDED = 0x1, 0x2, 0x10, 0x20
COLLATION = bytes((0x09, 0x04, 0xD0, 0x00, 0x34))
"""SQL_Latin1_General_CP1_CI_AS: one byte characters are in code page 1252."""


@dataclass(frozen=True)
class SqlServerError(Exception):
    """What the server says that went wrong."""

    number: int
    text: str
    severity: int = 16
    state: int = 1
    ends_transaction: bool = False


def read_exactly(receive: Callable[[int], bytes], size: int) -> bytes:
    """Return so many bytes; raises EOFError where the client is gone."""
    data = b""
    while len(data) < size:
        piece = receive(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def read_message(receive: Callable[[int], bytes]) -> tuple[int, bytes]:
    """Return the kind of a whole message, and what it holds."""
    data, kind, status = b"", 0, 0
    while status & LAST == 0:
        kind, status, size, *_ = HEADER.unpack(read_exactly(receive, HEADER.size))
        data += read_exactly(receive, size - HEADER.size)
    return kind, data


def reply(data: bytes, kind: int = _REPLY) -> bytes:
    """Return packets that hold an answer."""
    room = PACKET_BYTES - HEADER.size
    pieces = [data[start : start + room] for start in range(0, len(data), room)] or [b""]
    return b"".join(
        HEADER.pack(kind, LAST if piece is pieces[-1] else 0, HEADER.size + len(piece), 1, number % 256, 0) + piece
        for number, piece in enumerate(pieces, start=1)
    )


def short_text(text: str) -> bytes:
    """Return text behind one byte with its length."""
    return bytes([len(text)]) + text.encode("utf-16-le")


def long_text(text: str) -> bytes:
    """Return text behind two bytes with its length."""
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def said(error: SqlServerError) -> bytes:
    """Return an error, or what is only said where it is not severe."""
    body = struct.pack("<iBB", error.number, error.state, error.severity) + long_text(error.text)
    body += short_text("STANDIN") + short_text("") + struct.pack("<I", 1)
    return bytes([0xAB if error.severity <= 10 else 0xAA]) + struct.pack("<H", len(body)) + body


def done(kind: Done, status: int = 0, rows: int = 0) -> bytes:
    """Return the end of something."""
    return struct.pack("<BHHq", kind, status, 0, rows)


def status_of_call() -> bytes:
    """Return the status that a procedure ends with."""
    return struct.pack("<Bi", 0x79, 0)


def changed(what: Env, new: str | bytes, old: str | bytes = b"") -> bytes:
    """Return that something of the session changed."""
    body = bytes([what])
    for value in (new, old):
        body += short_text(value) if isinstance(value, str) else bytes([len(value)]) + value
    return b"\xe3" + struct.pack("<H", len(body)) + body


def transaction(number: int) -> bytes:
    """Return the descriptor of a transaction."""
    return struct.pack("<Q", number)


def acknowledged(version: tuple[int, int, int]) -> bytes:
    """Return that the sign-in went well."""
    name = "Microsoft SQL Server\0\0"
    body = b"\x01" + struct.pack(">I", 0x74000004) + short_text(name)
    body += struct.pack(">BBH", *version)
    return b"\xad" + struct.pack("<H", len(body)) + body


def greeting(options: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the options of the first words."""
    place = 5 * len(options) + 1
    head, tail = b"", b""
    for option, value in options:
        head += struct.pack(">BHH", option, place + len(tail), len(value))
        tail += value
    return head + b"\xff" + tail


def greeted(data: bytes) -> dict[int, bytes]:
    """Take the options of the first words apart."""
    found, at = {}, 0
    while data[at] != 0xFF:
        option, place, size = struct.unpack_from(">BHH", data, at)
        found[option] = data[place : place + size]
        at += 5
    return found


def without_headers(data: bytes) -> tuple[int, bytes]:
    """Return the transaction that a request says it belongs to, and the request without its headers."""
    (size,) = struct.unpack_from("<I", data)
    _, kind, number, _ = struct.unpack_from("<IHQI", data, 4)
    assert kind == 2, "a request without the header of its transaction"
    return number, data[size:]
