"""Read TOML so that money keeps its digits, and say where a text is no TOML."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

_AT = re.compile(r"(?P<what>.*) \(at (?P<where>.*)\)", re.DOTALL)


class NoTomlError(ValueError):
    """A text is no TOML: `str()` says what is wrong and where, without a full stop."""


def read_text(path: Path) -> str:
    """Return a file's text, with or without a mark of its encoding; raises OSError and UnicodeDecodeError."""
    return path.read_text(encoding="utf-8-sig")


def parsed(text: str) -> dict[str, Any]:
    """Return what the text says, numbers with decimals as Decimal. Raises NoTomlError."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        told = _AT.fullmatch(str(error))
        raise NoTomlError(f"{told['where']}: {told['what']}" if told else str(error)) from None
    except RecursionError:
        raise NoTomlError("its lists or tables are nested too deeply") from None
