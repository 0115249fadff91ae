"""Find the line of each key in a TOML text, for sentences about what is wrong where."""

import re

_SECTION = re.compile(r"\s*\[([^\[\]]+)\]")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def line_numbers(text: str) -> dict[tuple[str, ...], int]:
    """Return for each path, such as ("poll", "interval_min"), the line from 1 where it stands first."""
    lines: dict[tuple[str, ...], int] = {}
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _SECTION.match(line):
            section = _path(found[1])
            lines.setdefault(section, number)
        elif found := _KEY.match(line):
            lines.setdefault(section + _path(found[1]), number)
    return lines


def _path(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(text))
