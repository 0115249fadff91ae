"""Types of a SQL Server's columns and parameters: how each is declared, sent and read (MS-TDS 2.2.5.4 and 2.2.5.5)."""

import re
import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tests.support.sql_server.packets import COLLATION

_MAX = -1
_DECLARED = re.compile(r"\s*\[?(\w+)\]?\s*(?:\(\s*(\w+)\s*(?:,\s*(\d+)\s*)?\))?", re.IGNORECASE)
_ALIASES = {
    "integer": "int",
    "dec": "decimal",
    "character": "char",
    "national": "nvarchar",
    "rowversion": "timestamp",
    "double": "float",
}
_SIZES_OF_INTEGERS = {"tinyint": 1, "smallint": 2, "int": 4, "bigint": 8}
_FIRST = date(1, 1, 1)
_EPOCH = datetime(1900, 1, 1)  # noqa: DTZ001 - none of its types knows a zone
_NULL = b"\x00"


@dataclass(frozen=True)
class SqlType:
    """A declared type; `length` in characters or bytes, -1 for max."""

    name: str
    length: int = 0
    precision: int = 0
    scale: int = 0

    @classmethod
    def parse(cls, declared: str) -> "SqlType":
        """Understand a declaration such as NVARCHAR(50)."""
        found = _DECLARED.match(declared)
        assert found, declared
        name = _ALIASES.get(found[1].lower(), found[1].lower())
        size = _MAX if (found[2] or "").lower() == "max" else int(found[2] or 0)
        if name in {"decimal", "numeric"}:
            return cls(name, precision=size or 18, scale=int(found[3] or 0))
        if name in {"datetime2", "datetimeoffset", "time"}:
            return cls(name, scale=int(found[2]) if found[2] else 7)
        if name in {"char", "nchar", "varchar", "nvarchar", "binary", "varbinary"}:
            return cls(name, length=size or 1)
        return cls(name)

    @property
    def behind(self) -> str:
        """What keeps it in the database behind."""
        if self.name in {"decimal", "numeric"}:
            return f"numeric({self.precision},{self.scale})"
        if self.name in {"datetime2", "datetimeoffset", "time"}:
            zone = " with time zone" if self.name == "datetimeoffset" else ""
            return f"{'time' if self.name == 'time' else 'timestamp'}({min(self.scale, 6)}){zone}"
        if self.name in {"char", "nchar"}:
            return f"char({self.length})"
        if self.name in {"varchar", "nvarchar"}:
            return "text" if self.length == _MAX else f"varchar({self.length})"
        return _BEHIND[self.name]

    @property
    def is_text(self) -> bool:
        return self.name in {"char", "nchar", "varchar", "nvarchar", "text", "ntext"}

    @property
    def catalog_length(self) -> int:
        """The length in bytes that the catalog names."""
        if self.length == _MAX or self.name in {"text", "ntext", "image"}:
            return _MAX if self.length == _MAX else 16
        return self.length * 2 if self.name in {"nchar", "nvarchar"} else self.length or 8

    @property
    def info(self) -> bytes:
        """The description that goes before values."""
        name = self.name
        if name in _SIZES_OF_INTEGERS:
            return bytes([0x26, _SIZES_OF_INTEGERS[name]])
        if name in {"decimal", "numeric"}:
            return bytes([0x6A if name == "decimal" else 0x6C, 17, self.precision, self.scale])
        if name in _CHARACTERS:
            size = 0xFFFF if self.length == _MAX else self.length * (2 if name[0] == "n" else 1)
            return struct.pack("<BH", _CHARACTERS[name], size) + COLLATION
        if name in _BYTES:
            return struct.pack("<BH", _BYTES[name], 0xFFFF if self.length == _MAX else self.length or 8)
        return bytes([_MOMENTS[name], self.scale]) if name in _MOMENTS else _INFO[name]

    def sent(self, value: Any) -> bytes:  # noqa: ANN401 - of whatever type the database behind gives
        """Return a value as it is sent."""
        data = None if value is None else self._bytes_of(value)
        if self.length == _MAX:
            return _in_chunks(data)
        if self.name in {"text", "ntext"}:
            return _NULL if data is None else b"\x10" + bytes(24) + struct.pack("<I", len(data)) + data
        if self.name in _CHARACTERS or self.name in _BYTES:
            return b"\xff\xff" if data is None else struct.pack("<H", len(data)) + data
        return _NULL if data is None else bytes([len(data)]) + data

    def _bytes_of(self, value: Any) -> bytes:  # noqa: ANN401 - as above
        if self.name in _BYTES:
            return bytes(value)
        if not self.is_text:
            return self._number_of(value)
        text = str(value)
        if self.name in {"char", "nchar"}:
            text = text.ljust(self.length)
        return text.encode("utf-16-le") if self.name[0] == "n" else text.encode("cp1252", "replace")

    def _number_of(self, value: Any) -> bytes:  # noqa: ANN401 - as above
        name = self.name
        if name in _SIZES_OF_INTEGERS:
            return int(value).to_bytes(_SIZES_OF_INTEGERS[name], "little", signed=name != "tinyint")
        if name in {"decimal", "numeric"}:
            scaled = int(Decimal(value).scaleb(self.scale).to_integral_value())
            return bytes([scaled >= 0]) + abs(scaled).to_bytes(16, "little")
        sent: Callable[[Any], bytes] = _SENT.get(name, self._moment_of)
        return sent(value)

    def _moment_of(self, value: Any) -> bytes:  # noqa: ANN401 - as above
        moment: datetime = value if isinstance(value, datetime) else datetime.combine(_FIRST, value)
        whole = datetime.combine(moment.date(), time())
        ticks: int = (moment.replace(tzinfo=None) - whole) // timedelta(microseconds=1) * 10 // 10 ** (7 - self.scale)
        size = 3 if self.scale <= 2 else 4 if self.scale <= 4 else 5
        clock = ticks.to_bytes(size, "little")
        day = (moment.date() - _FIRST).days.to_bytes(3, "little")
        zone = struct.pack("<h", 0) if self.name == "datetimeoffset" else b""
        return clock if self.name == "time" else clock + day + zone


