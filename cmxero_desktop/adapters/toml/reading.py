"""Read TOML so that money keeps its digits, and say where a text is no TOML."""

import codecs
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

_AT = re.compile(r"(?P<what>.*) \(at (?P<where>.*)\)", re.DOTALL)


class NoTomlError(ValueError):
    """A text is no TOML: `str()` says what is wrong and where, without a full stop."""


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8, or UTF-16 where a mark at its beginning says so, as Notepad writes it.

    Raises OSError, and UnicodeDecodeError, whose reason names the line.
    """
    content = path.read_bytes()
    try:
        return _decoded(content).replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        error.reason = f"line {line} has a character in another encoding"
        raise


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    nul = content.find(b"\0")
    if nul >= 0:
        # UTF-16 without its mark; a NUL is in no TOML.
        raise UnicodeDecodeError("utf-8", content, nul, nul + 1, "NUL")
    return content.decode("utf-8-sig")


def parsed(text: str) -> dict[str, Any]:
    """Return what the text says, numbers with decimals as Decimal. Raises NoTomlError."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        told = _AT.fullmatch(str(error))
        raise NoTomlError(f"{told['where']}: {told['what']}" if told else str(error)) from None
    except RecursionError:
        raise NoTomlError("its lists or tables are nested too deeply") from None
    except ValueError:
        # Python reads no number of thousands of digits.
        raise NoTomlError("it holds a number that is too long") from None