_CHARACTERS = {"nvarchar": 0xE7, "varchar": 0xA7, "nchar": 0xEF, "char": 0xAF}
_BYTES = {"binary": 0xAD, "timestamp": 0xAD, "varbinary": 0xA5}
_MOMENTS = {"time": 0x29, "datetime2": 0x2A, "datetimeoffset": 0x2B}
_TEXT_INFO = struct.pack("<I", 0x7FFFFFFE) + COLLATION + b"\x01\x00\x00"
_BEHIND = {
    "bit": "smallint",
    "tinyint": "smallint",
    "smallint": "smallint",
    "int": "integer",
    "bigint": "bigint",
    "money": "numeric(19,4)",
    "smallmoney": "numeric(10,4)",
    "float": "double precision",
    "real": "real",
    "datetime": "timestamp(3)",
    "smalldatetime": "timestamp(0)",
    "date": "date",
    "uniqueidentifier": "uuid",
    "text": "text",
    "ntext": "text",
    "image": "bytea",
    "binary": "bytea",
    "varbinary": "bytea",
    "timestamp": "bytea",
}
_INFO = {
    "bit": b"\x68\x01",
    "money": b"\x6e\x08",
    "smallmoney": b"\x6e\x04",
    "float": b"\x6d\x08",
    "real": b"\x6d\x04",
    "datetime": b"\x6f\x08",
    "smalldatetime": b"\x6f\x04",
    "date": b"\x28",
    "uniqueidentifier": b"\x24\x10",
    "text": b"\x23" + _TEXT_INFO,
    "ntext": b"\x63" + _TEXT_INFO,
}


def _sent_money(value: Decimal) -> bytes:
    whole = int(Decimal(value) * 10000)
    return struct.pack("<iI", whole >> 32, whole & 0xFFFFFFFF)


def _sent_datetime(value: datetime) -> bytes:
    since = value - _EPOCH
    # In three hundredths of a second, as the type keeps them.
    return struct.pack("<iI", since.days, round((since - timedelta(days=since.days)).total_seconds() * 300))


def _sent_smalldatetime(value: datetime) -> bytes:
    since = value - _EPOCH
    return struct.pack("<HH", since.days, since.seconds // 60)


_SENT: dict[str, Callable[[Any], bytes]] = {
    "bit": lambda value: bytes([bool(value)]),
    "money": _sent_money,
    "smallmoney": lambda value: struct.pack("<i", int(Decimal(value) * 10000)),
    "float": lambda value: struct.pack("<d", value),
    "real": lambda value: struct.pack("<f", value),
    "datetime": _sent_datetime,
    "smalldatetime": _sent_smalldatetime,
    "date": lambda value: (value - _FIRST).days.to_bytes(3, "little"),
    "uniqueidentifier": lambda value: uuid.UUID(str(value)).bytes_le,
}


def _in_chunks(data: bytes | None) -> bytes:
    if data is None:
        return b"\xff" * 8
    chunk = struct.pack("<I", len(data)) + data if data else b""
    return struct.pack("<Q", len(data)) + chunk + bytes(4)


class Reader:
    """Reads parameters one after another."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self.at = 0

    @property
    def is_at_end(self) -> bool:
        """Whether everything was read."""
        return self.at >= len(self._data)

    def take(self, size: int) -> bytes:
        """Return so many bytes."""
        piece = self._data[self.at : self.at + size]
        assert len(piece) == size, "the request ends too soon"
        self.at += size
        return piece

    def number(self, layout: str) -> int:
        """Return a number of this layout."""
        (value,) = struct.unpack(layout, self.take(struct.calcsize(layout)))
        return int(value)

    def parameter(self) -> tuple[str, Any]:
        """Return the name and the value of a parameter."""
        name = self.take(2 * self.number("<B")).decode("utf-16-le")
        self.take(1)
        return name, self._value(self.number("<B"))

    def _value(self, kind: int) -> Any:  # noqa: ANN401 - of whatever type was sent
        if kind in {0xE7, 0xA7, 0xEF, 0xAF}:
            return self._text(kind)
        if kind in {0xA5, 0xAD}:
            size = self.number("<H")
            return self._chunks() if size == 0xFFFF else self._sized("<H", 0xFFFF)
        if kind in {0x6A, 0x6C}:
            _, _, scale = self.take(3)
            data = self._sized("<B", 0)
            if data is None:
                return None
            return Decimal(int.from_bytes(data[1:], "little") * (1 if data[0] else -1)).scaleb(-scale)
        if kind in {0x29, 0x2A, 0x2B}:
            return self._moment(kind)
        if kind != 0x28:
            self.take(1)
        data = self._sized("<B", 0)
        return None if data is None else _READ[kind](data)

    def _text(self, kind: int) -> str | None:
        size = self.number("<H")
        self.take(5)
        data = self._chunks() if size == 0xFFFF else self._sized("<H", 0xFFFF)
        return None if data is None else data.decode("utf-16-le" if kind in {0xE7, 0xEF} else "cp1252")

    def _moment(self, kind: int) -> Any:  # noqa: ANN401 - a time or a moment
        scale = self.number("<B")
        data = self._sized("<B", 0)
        if data is None:
            return None
        size = 3 if scale <= 2 else 4 if scale <= 4 else 5
        clock = timedelta(microseconds=int.from_bytes(data[:size], "little") * 10 ** (7 - scale) // 10)
        if kind == 0x29:
            return (datetime.combine(_FIRST, time()) + clock).time()
        day = _FIRST + timedelta(days=int.from_bytes(data[size : size + 3], "little"))
        return datetime.combine(day, time()) + clock

    def _sized(self, layout: str, none: int) -> bytes | None:
        size = self.number(layout)
        return None if size == none else self.take(size)

    def _chunks(self) -> bytes | None:
        if self.number("<Q") == 0xFFFFFFFFFFFFFFFF:
            return None
        data = b""
        while size := self.number("<I"):
            data += self.take(size)
        return data


_READ: dict[int, Callable[[bytes], Any]] = {
    0x26: lambda data: int.from_bytes(data, "little", signed=len(data) > 1),
    0x68: lambda data: int(data[0]),
    0x6D: lambda data: struct.unpack("<d" if len(data) == 8 else "<f", data)[0],
    0x28: lambda data: _FIRST + timedelta(days=int.from_bytes(data, "little")),
    0x24: lambda data: uuid.UUID(bytes_le=data),
}


def described(columns: list[tuple[str, SqlType]]) -> bytes:
    """Return the description of rows."""
    data = struct.pack("<BH", 0x81, len(columns))
    for name, kind in columns:
        data += struct.pack("<IH", 0, 0x09) + kind.info + bytes([len(name)]) + name.encode("utf-16-le")
    return data


def row_of(columns: list[tuple[str, SqlType]], values: tuple[Any, ...]) -> bytes:
    """Return one row."""
    return b"\xd1" + b"".join(kind.sent(value) for (_, kind), value in zip(columns, values, strict=True))
